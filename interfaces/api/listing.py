"""The lists, each under its own name: `/api/recognitions`."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import create_model

from application.choosing import codes, filter_in_words, kinds
from application.listing import Listing
from interfaces.api.pole import LINES, InForce, Known, Limit, Offset
from interfaces.questions import LISTINGS
from interfaces.wiring import Product

Pole = Annotated[
    str | None, Query(description="Seulement ce pôle : code, nom, partie du nom ou identifiant.")
]
DEFAULTS = {"limit": LINES, "offset": 0}
"""How many lines are given, and from which on, where it is not said."""


def router(product: Product) -> APIRouter:
    """One route a list."""
    routes = APIRouter(prefix="/api")
    for asked in LISTINGS.values():
        if "route" in asked.own:
            continue
        items: Any = list[asked.line]  # type: ignore[name-defined]  # known only now
        model = create_model(f"{asked.line.__name__}s", items=(items, ...), total=(int, ...))
        routes.add_api_route(
            f"/{asked.resource}",
            _handler(product, asked),
            methods=["GET"],
            name=asked.resource,
            summary=asked.title,
            description=asked.says,
            response_model=model,
            tags=["listes"],
        )
    return routes


def _handler(product: Product, asked: Listing[Any]) -> Callable[..., dict[str, Any]]:
    def handle(
        known: str | None = None,
        in_force: str | None = None,
        **given: Any,
    ) -> dict[str, Any]:
        found = product.excerpt(asked, product.moment(known, in_force), **given)
        return {"items": found.lines, "total": found.total}

    keyword = inspect.Parameter.KEYWORD_ONLY
    given: dict[str, Any] = {"known": Known, "in_force": InForce} | (
        {"pole": Pole} if asked.about_poles else {}
    )
    for name in asked.filters:
        kind: Any = UUID if UUID in kinds(asked, name) else str
        words = filter_in_words(asked, name)
        given[name] = Annotated[
            kind | None, Query(description=words, examples=list(codes(asked, name) or ()))
        ]
    given |= {"limit": Limit, "offset": Offset}
    parameters = [
        inspect.Parameter(name, keyword, annotation=annotation, default=DEFAULTS.get(name))
        for name, annotation in given.items()
    ]
    handle.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return handle
