"""What every page has: its moment, its guards, its layout, and a page for every refusal."""

import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.templating import Jinja2Templates
from typing_extensions import override

from application import wording
from application.charter_sheet import UnknownCharter, UnknownSignature
from application.contested import NOTHING_FOLLOWS
from application.document_list import UnknownDocument
from application.drawing import UnknownVersion
from application.figures import figure_in_words, period_in_words
from application.legal_form import ESS
from application.listing import cell
from application.positioning import OtherGrid, RoundNotPublished, SameRound
from application.register import AmbiguousName, NotYet
from application.sentences import malformed
from application.session_words import MODES, OUTCOMES, PRESENCES, STANDINGS
from application.succession import INTO, lineage_in_words
from application.undertaking_sheet import UnknownUndertaking
from application.wording import (
    CONFIDENCES,
    MEMBERS,
    RECOGNITIONS,
    ROLES,
    STAGES,
    STATUSES,
    VERDICTS,
    since_in_words,
)
from application.world import Moment
from domain.appeal import UnknownAppeal
from domain.call_refusals import UnknownCall
from domain.commitment import UnknownCommitment
from domain.committee_refusals import UnknownCommittee
from domain.correction import TakenBack
from domain.dates import as_iso
from domain.dossier import UnknownDossier
from domain.errors import Damaged, Forbidden, JalonError, NotFound, Unavailable
from domain.evaluation import UnknownRound
from domain.follow_up_refusals import UnknownFollowUp
from domain.funding_plan_refusals import NoPlan
from domain.money import euros
from domain.project import UnknownProject
from domain.session_refusals import UnknownSession
from domain.single_undertaking_refusals import NotAnUndertaking
from domain.track import NotBegun
from interfaces.decisions import NotThereYet, WithoutCommittee
from interfaces.moments import BeyondJournal, MalformedDay, NotYetKnown
from interfaces.web import offered, words
from interfaces.web.recorded import carried, said_once
from interfaces.web.visitor import (
    SignInWanted,
    address_of,
    guards_of,
    keep_form_secret,
    must_come_from_here,
    visitor,
)
from interfaces.wiring import Product

HERE = Path(__file__).parent
STATIC = HERE / "static"
READ = ["GET", "HEAD"]

GUARDS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-cache",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
    "Vary": "HX-Request-Type, Cookie",
}
"""The headers of every page: it loads nothing from elsewhere and nobody frames it."""


# --- the moment ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """The moment a page is asked about, as its banner, its form and its links say it."""

    fields: Mapping[str, str]
    """`known` and `in_force` as they stand in the address; absent when it is about today."""
    words: str | None = None
    today: str = ""
    events: int | None = None
    day: str = ""
    """The day that it is about, as addresses write it."""

    def url(self, path: str, kept: Mapping[str, str] | None = None, **changes: str) -> str:
        """An address of this product, about the same moment."""
        return _address(path, {**(kept or {}), **changes, **self.fields})

    def today_url(self, path: str, kept: Mapping[str, str] | None = None) -> str:
        """The same address, about today."""
        return _address(path, kept or {})

    def in_force_url(self, path: str) -> str:
        """What was in force on the day of knowledge, by what is known today."""
        return _address(path, {"in_force": self.day})


def _address(path: str, query: Mapping[str, str]) -> str:
    said = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{said}" if said else path


def ask(product: Product, request: Request) -> tuple[Moment, Asked]:
    """The moment in an address; a day that cannot be read is refused."""
    fields = _fields(request)
    moment = product.moment(fields.get("known"), fields.get("in_force"))
    now = product.moment()
    asked = Asked(
        fields=fields,
        words=words.moment_in_words(moment),
        today=now.in_force.isoformat(),
        events=now.known,
        day=moment.in_force.isoformat(),
    )
    return moment, asked


def _fields(request: Request) -> dict[str, str]:
    given = request.query_params
    return {name: as_iso(given[name]) for name in ("known", "in_force") if given.get(name)}


def _readable(fields: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in fields.items() if re.fullmatch(r"[\d:T@+-]{1,40}", text)}


# --- the layout ---------------------------------------------------------------------------------


