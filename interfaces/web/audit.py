"""The pages of auditors: events one by one, the integrity of the log, who read what."""

import re
from datetime import datetime, time, timedelta

from fastapi import APIRouter, Request, Response

from application.event_search import EventsAsked
from application.job import Job, JobState
from application.kind_of_event import KINDS_OF_EVENT
from application.log import KEY_STANDINGS
from application.witness import WITNESS_STATES
from application.wording import ROLES
from domain.dates import PARIS, as_iso
from domain.errors import Invalid
from domain.roles import Role
from domain.spelling import plain
from interfaces.moments import parse_day
from interfaces.web.filters import Text
from interfaces.web.listing import page_of
from interfaces.web.page import GUARDS, READ, Asked, pages, show
from interfaces.web.visitor import signed_in, visitor
from interfaces.wiring import Product

EVENTS, INTEGRITY, READINGS = "/audit/evenements", "/audit/integrite", "/audit/lectures"
EACH = 50
"""Readings of a page."""


class NotAnEventIdentity(Invalid):
    """What somebody looks for by an identity is one, or the beginning of one."""

    code = "audit.identity"
    fr = "« {text} » n'est pas un identifiant, ni le début d'un : des chiffres, a à f, des tirets."
    en = "“{text}” is no identity, nor the beginning of one: digits, a to f, hyphens."


def router(product: Product) -> APIRouter:
    """`/audit/…`."""
    routes = pages()

    @routes.api_route(EVENTS, methods=READ)
    def events(
        request: Request,
        sorte: Text = "",
        sauf: Text = "",
        compte: Text = "",
        role: Text = "",
        pole: Text = "",
        commande: Text = "",
        du: Text = "",
        au: Text = "",
        avant: int | None = None,
    ) -> Response:
        """Show the events that are looked for, the last first; that they were read is noted."""
        by = signed_in(request).session.by
        wanted = EventsAsked(
            sorte, sauf, _identity(compte), _identity(commande), role if role in set(Role) else ""
        )
        between = (_begins(du, 0), _begins(au, 1))
        found = product.events(by, wanted, pole=pole, before=avant, between=between)
        kept = {"sorte": sorte, "sauf": sauf, "compte": compte, "role": role, "pole": pole}
        kept |= {"commande": commande, "du": as_iso(du), "au": as_iso(au)}
        return show(
            request,
            "audit/events.html",
            Asked(fields={}),
            here=EVENTS,
            found=found,
            kept={name: said for name, said in kept.items() if said},
            said=kept,
            kinds=sorted(KINDS_OF_EVENT.items(), key=lambda kind: plain(kind[1])),
        )

    @routes.api_route(f"{EVENTS}/{{number}}", methods=READ)
    def event(request: Request, number: int) -> Response:
        """Show one event: what is stored, what led to it, what came of it, how to prove it."""
        found = product.event(signed_in(request).session.by, number)
        return show(
            request,
            "audit/event.html",
            Asked(fields={}),
            here=f"{EVENTS}/{number}",
            sheet=found,
            size=product.journal.size(),
        )

    @routes.api_route(f"{EVENTS}/{{number}}/preuve", methods=READ)
    def proof(request: Request, number: int) -> Response:
        """Give the proof that an event is in the log, to be checked elsewhere (C2SP)."""
        found = product.event(signed_in(request).session.by, number)
        told = str(product.log.proof_at(found.raw.index))
        disposition = f'attachment; filename="evenement-{number}.tlog-proof"'
        headers = {**GUARDS, "Content-Disposition": disposition}
        return Response(told, media_type="text/plain; charset=utf-8", headers=headers)

    @routes.api_route(INTEGRITY, methods=READ)
    def integrity(request: Request) -> Response:
        """Show what the log comes to, who signed it, who saw it, and when it was verified."""
        by = visitor(request).by
        signed = product.log.signer.latest()
        return show(
            request,
            "audit/integrity.html",
            Asked(fields={}),
            here=INTEGRITY,
            size=product.journal.size(),
            root=product.journal.root().hex(),
            note=str(signed) if signed else "",
            checkpoint=signed and signed.text.splitlines()[:3],
            keys=product.log.keys() if signed else [],
            standings=KEY_STANDINGS,
            witnesses=product.log.witnesses.seen(),
            states=WITNESS_STATES,
            stamps=[day for day, _, _ in product.log.stamps()],
            restorations=product.restorations(),
            verified=_last_verified(product.jobs.lines()),
            audits=by is not None and by.role in (Role.AUDITOR, Role.REGISTRAR, Role.ADMINISTRATOR),
        )

    @routes.api_route(READINGS, methods=READ)
    def readings(request: Request, page: Text = "1") -> Response:
        """Show who read what is not public, the last reading first; never what it says."""
        found = product.readings(signed_in(request).session.by)
        number, count = page_of(page, len(found), EACH)
        return show(
            request,
            "audit/readings.html",
            Asked(fields={}),
            here=READINGS,
            readings=found[(number - 1) * EACH : number * EACH],
            total=len(found),
            number=number,
            count=count,
            ROLES=ROLES,
        )

    return routes


def _identity(text: str) -> str:
    wanted = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f-]{0,36}", wanted):
        raise NotAnEventIdentity(text=text[:40])
    return wanted


def _begins(written: str, days: int) -> datetime | None:
    """The last instant before a day, or that of the day itself."""
    if not written:
        return None
    midnight = datetime.combine(parse_day(written) + timedelta(days=days), time(), PARIS)
    return midnight - timedelta(microseconds=1)


def _last_verified(jobs: list[Job]) -> Job | None:
    """The last verification of the log that came to its end."""
    done = (job for job in jobs if job.kind == "verification" and job.state is JobState.DONE)
    return max(done, key=lambda job: job.asked_at, default=None)
