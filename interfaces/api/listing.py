"""The lists, each under its own name: `/api/recognitions`."""

from collections.abc import Callable
from functools import cache
from types import GenericAlias
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field, create_model

from application.choosing import codes, filter_in_words, kinds
from application.listing import Listing
from interfaces.api.pole import LINES, InForce, Known, Limit, Offset
from interfaces.api.reading import Acting, Token
from interfaces.questions import LISTINGS, RESERVED
from interfaces.wiring import Product

Pole = Annotated[
    str | None, Query(description="Seulement ce pôle : code, nom, partie du nom ou identifiant.")
]


def router(_: Product) -> APIRouter:
    """One route a list."""
    return _routes()


@cache
def _routes() -> APIRouter:
    """These routes, made once: they serve the registry of the application asked."""
    routes = APIRouter(prefix="/api")
    for asked in (*LISTINGS.values(), *RESERVED.values()):
        if "route" in asked.own:
            continue
        routes.add_api_route(
            f"/{asked.resource}",
            _reserved(asked) if asked.readers else _handler(asked),
            dependencies=[Depends(HTTPBearer(auto_error=False))] if asked.readers else None,
            methods=["GET"],
            name=asked.resource,
            summary=asked.title,
            description=asked.says,
            response_model=_answer(asked),
            tags=["listes"],
        )
    return routes


def _handler(asked: Listing[Any]) -> Callable[..., dict[str, Any]]:
    def handle(query: Any, request: Request) -> dict[str, Any]:
        product: Product = request.app.state.product
        given = dict(query)
        moment = product.moment(given.pop("known"), given.pop("in_force"))
        found = product.excerpt(asked, moment, **given)
        return {"items": found.lines, "total": found.total}

    handle.__annotations__["query"] = Annotated[_query(asked), Query()]
    return handle


def _reserved(asked: Listing[Any]) -> Callable[..., dict[str, Any]]:
    def handle(
        query: Any,
        request: Request,
        authorization: Token = None,
        jalon_role: Acting = asked.readers[0],
    ) -> dict[str, Any]:
        product: Product = request.app.state.product
        by = product.signed_in(authorization, jalon_role)
        given = dict(query)
        moment = product.moment(given.pop("known"), given.pop("in_force"))
        found = product.reserved(asked, moment, by, **given)
        return {"items": found.lines, "total": found.total}

    handle.__annotations__["query"] = Annotated[_query(asked), Query()]
    return handle


def _answer(asked: Listing[Any]) -> type[BaseModel]:
    items: Any = GenericAlias(list, (asked.line,))
    return create_model(f"{asked.line.__name__}s", items=(items, ...), total=(int, ...))


def _query(asked: Listing[Any]) -> type[BaseModel]:
    """What stands behind the address of a list: the dates, what chooses lines, how many."""
    given: dict[str, Any] = {"known": (Known, None), "in_force": (InForce, None)}
    if asked.about_poles:
        given["pole"] = (Pole, None)
    for name in asked.filters:
        kind: Any = UUID if UUID in kinds(asked, name) else str
        words = filter_in_words(asked, name)
        field = Field(None, description=words, examples=list(codes(asked, name) or ()))
        given[name] = (kind | None, field)
    given |= {"limit": (Limit, LINES), "offset": (Offset, 0)}
    return create_model(f"{asked.line.__name__}Asked", **given)
