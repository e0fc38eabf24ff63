"""One route a command, derived from its class: `POST /api/commands/{name}`."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Header, Query, Request
from fastapi.security import HTTPBearer
from pydantic import BaseModel, Field

from application.catalogue import COMMANDS
from application.command import Command
from application.rehearsal import Foreseen
from application.unit import Outcome
from application.wording import doubts_about
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.wiring import Product

PROBLEMS: dict[int | str, dict[str, Any]] = {
    code: {"description": words, "content": {"application/problem+json": {}}}
    for code, words in {
        400: "La demande est mal formée",
        403: "Le jeton manque, ou ne permet pas cet acte",
        404: "Ce dont il s'agit n'est pas au registre",
        409: "Quelqu'un d'autre a modifié la même chose",
        422: "Une règle s'y oppose",
        503: "Le registre ne peut pas servir",
    }.items()
}


class ItemAnswer(BaseModel):
    """What became of one pole among many."""

    pole: UUID
    result: Literal["done", "refused", "unchanged"]
    id: UUID | None = None
    code: str | None = None
    detail: str | None = None
    events: list[str] = []
    foreseen: list[Foreseen] | None = None


class Answer(BaseModel):
    """What a command did: the identity it made or changed, and where it stands in the journal.

    A rehearsal also tells the events, in words and whole; an act on many poles, each outcome.
    `doubts` are what was recorded though nobody could check it, in French.
    """

    id: str
    position: int
    events: list[str]
    repeated: bool
    doubts: list[str] | None = None
    foreseen: list[Foreseen] | None = None
    outcomes: list[ItemAnswer] | None = None


class CommandHeaders(BaseModel):
    """The headers of a command, read once for all two hundred of them."""

    idempotency_key: str | None = Field(
        None,
        title="Idempotency-Key",
        description="Nomme la demande pendant 30 jours : répétée, elle n'a pas d'effet.",
    )
    jalon_role: Role | None = Field(
        None, description="Le rôle dans lequel on agit ; le premier du jeton, sauf mention."
    )
    jalon_mandate: UUID | None = Field(
        None,
        title="Jalon-Mandate",
        description="Le mandat sous lequel il agit, s'il agit pour un autre.",
    )


def router(_: Product) -> APIRouter:
    """The routes of every command."""
    return _routes()


@cache
def _routes() -> APIRouter:
    """Two hundred routes, made once: they serve the registry of the application asked."""
    routes = APIRouter(prefix="/api/commands", tags=["commandes"], responses=PROBLEMS)
    for name, command in sorted(COMMANDS.items()):
        if command.model_config.get("defer_build"):
            # FastAPI reads a class whole, and warns of one whose making waits for its first use.
            command.model_config["defer_build"] = False
            command.model_rebuild(force=True)
        routes.add_api_route(
            f"/{name}",
            _handler(command),
            methods=["POST"],
            name=name,
            operation_id=name.replace(".", "_"),
            summary=command.SAYS,
            description=command.__doc__,
            response_model=Answer,
            response_model_exclude_none=True,
            dependencies=[Depends(HTTPBearer(auto_error=False))],
        )
    return routes


def _item(product: Product, item: Outcome, language: str, *, dry_run: bool) -> ItemAnswer:
    return ItemAnswer(
        pole=item.subject,
        result=item.result,
        id=item.answer,
        code=item.refusal.code if item.refusal else None,
        detail=item.refusal.say(language) if item.refusal else None,
        events=[event.TOPIC for event in item.events],
        foreseen=product.foreseen(item.events) if dry_run else None,
    )


def _handler(cls: type[Command]) -> Callable[..., Answer]:
    def handle(
        command: Any,
        request: Request,
        asked: Annotated[CommandHeaders, Header()],
        dry_run: Annotated[
            bool, Query(description="Dire ce qui serait enregistré, et ne rien écrire.")
        ] = False,
    ) -> Answer:
        product: Product = request.app.state.product
        mandate = MandateId(asked.jalon_mandate) if asked.jalon_mandate else None
        given = request.headers.get("authorization")
        by = product.signed_in(given, asked.jalon_role, mandate, acts=True)
        done = product.do(command, by, key=asked.idempotency_key, dry_run=dry_run)
        spoken = request.headers.get("accept-language", "fr").lower()
        language = "en" if spoken.startswith("en") else "fr"
        outcomes = [_item(product, item, language, dry_run=dry_run) for item in done.outcomes]
        return Answer(
            id=str(done.answer),
            position=done.position,
            events=[event.TOPIC for event in done.events],
            repeated=done.repeated,
            doubts=doubts_about(done.events) or None,
            foreseen=product.foreseen(done.events) if dry_run and not outcomes else None,
            outcomes=outcomes or None,
        )

    handle.__annotations__["command"] = Annotated[cls, Body()]
    return handle