def _asset(name: str) -> str:
    """The address of a static file; it changes with the file, so that it may be kept for long."""
    return f"/static/{name}?v={sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def _templates() -> Jinja2Templates:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "fr": words.typeset,
        "day": words.day,
        "dated": wording.date_in_words,
        "since": since_in_words,
        "duration": wording.duration_in_words,
        "relation": wording.relation_in_words,
        "version": wording.version_in_words,
        "identified": wording.identified_version,
        "instant": words.instant,
        "evidence": wording.evidence_in_words,
        "progress": words.progress,
        "rule_source": wording.rule_source,
        "sources": words.sources,
        "capital": wording.capital,
        "siret": words.siret,
        "names": words.names,
        "thousands": words.thousands,
    }
    env.globals |= {
        "ROLES": ROLES,
        "MEMBERS": MEMBERS,
        "ESS": ESS,
        "RECOGNITIONS": RECOGNITIONS,
        "CONFIDENCES": CONFIDENCES,
        "VERDICTS": VERDICTS,
        "STATUSES": STATUSES,
        "STAGES": STAGES,
        "STAGE_MEANINGS": words.STAGE_MEANINGS,
        "CONFIDENCE_MEANINGS": words.CONFIDENCE_MEANINGS,
        "MARKS": words.MARKS,
        "plural": words.plural,
        "value_of": getattr,
        "euros": euros,
        "SESSION_MODES": MODES,
        "SESSION_STANDINGS": STANDINGS,
        "SESSION_OUTCOMES": OUTCOMES,
        "PRESENCES": PRESENCES,
        "NOTHING_FOLLOWS": NOTHING_FOLLOWS,
        "figure_in_words": figure_in_words,
        "period_in_words": period_in_words,
        "cell": cell,
        "act_url": offered.act_url,
        "acts_here": offered.acts_here,
        "begin_url": offered.begin_url,
        "exit_url": offered.exit_url,
        "has_acts": offered.has_acts,
        "line_acts_url": offered.line_acts_url,
        "may_do": offered.may_do,
        "mends": offered.mends,
        "step_url": offered.step_url,
        "mends_all": offered.mends_all,
        "INTO": INTO,
        "LINEAGE": lineage_in_words,
        "asset": {file.name: _asset(file.name) for file in STATIC.iterdir()},
    }
    return Jinja2Templates(env=env)


TEMPLATES = _templates()


def show(
    request: Request, template: str, asked: Asked, status: int = 200, **context: object
) -> Response:
    """A page in the layout of all pages, under their guards."""
    context |= {"asked": asked, "visitor": visitor(request), "recorded": carried(request)}
    context["reached_at"] = address_of(request)
    guards = {**GUARDS, **guards_of(request)}
    response = TEMPLATES.TemplateResponse(
        request, template, context, status_code=status, headers=guards
    )
    keep_form_secret(request, response)
    said_once(request, response)
    return response


# --- refusals -----------------------------------------------------------------------------------


def error_page(request: Request, status: int, title: str, sentence: str) -> Response:
    """The page that says no, in one sentence, with a way on."""
    return _refusal(request, status, title, sentence, [TO_REGISTER])


def _refusal(
    request: Request, status: int, title: str, sentence: str, ways: list[tuple[str, str]]
) -> Response:
    response = show(
        request,
        "error.html",
        Asked(fields=_fields(request)),
        status,
        title=title,
        sentence=sentence,
        ways=ways,
        here=quote(request.scope["path"]),
        about_a_day=False,
    )
    if "HX-Request" in request.headers:  # the whole page is said again, not the part asked for
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


Way = tuple[str, str]
"""Where to go on: the words of a link, and its address."""

TO_REGISTER: Way = ("Ouvrir le registre des pôles", "/poles")

_CHARTERS: Way = ("Voir les chartes", "/chartes")
_SIGNATORIES: Way = ("Voir les signataires", "/signataires")
_CALLS: Way = ("Voir les appels", "/appels")
_COMMITMENTS: Way = ("Voir les engagements financiers", "/engagements-financiers")

ABOVE: Mapping[str, list[Way]] = {
    "chartes": [_CHARTERS, _SIGNATORIES],
    "campagnes": [("Voir les campagnes", "/campagnes")],
    "signatures": [_SIGNATORIES, _CHARTERS],
    "engagements-pris": [("Voir les engagements pris", "/engagements-pris"), _CHARTERS],
    "documents": [("Voir les documents", "/documents")],
    "evaluations": [("Voir les évaluations", "/evaluations")],
    "parcours": [("Voir les versions publiées", "/parcours")],
    "declarations": [("Voir les déclarations", "/declarations")],
    "dossiers": [("Voir les dossiers", "/dossiers"), _CALLS],
    "recours": [("Voir les recours", "/recours"), ("Voir les dossiers", "/dossiers")],
    "engagements-financiers": [_COMMITMENTS, ("Voir le grand livre", "/grand-livre")],
    "comites-de-suivi": [("Voir les comités de suivi", "/comites-de-suivi")],
    "plans-de-financement": [("Voir les plans de financement", "/plans-de-financement")],
    "entreprises-de-minimis": [("Voir les entreprises suivies", "/entreprises-de-minimis")],
    "appels": [_CALLS],
    "comites": [("Voir les comités", "/comites"), _CALLS],
    "seances": [("Voir les séances", "/seances"), _CALLS],
}
"""The lists to which each page belongs, by the first word of its address."""

