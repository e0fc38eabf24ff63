"""The pages of the rules: the published versions of journeys, each drawn and in words."""

from collections.abc import Hashable
from functools import partial

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from application.drawing import FORMATS, MEDIA, Format, PathSheet, draw
from application.world import Moment
from domain.journey import Journey
from interfaces.web.page import GUARDS, READ, ask, pages, show
from interfaces.wiring import Product

JOURNEYS = "/parcours"


def image(journey: Journey, path: PathSheet | None = None, *, prefix: str = "parcours") -> Markup:
    """A journey as an image inside a page; every text in it was escaped when it was drawn."""
    return Markup(draw(journey, Format.SVG, path, prefix=prefix))  # noqa: S704  # escaped above


def images(
    product: Product, pole: str, others: list[str], moment: Moment
) -> list[tuple[PathSheet, Markup]]:
    """The path of a pole along each journey it follows, in words and drawn; the main one first."""
    paths = [product.path(pole, moment)]
    paths += [product.path(pole, moment, ref.partition("@")[0]) for ref in others]
    return [
        (path, drawn(product, (pole, number), path, moment, prefix=f"parcours-{number}"))
        for number, path in enumerate(paths, 1)
    ]


def drawn(
    product: Product, key: Hashable, path: PathSheet, moment: Moment, *, prefix: str = "parcours"
) -> Markup:
    """A path as an image inside a page, which is at hand if it was drawn before.

    Args:
        key: whose path it is.
    """
    drawing = partial(image, product.rules(path.journey, moment), path, prefix=prefix)
    return product.asked(("drawn", key, repr(path)), moment, lambda _: drawing())


def file(journey: Journey, form: Format, path: PathSheet | None = None, name: str = "") -> Response:
    """A drawing to be kept, under a name that says what it is."""
    media, ending = MEDIA[form]
    named = f"{name or journey.ref}.{ending}"
    return Response(
        draw(journey, form, path),
        media_type=f"{media}; charset=utf-8",
        headers={**GUARDS, "Content-Disposition": f'attachment; filename="{named}"'},
    )


def router(product: Product) -> APIRouter:
    """The pages under `/parcours`, and the drawings of poles."""
    routes = pages()

    @routes.api_route(JOURNEYS, methods=READ)
    def versions(request: Request) -> Response:
        """List the published versions."""
        moment, asked = ask(product, request)
        lines = product.rules_list(moment)
        return show(request, "journey/versions.html", asked, here=JOURNEYS, lines=lines)

    @routes.api_route(f"{JOURNEYS}/{{ref}}", methods=READ)
    def version(request: Request, ref: str) -> Response:
        """Show a version: its drawing, its stages, its transitions with their rules."""
        moment, asked = ask(product, request)
        sheet = product.rules_sheet(ref, moment)
        return show(
            request,
            "journey/version.html",
            asked,
            here=f"{JOURNEYS}/{ref}",
            sheet=sheet,
            drawing=image(product.rules(ref, moment)),
            formats=FORMATS,
        )

    @routes.api_route(f"{JOURNEYS}/{{ref}}/dessin/{{form}}", methods=READ)
    def drawing(request: Request, ref: str, form: Format) -> Response:
        """Give a version in a format."""
        moment, _ = ask(product, request)
        return file(product.rules(ref, moment), form)

    @routes.api_route("/poles/{pole}/dessin/{form}", methods=READ)
    def path(request: Request, pole: str, form: Format) -> Response:
        """Give the path of a pole in a format."""
        moment, _ = ask(product, request)
        code = product.sheet(pole, moment).code
        found = product.path(code, moment)
        return file(product.rules(found.journey, moment), form, found, name=code)

    return routes
