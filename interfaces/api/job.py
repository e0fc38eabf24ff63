"""Jobs over HTTP: asked for, followed, given up, and the file that came of each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse
from fastapi.security import HTTPBearer
from pydantic import BaseModel, ConfigDict, Field

from application.command import By
from application.job import Job
from domain.provenance import MandateId
from domain.roles import Role
from interfaces.api.reading import Acting, Mandate, Token
from interfaces.download import GUARDS
from interfaces.job_kinds import KINDS
from interfaces.jobs import ask_job, give_up_job, job_file, job_of, jobs_of
from interfaces.wiring import Product


class JobWanted(BaseModel):
    """A job that is asked for."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(description=f"Au choix : {', '.join(KINDS)}.")]
    inputs: dict[str, Any] = {}


class JobList(BaseModel):
    items: list[Job]
    total: int


def router(product: Product) -> APIRouter:
    """The routes under `/api/jobs`."""
    routes = APIRouter(
        prefix="/api/jobs", tags=["travaux"], dependencies=[Depends(HTTPBearer(auto_error=False))]
    )

    def signed_in(
        authorization: Token = None,
        jalon_role: Acting = Role.REGISTRAR,
        jalon_mandate: Mandate = None,
    ) -> By:
        mandate = MandateId(jalon_mandate) if jalon_mandate else None
        return product.signed_in(authorization, jalon_role, mandate)

    Signed = Annotated[By, Depends(signed_in)]  # noqa: N806  # a type

    @routes.get("", summary="Les travaux demandés")
    def jobs(by: Signed) -> JobList:
        """One's own, the last one first; those of everybody, for who keeps the register."""
        found = jobs_of(product, by)
        return JobList(items=found, total=len(found))

    @routes.post("", summary="Demander un travail", status_code=202)
    def ask(wanted: JobWanted, by: Signed) -> Job:
        """The same request, while the first one is still alive, gives the same job."""
        return job_of(product, ask_job(product, wanted.kind, by, wanted.inputs), by)

    @routes.get("/{job}", summary="Un travail, où il en est, ce qu'il a donné")
    def job(job: UUID, by: Signed) -> Job:
        return job_of(product, job, by)

    @routes.delete("/{job}", summary="Abandonner un travail")
    def give_up(job: UUID, by: Signed) -> Job:
        give_up_job(product, job, by)
        return job_of(product, job, by)

    @routes.get(
        "/{job}/file",
        summary="Le fichier qu'un travail a donné",
        response_class=Response,
        responses={200: {"content": {"application/octet-stream": {}}}},
    )
    def file(job: UUID, by: Signed) -> Response:
        found, path = job_file(product, job, by)
        media = found.result.media if found.result else None
        return FileResponse(path, media_type=media, filename=path.name, headers=GUARDS)

    return routes
