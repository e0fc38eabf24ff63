"""One route a command, derived from its class: `POST /api/commands/{name}`."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query
from fastapi.security import HTTPBearer
from pydantic import BaseModel

from application.catalogue import COMMANDS
from application.command import Command
from domain.kernel import Role
from interfaces.wiring import Product

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"application/problem+json": {}}}
    for code, words in {
        400: "La demande est mal formée",
        403: "Le jeton de l'opérateur manque",
        404: "Ce dont il s'agit n'est pas au registre",
        409: "Quelqu'un d'autre a modifié la même chose",
        422: "Une règle s'y oppose",
        503: "Le registre ne peut pas servir",
    }.items()
}


class Answer(BaseModel):
    """What a command did: the identity it made or changed, and where it stands in the journal."""

    id: str
    position: int
    events: list[str]
    repeated: bool


def router(product: Product) -> APIRouter:
    """The routes of every command."""
    routes = APIRouter(prefix="/api/commands", tags=["commandes"], responses=PROBLEMS)
    for name, command in sorted(COMMANDS.items()):
        routes.add_api_route(
            f"/{name}",
            _handler(product, command),
            methods=["POST"],
            name=name,
            operation_id=name.replace(".", "_"),
            summary=command.SAYS,
            description=command.__doc__,
            response_model=Answer,
            dependencies=[Depends(HTTPBearer(auto_error=False))],
        )
    return routes


def _handler(product: Product, cls: type[Command]) -> Callable[..., Answer]:
    def handle(
        command: Any,
        authorization: Annotated[str | None, Header(include_in_schema=False)] = None,
        idempotency_key: Annotated[
            str | None,
            Header(
                description="Nomme la demande pendant 30 jours : répétée, elle n'a pas d'effet."
            ),
        ] = None,
        jalon_role: Annotated[
            Role, Header(description="Le rôle dans lequel l'opérateur agit.")
        ] = Role.REGISTRAR,
        dry_run: Annotated[
            bool, Query(description="Dire ce qui serait enregistré, et ne rien écrire.")
        ] = False,
    ) -> Answer:
        by = product.signed_in(authorization, jalon_role)
        done = product.do(command, by, key=idempotency_key, dry_run=dry_run)
        return Answer(
            id=str(done.answer),
            position=done.position,
            events=[event.TOPIC for event in done.events],
            repeated=done.repeated,
        )

    handle.__annotations__["command"] = Annotated[cls, Body()]
    return handle
