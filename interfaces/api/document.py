"""Documents over HTTP: their bytes in, their bytes out, and what is known of each."""

import asyncio
from datetime import date
from functools import partial
from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.concurrency import run_in_threadpool

from application.command import By
from application.document import FileDocument
from application.document_list import DocumentSheet, remarks
from application.rehearsal import Foreseen
from application.sentences import of_validation
from domain.filing import DocumentChannel, DocumentKind
from domain.media import plain_name
from domain.provenance import Confidence, MandateId
from domain.retention import Retention
from domain.roles import Role
from interfaces.api.command import PROBLEMS
from interfaces.api.pole import InForce, Known
from interfaces.download import handed_over
from interfaces.wiring import Product

PATH = "/api/documents"

AT_ONCE = 4
"""Bodies that are read at the same time: each is held in memory until it is encrypted."""

Bearer = Depends(HTTPBearer(auto_error=False))
Authorization = Annotated[str | None, Header(include_in_schema=False)]
Acting = Annotated[Role, Header(description="Le rôle dans lequel l'opérateur agit.")]
Mandate = Annotated[
    UUID | None, Header(description="Le mandat sous lequel il agit, s'il agit pour un autre.")
]

BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Filed(BaseModel):
    """What became of the bytes: filed, or there already."""

    id: str
    position: int
    events: list[str]
    repeated: bool
    present: bool = Field(description="Ces octets étaient déjà versés : rien n'est enregistré.")
    remarks: list[str]
    foreseen: list[Foreseen] | None = None


class About(BaseModel):
    """What is said of the document that is sent."""

    model_config = ConfigDict(extra="forbid")

    kind: DocumentKind
    pole: str | None = Field(None, description="Code, nom ou identifiant du pôle.")
    title: str | None = None
    channel: DocumentChannel = DocumentChannel.UPLOAD
    sent_on: str | None = None
    received_on: str | None = None
    retention: Retention | None = None
    expires: date | None = None
    valid_to: date | None = None
    as_evidence: bool = False
    occurred_on: str | None = None
    ground: str | None = None
    source: str | None = None
    confidence: Confidence | None = None
    reason: str | None = None
    dry_run: bool = Field(False, description="Dire ce qui serait enregistré, et ne rien écrire.")


def router(product: Product) -> APIRouter:
    """The routes under `/api/documents`, beside the list."""
    routes = APIRouter(prefix=PATH, tags=["documents"], responses=PROBLEMS)
    at_once = asyncio.Semaphore(AT_ONCE)

    @routes.post(
        "",
        summary=FileDocument.SAYS,
        operation_id="file_document",
        dependencies=[Bearer],
        openapi_extra=BODY,
    )
    async def file(
        request: Request,
        about: Annotated[About, Query()],
        authorization: Authorization = None,
        idempotency_key: Annotated[str | None, Header()] = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
        jalon_file_name: Annotated[
            str | None, Header(description="Nom du fichier, en UTF-8 et « pour cent » (scellé).")
        ] = None,
    ) -> Filed:
        """The body is the bytes of the file, whatever its Content-Type says: they are looked at.

        A name may be of a person, and addresses are written to logs: it travels in a header.
        """
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        signed_in = partial(product.signed_in, acts=True)
        by = await run_in_threadpool(signed_in, authorization, jalon_role, mandate)
        name = plain_name(unquote(jalon_file_name)) if jalon_file_name else None
        async with at_once:
            data = await _body(product, request)
            return await run_in_threadpool(_file, product, data, about, name, by, idempotency_key)

    @routes.get("/{document}", summary="Un document, sans son contenu")
    def sheet(document: UUID, known: Known = None, in_force: InForce = None) -> DocumentSheet:
        return product.document(document, product.moment(known, in_force))

    @routes.get(
        "/{document}/content",
        summary="Le contenu d'un document ; cette lecture est notée",
        response_class=Response,
        dependencies=[Bearer],
    )
    def content(
        document: UUID,
        authorization: Authorization = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
    ) -> Response:
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        found = product.documents.fetch(
            document, product.signed_in(authorization, jalon_role, mandate)
        )
        return handed_over(document, found)

    return routes


async def _body(product: Product, request: Request) -> bytes:
    """The bytes that are sent; as soon as they are too many, no more are read."""
    announced = request.headers.get("content-length", "")
    product.documents.check_size(int(announced) if announced.isdecimal() else 0)
    chunks, size = list[bytes](), 0
    async for chunk in request.stream():
        size += len(chunk)
        product.documents.check_size(size)
        chunks.append(chunk)
    return b"".join(chunks)


def _file(
    product: Product, data: bytes, about: About, name: str | None, by: By, key: str | None
) -> Filed:
    fields = about.model_dump(exclude_none=True, exclude={"dry_run"})
    if about.pole is not None:
        fields["pole"] = product.find(about.pole)
    try:
        command = FileDocument.model_validate({**fields, "content": data, "file_name": name})
    except ValidationError as error:
        raise of_validation(error) from None
    done = product.do(command, by, key=key, dry_run=about.dry_run)
    return Filed(
        id=str(done.answer),
        position=done.position,
        events=[event.TOPIC for event in done.events],
        repeated=done.repeated,
        present=not done.events and not done.repeated,
        remarks=remarks(name, done.events),
        foreseen=product.foreseen(done.events) if about.dry_run else None,
    )
