"""Facts that the demonstration does not tell, told beside it: some as it goes, the others after."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from application.catalogue import COMMANDS
from application.command import By, Command
from domain.kernel import EVENTS, Recorded
from domain.roles import Role
from interfaces.wiring import Product
from tests import make

Tell = Callable[[Command, By], Any]
Said = tuple[Role, str, dict[str, Any]]
"""In which role, by which command, what."""

PDF = "JVBERi0xLjQKZmljdGlm"
FICTIVE = "organisation:Fictive"
SEAT = {"id": "ville", "college": "local_authorities", "designated_by": "Villes fictives"}


def meanwhile(done: Command) -> Iterator[Said]:
    """What is also told, once a command of the stories was given for the first time."""
    given = dict(done)
    match done.NAME, given.get("transition"):
        case "dossier.submit", _:
            dossier = {"dossier": given["dossier"]}
            yield Role.SECRETARY, "dossier.note_arrival", dossier | {"postmark_on": "2024-09-01"}
            yield Role.SECRETARY, "dossier.declare_interest", dossier | {"person": FICTIVE}
        case "call.move", "begin_instruction":
            call = {"call": given["call"], "seats": [SEAT]}
            yield Role.SECRETARY, "call.name_advisers", call
        case "dossier.move", "conclude_analysis":
            dossier = {"dossier": given["dossier"]}
            opinion = {"adviser": SEAT["id"], "choice": "favourable", "reasons": "Utile."}
            yield Role.SECRETARY, "dossier.ask_opinion", dossier
            yield Role.SECRETARY, "dossier.give_opinion", dossier | opinion


def afterwards(product: Product) -> Iterator[Said]:
    """What is also told, once the stories are."""

    def of(topic: str, **wanted: str) -> Recorded:
        """The last fact of a kind, among those that say some things."""
        found = [*product.registry.told(EVENTS[topic])]
        return next(
            one
            for one in reversed(found)
            if wanted.items() <= {name: str(v) for name, v in vars(one.event).items()}.items()
        )

    registrar, why = Role.REGISTRAR, {"motive": "Dit pour l'exemple."}

    def about(topic: str, field: str, **wanted: str) -> dict[str, UUID]:
        return {field: of(topic, **wanted).stream}

    pole = about("pole.registered.v1", "pole")
    yield registrar, "pole.rename", pole | {"name": "Autre nom fictif"}
    granted = about("accompaniment.granted.v1", "accompaniment")
    yield registrar, "accompaniment.end", granted | why
    signing = {"charter": "2021-06", "capacity": "president", "place": "Ville", "network": "labo"}
    yield registrar, "charter.sign_as_network", signing | {"signatory": "Nom inventé"}
    signed = of("charter_signature.signed.v1")
    yield registrar, "charter_signature.withdraw", {"signature": signed.stream, **why}
    committee = of("committee.constituted.v1")
    seats = [seat.model_dump() for seat in vars(committee.event)["seats"]]
    filled = seats[0]["id"]
    told = {"committee": committee.stream}
    yield Role.SECRETARY, "committee.vacate_seat", told | {"seat": filled}
    yield Role.SECRETARY, "committee.change", told | {"seats": seats[:-1], "reasons": "Exemple."}
    closed = vars(of("establishment.closed.v1").event)["siret"]
    yield registrar, "establishment.reopen", {"siret": closed, **why}
    noted = of("follow_up.recommendation_noted.v1")
    settled = {"number": vars(noted.event)["number"], "outcome": "followed", "answer": "Fait."}
    yield Role.FUNDER, "follow_up.settle_recommendation", {"follow_up": noted.stream, **settled}
    met = of("follow_up.met.v1")
    pole_of = {"pole": vars(met.event)["pole"]}
    file = {"content": PDF, "kind": "minutes"}
    yield registrar, "document.file", pole_of | file
    filed = {"minutes": of("document.filed.v1").stream, "held_on": met.event.valid_from}
    yield Role.FUNDER, "follow_up.file_minutes", {"follow_up": met.stream, **filed}
    sat = of("follow_up.member_joined.v1")
    name = vars(sat.event)["organisation"].name
    left = {"follow_up": sat.stream, "organisation": name, **why}
    yield Role.FUNDER, "follow_up.remove_member", left
    member = of("pole.member_joined.v1", member_kind="ess_enterprise")
    confirmed = {"member": vars(member.event)["member"], "ess_evidence": "Statuts", "source": "Vu"}
    yield registrar, "pole.confirm_ess", {"pole": member.stream, **confirmed}
    kind = {"recognition_kind": "witness_2012"}
    witness = kind | {"code": "temoin_fictif", "issuer": "Réseau fictif", "ground": "Fictif"}
    yield registrar, "recognition.record", pole | witness | {"occurred_on": "2026-10-01"}
    recognised = about("recognition.issued.v1", "recognition", **kind)
    yield registrar, "recognition.end", recognised | why
    aids = product.registry.told(EVENTS["single_undertaking.aid_declared.v1"])
    one, *_, other = sorted((vars(aid.event)["siren"], vars(aid.event)["aid"]) for aid in aids)
    first, second = {"occurred_on": "2026-11-01"}, {"occurred_on": "2026-11-02"}
    lowered = {"siren": one[0], "aid": one[1], "to": "1", **why, **first}
    yield registrar, "single_undertaking.lower_aid", lowered
    pair = {"siren": one[0], "other": other[0], "why": "Exemple."}
    yield registrar, "single_undertaking.link", pair | first
    yield registrar, "single_undertaking.part", pair | second
    named = {"siren": "000000190", "name": "Entreprise fictive"}
    yield registrar, "single_undertaking.identify", named
    bound = next(iter(product.registry.told(EVENTS["undertaking.given.v1"]))).stream
    yield registrar, "undertaking.release", {"undertaking": bound, **why}
    pole_of = {"pole": vars(of("following.assigned.v1").event)["pole"]}
    yield registrar, "following.end", pole_of | {"place": "principal"}
    yield registrar, "pole.note_contact", pole | {"outcome": "no_answer", "channel": "letter"}
    call = of("call.planned.v1")
    past = {"transition": "open", "source": "Archive fictive", "occurred_on": "2011-02-01"}
    planned = {"code": "appel-passe", "title": "Appel passé", "call_kind": "decree_call"}
    planned |= {"authority": vars(call.event)["authority"], "occurred_on": "2011-01-01"}
    yield Role.SECRETARY, "call.plan", planned
    yield registrar, "call.record_past_step", about("call.planned.v1", "call") | past
    old = {"name": "Pôle ancien (fictif)", "occurred_on": "2012"}
    yield registrar, "pole.register", old
    ancient = about("pole.registered.v1", "pole")
    past |= {"transition": "enter_experimentation", "occurred_on": "2013-01-01"}
    yield registrar, "pole.record_past_step", ancient | past
    issued = {"recognition_kind": "witness_2012", "code": "temoin", "issuer": "Réseau fictif"}
    issued |= {"ground": "Fondement fictif", "occurred_on": "2013-06-01"}
    yield registrar, "recognition.record", ancient | issued
    round_ = about("evaluation.planned.v1", "evaluation", round_kind="third_party")
    yield registrar, "evaluation.declare_funders", round_ | {"funders": ["Financeur fictif"]}
    awarded = about("dossier.decided.v1", "dossier", outcome="selected")
    taken = {"award_ground": "conditions_not_met", "heard_on": "2026-11-01", "reasons": "Exemple."}
    yield Role.SECRETARY, "dossier.withdraw_award", awarded | taken


def say(tell: Tell, said: Said) -> None:
    role, name, fields = said
    tell(COMMANDS[name].model_validate(fields), make.by(role))
