"""The pages of jobs: those that were asked for, one with how far it has come and what it gave."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, RedirectResponse

from application.command import By
from application.job import Job, JobState
from application.mandate import account_in_words
from domain.errors import JalonError
from interfaces.download import GUARDS
from interfaces.job_kinds import KINDS, JobKind, kind_of
from interfaces.jobs import (
    about,
    ask_again,
    ask_job,
    give_up_job,
    job_file,
    job_of,
    jobs_of,
    oversees,
    titled,
)
from interfaces.web.page import READ, Asked, pages, show
from interfaces.web.visitor import signed_in
from interfaces.wiring import Product

JOBS = "/travaux"

AGAIN = frozenset({JobState.FAILED, JobState.INTERRUPTED, JobState.GIVEN_UP})
"""What is asked for anew is what came to nothing."""


def router(product: Product) -> APIRouter:
    """`/travaux`."""
    routes = pages()

    def one(request: Request, id_: UUID, refusal: str = "") -> Response:
        by = signed_in(request).session.by
        job = job_of(product, id_, by)
        is_mine = job.account == by.actor
        return show(
            request,
            "job/_job.html" if "HX-Request" in request.headers else "job/job.html",
            Asked(fields={}),
            422 if refusal else 200,
            here=f"{JOBS}/{id_}",
            job=told(job),
            may_give_up=job.is_live,
            may_ask_again=is_mine and job.state in AGAIN,
            refusal=refusal,
        )

    @routes.api_route(JOBS, methods=READ)
    def jobs(request: Request) -> Response:
        """Show one's jobs, or those of everybody to who keeps the register."""
        by = signed_in(request).session.by
        return show(
            request,
            "job/jobs.html",
            Asked(fields={}),
            here=JOBS,
            jobs=[told(job) for job in jobs_of(product, by)],
            of_all=oversees(product, by),
            kinds=_asked_here(by),
        )

    @routes.post(JOBS)
    async def asked(request: Request) -> Response:
        """Ask for a job; what of it cannot be is said."""
        form = await request.form()
        said = {name: str(value) for name, value in form.items() if value}
        by = signed_in(request).session.by
        kind = kind_of(said.get("kind", ""))
        inputs = {name: said[name] for name in kind.inputs.model_fields if name in said}
        id_ = await run_in_threadpool(ask_job, product, kind.name, by, inputs)
        return RedirectResponse(f"{JOBS}/{id_}", 303)

    @routes.api_route(f"{JOBS}/{{job}}", methods=READ)
    def job(request: Request, job: UUID) -> Response:
        """Show a job: how far it has come, what it gave."""
        return one(request, job)

    @routes.api_route(f"{JOBS}/{{job}}/fichier", methods=READ)
    def file(request: Request, job: UUID) -> Response:
        """Give the file that came of a job."""
        found, path = job_file(product, job, signed_in(request).session.by)
        media = found.result.media if found.result else None
        name = f"{path.stem}-{str(job)[:8]}{path.suffix}"
        return FileResponse(path, media_type=media, filename=name, headers=GUARDS)

    @routes.post(f"{JOBS}/{{job}}/abandonner")
    def give_up(request: Request, job: UUID) -> Response:
        """Want a job no more."""
        try:
            give_up_job(product, job, signed_in(request).session.by)
        except JalonError as refused:
            return one(request, job, str(refused))
        return RedirectResponse(f"{JOBS}/{job}", 303)

    @routes.post(f"{JOBS}/{{job}}/refaire")
    def again(request: Request, job: UUID) -> Response:
        """Ask anew for what came to nothing."""
        try:
            id_ = ask_again(product, job, signed_in(request).session.by)
        except JalonError as refused:
            return one(request, job, str(refused))
        return RedirectResponse(f"{JOBS}/{id_}", 303)

    return routes


def _asked_here(by: By) -> list[JobKind]:
    """The kinds that somebody may ask for with nothing but a few words."""
    return [
        kind
        for kind in KINDS.values()
        if by.role in kind.by
        and not kind.wants_file
        and all(field.title for field in kind.inputs.model_fields.values())
    ]


def told(job: Job) -> dict[str, Any]:
    """A job as its pages show it."""
    return {
        "job": job,
        "title": titled(job),
        "about": about(job),
        "url": f"{JOBS}/{job.id}",
        "account": account_in_words(job.account),
    }
