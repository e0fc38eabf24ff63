"""`jalon job …`: long work that was asked for, and what came of it."""

import os
from typing import Annotated
from uuid import UUID

import typer

from application.job import Job, JobState
from application.mandate import account_in_words
from application.wording import instant_in_words
from domain.roles import Role
from interfaces.cli.groups import group_of
from interfaces.cli.options import Json
from interfaces.cli.output import plural, show_facts, show_json, show_table
from interfaces.cli.world import world
from interfaces.jobs import about, job_of, jobs_of, run_job, titled

Which = Annotated[UUID, typer.Argument(metavar="TRAVAIL", help="Son identifiant.")]


def add_to(app: typer.Typer) -> None:
    group = group_of(app, "job")
    group.command("list")(list_jobs)
    group.command("show")(show)
    group.command("run")(run)


def list_jobs(context: typer.Context, as_json: Json = False) -> None:
    """Lister les travaux demandés, le dernier d'abord : où ils en sont."""
    here = world(context)
    found = jobs_of(here.product, here.by(Role.REGISTRAR))
    if as_json:
        show_json(found)
        return
    if found:
        show_table(
            ("TRAVAIL", "DEMANDÉ", "PAR", "QUOI", "ÉTAT"),
            [
                (
                    str(job.id),
                    instant_in_words(job.asked_at),
                    account_in_words(job.account),
                    f"{titled(job)} : {about(job)}",
                    _state(job),
                )
                for job in found
            ],
        )
    typer.echo(f"{plural(len(found), 'travail', 'travaux')}.")


def show(context: typer.Context, job: Which, as_json: Json = False) -> None:
    """Montrer un travail : où il en est, ce qu'il a donné."""
    here = world(context)
    found = job_of(here.product, job, here.by(Role.REGISTRAR))
    if as_json:
        show_json(found)
    else:
        _tell(found)


def run(context: typer.Context, job: Which) -> None:
    """Faire un travail qui attend, dans ce processus, au nom de qui l'a demandé.

    Un serveur les commence de lui-même. Codes de sortie : 0 fini ; 1 échoué, et pourquoi ;
    3 ce qui fut vérifié ne tient pas ; 5 il n'attend plus.
    """
    done = run_job(world(context).product, job, unwanted=lambda: os._exit(1))
    _tell(done)
    if done.state is not JobState.DONE:
        raise typer.Exit(1)
    if done.result and not done.result.holds:
        raise typer.Exit(3)


def _state(job: Job) -> str:
    far = f", {job.percent} %" if job.is_live and job.percent is not None else ""
    return f"{job.state_words}{far}"


def _tell(job: Job) -> None:
    typer.echo(f"{titled(job)} : {about(job)}")
    ended = instant_in_words(job.ended_at) if job.ended_at else None
    show_facts(
        [
            ("état", _state(job)),
            ("demandé", instant_in_words(job.asked_at)),
            ("fini", ended),
            ("dit", job.doing),
        ]
    )
    for name, said in job.result.says if job.result else ():
        typer.echo(f"  {name} : {said}")
