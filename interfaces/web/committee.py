"""The pages of a committee and of its sessions: what is public, then what is announced."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from application.dossier_list import DOSSIERS, DossierListed
from application.minutes import voices
from application.procedure_words import procedure_in_words
from application.session_words import PROPOSALS
from application.wording import CHOICES
from application.world import Moment
from domain.procedure import CRPA
from interfaces.web.page import READ, ask, pages, show
from interfaces.web.visitor import reserved, signed_in
from interfaces.wiring import Product

COMMITTEES, SESSIONS, CALLS = "/comites", "/seances", "/appels"


def router(product: Product) -> APIRouter:
    """The pages under `/comites` and `/seances`."""
    routes = pages()

    @routes.api_route(f"{COMMITTEES}/{{name}}", methods=READ)
    def sheet(request: Request, name: str) -> Response:
        """Show the committee of a call: composition, rules, sessions; decisions once announced."""
        moment, asked = ask(product, request)
        found = product.committee(name, moment)
        return show(
            request,
            "committee/sheet.html",
            asked,
            here=f"{COMMITTEES}/{found.call_code}",
            sheet=found,
            rules=procedure_in_words(found.procedure),
            by_default=CRPA,
            announced=product.announced_waves(found.call_code, moment),
            dossiers=_dossiers(product, found.call_code, moment),
        )

    @routes.api_route(f"{SESSIONS}/{{name}}", methods=READ)
    def session(request: Request, name: str) -> Response:
        """Show a session: agenda, attendance, quorum; what it decided once announced."""
        moment, asked = ask(product, request)
        found = product.session(name, moment)
        call = product.call(found.call_code, moment)
        announced = product.announced_session(name, moment)
        results, why = reserved(request, lambda by: product.session_results(name, moment, by))
        return show(
            request,
            "session/sheet.html",
            asked,
            here=f"{SESSIONS}/{found.code}",
            sheet=found,
            call=call,
            decided=[item for item in announced.items if item.decision],
            dossiers=_dossiers(product, found.call_code, moment),
            voices=voices,
            results_read=results,
            why_not=why,
            choices=CHOICES,
            proposals=PROPOSALS,
        )

    @routes.api_route(f"{SESSIONS}/{{name}}/proces-verbal", methods=READ)
    def minutes(request: Request, name: str) -> Response:
        """Show the public part of the minutes of a session, once its results are announced."""
        moment, asked = ask(product, request)
        whole, why = reserved(request, lambda by: product.minutes(name, moment, by))
        found = None if whole else product.public_minutes(name, moment)
        sheet = product.session(name, moment)
        return show(
            request,
            "session/minutes.html",
            asked,
            here=f"{SESSIONS}/{sheet.code}/proces-verbal",
            minutes=found,
            whole=whole,
            why_not=why,
            sheet=sheet,
            call=product.call(sheet.call_code, moment),
            dossiers=_dossiers(product, sheet.call_code, moment),
        )

    @routes.api_route(f"{CALLS}/{{name}}/vagues/{{wave}}", methods=READ)
    def ranking(request: Request, name: str, wave: str) -> Response:
        """Show the dossiers of a wave in the order of the committee, with the cut-off line."""
        moment, asked = ask(product, request)
        found = product.wave_results(name, wave, moment, signed_in(request).session.by)
        return show(
            request,
            "session/ranking.html",
            asked,
            here=f"{CALLS}/{found.call_code}/vagues/{found.wave}",
            wave=found,
            call=product.call(found.call_code, moment),
            dossiers=_dossiers(product, found.call_code, moment),
        )

    return routes


def _dossiers(product: Product, call: str, moment: Moment) -> dict[UUID, DossierListed]:
    """The dossiers of a call, to be called by their titles."""
    return {line.id: line for line in product.listed(DOSSIERS, moment, call_code=call)}
