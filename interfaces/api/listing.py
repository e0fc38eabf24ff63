"""The lists, each under its own name: `/api/recognitions`."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Query
from pydantic import create_model

from application.listing import Listing
from domain.dates import PartialDate
from interfaces.api.pole import InForce, Known
from interfaces.questions import LISTINGS
from interfaces.wiring import Product

Pole = Annotated[
    str | None, Query(description="Seulement ce pôle : code, nom, partie du nom ou identifiant.")
]


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
        pole: str | None = None,
        **equal: Any,
    ) -> dict[str, Any]:
        lines = product.listed(asked, product.moment(known, in_force), pole=pole, **equal)
        return {"items": lines, "total": len(lines)}

    keyword = inspect.Parameter.KEYWORD_ONLY
    given: dict[str, Any] = {"known": Known, "in_force": InForce} | (
        {"pole": Pole} if asked.about_poles else {}
    )
    for name in asked.filters:
        kind: Any = asked.line.model_fields[name].annotation
        if PartialDate in (kind, *get_args(kind)):
            kind = str
        words = f"Seulement : {asked.heading(name).lower()}."
        given[name] = Annotated[kind | None, Query(description=words)]
    parameters = [
        inspect.Parameter(name, keyword, annotation=annotation, default=None)
        for name, annotation in given.items()
    ]
    handle.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    return handle
