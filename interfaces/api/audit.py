"""The questions of auditors over HTTP, as JSON or CSV; with the operator's token."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from application.audit_answer import AuditAnswer
from application.audit_ask import QUESTIONS
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.api.reading import Acting, Mandate, Token
from interfaces.wiring import Product

PUBLISHED = "/api/audit/donnees-ouvertes"
LARGEST_PUBLISHED = 20_000_000
"""Bytes of a published file; what is larger is no file of grants."""


class AskedQuestion(BaseModel):
    """A question that can be asked, and what it can be limited to."""

    name: str
    title: str
    columns: tuple[str, ...]
    limits: tuple[str, ...]
    wants_file: bool


class AskedQuestions(BaseModel):
    items: list[AskedQuestion]
    total: int


class AskedOf(BaseModel):
    """What a question is limited to, and the two dates."""

    model_config = ConfigDict(extra="forbid")

    pole: str | None = Field(None, description="Code, nom, partie du nom ou identifiant.")
    call: str | None = Field(None, description="Code ou identifiant.")
    dossier: str | None = Field(None, description="Code ou identifiant.")
    commitment: str | None = Field(None, description="Code ou identifiant.")
    funder: str | None = Field(None, description="Nom, SIREN ou SIRET.")
    region: str | None = None
    known: str | None = Field(None, description="Ce que le registre savait ce jour-là.")
    in_force: str | None = Field(None, description="Ce qui était en vigueur ce jour-là.")


Of = Annotated[AskedOf, Query()]


def router(product: Product) -> APIRouter:
    """The routes under `/api/audit`."""
    routes = APIRouter(
        prefix="/api/audit", tags=["audit"], dependencies=[Depends(HTTPBearer(auto_error=False))]
    )

    def answer(
        question: str,
        of: AskedOf,
        signed: tuple[str | None, Role, MandateId | None],
        published: bytes | None = None,
    ) -> AuditAnswer:
        limits = of.model_dump(exclude={"known", "in_force"})
        by, moment = product.signed_in(*signed), product.moment(of.known, of.in_force)
        return product.audit(question, moment, by, published=published, **limits)

    @routes.get("", summary="Les questions d'audit")
    def questions() -> AskedQuestions:
        known = [
            AskedQuestion.model_validate(question, from_attributes=True)
            for question in QUESTIONS.values()
        ]
        return AskedQuestions(items=known, total=len(known))

    @routes.get(
        "/{question}.csv",
        summary="La réponse à une question d'audit, pour un tableur",
        response_class=Response,
        responses={200: {"content": {"text/csv": {}}}},
    )
    def lines(
        question: str,
        of: Of,
        authorization: Token = None,
        jalon_role: Acting = Role.AUDITOR,
        jalon_mandate: Mandate = None,
    ) -> Response:
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        found = answer(question, of, (authorization, jalon_role, mandate))
        headers = {"Content-Disposition": f'attachment; filename="{found.question}.csv"'}
        return Response(found.csv, media_type="text/csv; charset=utf-8", headers=headers)

    @routes.get("/{question}", summary="La réponse à une question d'audit")
    def ask(
        question: str,
        of: Of,
        authorization: Token = None,
        jalon_role: Acting = Role.AUDITOR,
        jalon_mandate: Mandate = None,
    ) -> AuditAnswer:
        """In the role of an auditor; that the review of dossiers was read is noted."""
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        return answer(question, of, (authorization, jalon_role, mandate))

    @routes.post(
        "/donnees-ouvertes",
        summary="Comparer au journal un fichier de données ouvertes ; rien n'est enregistré",
        openapi_extra={
            "requestBody": {"required": True, "content": {"text/csv": {"schema": {}}}},
        },
    )
    async def compare(
        request: Request,
        of: Of,
        authorization: Token = None,
        jalon_role: Acting = Role.AUDITOR,
        jalon_mandate: Mandate = None,
    ) -> AuditAnswer:
        """The body is the published file."""
        published = await request.body()
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        signed = (authorization, jalon_role, mandate)
        return await run_in_threadpool(answer, "donnees-ouvertes", of, signed, published)

    return routes