TITLES: tuple[tuple[tuple[type[JalonError], ...], int, str], ...] = (
    ((UnknownVersion, UnknownCharter), 404, "Version introuvable"),
    ((UnknownSignature,), 404, "Signature introuvable"),
    ((UnknownUndertaking,), 404, "Engagement introuvable"),
    ((UnknownDocument,), 404, "Document introuvable"),
    ((NotBegun, NotThereYet), 404, "Pas encore à cette date"),
    ((UnknownDossier,), 404, "Dossier introuvable"),
    ((UnknownAppeal,), 404, "Recours introuvable"),
    ((UnknownCommitment,), 404, "Engagement financier introuvable"),
    ((UnknownFollowUp,), 404, "Comité de suivi introuvable"),
    ((UnknownProject,), 404, "Projet introuvable"),
    ((NoPlan,), 404, "Pas de plan de financement"),
    ((NotAnUndertaking,), 404, "Entreprise introuvable"),
    ((UnknownCall,), 404, "Appel introuvable"),
    ((UnknownCommittee, WithoutCommittee), 404, "Comité introuvable"),
    ((UnknownSession,), 404, "Séance introuvable"),
    ((UnknownRound,), 404, "Évaluation introuvable"),
    ((OtherGrid, SameRound), 409, "Comparaison impossible"),
    ((RoundNotPublished,), 403, "Positions non publiées"),
    ((NotFound,), 404, "Introuvable"),
    ((Forbidden,), 403, "Ce n'est pas pour vous"),
    ((Unavailable,), 503, "Registre momentanément indisponible"),
    ((Damaged,), 500, "Registre endommagé"),
    ((Forbidden,), 403, "Ce n'est pas possible"),
    ((JalonError,), 400, "Demande illisible"),
)
"""What each refusal is called on its page; the first that fits."""


def _refused(request: Request, refusal: JalonError) -> Response:
    here, sentence = quote(request.scope["path"]), str(refusal)
    today = ("Revenir à aujourd'hui", here)
    match refusal:
        case MalformedDay():
            return _about_a_day(request, "Date illisible", sentence, today)
        case NotYetKnown():
            return _about_a_day(request, "Date à venir", sentence, today)
        case BeyondJournal():
            return _about_a_day(request, "Taille à venir", sentence, today)
        case NotYet():
            ways = [("Voir ce pôle aujourd'hui", here), TO_REGISTER]
            return _refusal(request, 404, "Pas encore à cette date", sentence, ways)
        case TakenBack():
            read = _address(here, {"known": f"@{refusal.details['known']}"})
            ways = [("Lire ce que le registre en disait", read), *_above(request)]
            return _refusal(request, 404, "Retiré du registre", sentence, ways)
        case AmbiguousName():
            codes = str(refusal.details["among"]).rstrip("…").split(", ")
            poles = [(f"Ouvrir « {code} »", f"/poles/{code}") for code in codes]
            ways = [*poles, _search(refusal), TO_REGISTER]
            return _refusal(request, 404, "Plusieurs pôles possibles", sentence, ways)
        case _ if type(refusal) is NotFound:  # anything else that is not found has its own name
            ways = [_search(refusal), TO_REGISTER]
            return _refusal(request, 404, "Pôle introuvable", sentence, ways)
    status, title = next((n, t) for kinds, n, t in TITLES if isinstance(refusal, kinds))
    return _refusal(request, status, title, sentence, _above(request) if status < 500 else [])


def _above(request: Request) -> list[Way]:
    """Where what is asked for is listed."""
    return ABOVE.get(request.scope["path"].split("/")[1], [TO_REGISTER])


def _search(refusal: JalonError) -> Way:
    asked_for = str(refusal.details.get("name", ""))
    return f"Chercher « {asked_for} » dans le registre", _address("/poles", {"q": asked_for})


def _about_a_day(request: Request, title: str, sentence: str, today: Way) -> Response:
    """The page that asks for another date."""
    return show(
        request,
        "error.html",
        Asked(fields=_readable(_fields(request))),
        400,
        title=title,
        sentence=sentence,
        ways=[today],
        here=quote(request.scope["path"]),
        about_a_day=True,
    )


class Page(APIRoute):
    """A route for people: what is refused is said on a page, and addresses stay short."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_a_page(request: Request) -> Response:
            given = request.query_params.multi_items()
            if request.method in READ and any(
                not value for _, value in given
            ):  # fields of a form that were left empty
                said = urlencode([(name, value) for name, value in given if value])
                path = quote(request.scope["path"])
                return RedirectResponse(f"{path}?{said}" if said else path, 303)
            try:
                if request.method not in READ:
                    await must_come_from_here(request)
                return await answer(request)
            except SignInWanted:
                query = urlencode({"suite": _here(request)})
                return RedirectResponse(f"/connexion?{query}", 303)
            except JalonError as refusal:
                return _refused(request, refusal)
            except RequestValidationError as error:
                return _refused(request, malformed([dict(e) for e in error.errors()]))

        return answer_with_a_page


def _here(request: Request) -> str:
    """The address that was asked for; of what was sent, the page it was sent from."""
    path = quote(request.scope["path"])
    return f"{path}?{request.url.query}" if request.url.query else path


def pages() -> APIRouter:
    """A router of pages; they are not part of the API's description."""
    return APIRouter(route_class=Page, include_in_schema=False)
