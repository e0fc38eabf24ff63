"""Requests to exercise rights over personal data: receive, extend, decide, carry out, answer."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Literal, Self
from uuid import UUID, uuid4

from pydantic import Field, field_validator, model_validator
from typing_extensions import override

from application.command import Work
from application.handlers import HANDLERS
from application.momentary import Momentary
from application.privacy_execution import erasures_of, must_be_done_by
from application.wording import FACTS, WORDS, tells
from domain.case import Case
from domain.errors import Forbidden
from domain.exchange import Channel
from domain.kernel import Event
from domain.privacy_ground import ARTICLES, GROUNDS, PrivacyRight, RefusalGround
from domain.privacy_request import (
    PrivacyOutcome,
    PrivacyRequest,
    PrivacyRequestId,
)
from domain.recording import must_have_happened
from domain.roles import Role
from domain.values import Personal, Sealed
from domain.words import Id
from domain.workflow import Step

RECEIVERS = (Role.DPO, Role.REGISTRAR, Role.SECRETARY, Role.ADMINISTRATOR)
"""Who may enter a request that came to them; only the delegate goes on with it (product rule)."""

LONGEST_NAME = 200

RIGHTS: Mapping[str, str] = {
    PrivacyRight.ACCESS: "accès",
    PrivacyRight.RECTIFICATION: "rectification",
    PrivacyRight.ERASURE: "effacement",
    PrivacyRight.RESTRICTION: "limitation",
    PrivacyRight.PORTABILITY: "portabilité",
    PrivacyRight.OBJECTION: "opposition",
}
WORDS[PrivacyRight] = RIGHTS
WORDS[RefusalGround] = {ground: of.says.fr for ground, of in GROUNDS.items()}
OUTCOMES: Mapping[str, str] = {
    PrivacyOutcome.GRANTED: "acceptée",
    PrivacyOutcome.PARTLY: "acceptée en partie",
    PrivacyOutcome.REFUSED: "refusée",
}
WORDS[PrivacyOutcome] = OUTCOMES

FACTS |= {
    "request.right": "droit demandé",
    "request.counted_from": "réception de la demande",
    "request.extended_from": "réception de la demande, le délai étant prolongé",
    "request.outcome": "décision",
    "request.ground": "motif du refus",
    "request.carried_out": "décision exécutée",
    "request.answered": "réponse donnée",
}


class NotAReceiver(Forbidden):
    """A request is entered by those to whom it may come."""

    code = "privacy_request.receiver"


class WithoutOpenWords(Momentary):
    """What is said of a person who asks is sealed: nothing of it stands beside, in clear."""

    @model_validator(mode="after")
    def _says_nothing_in_clear(self) -> Self:
        if self.reason is not None:
            msg = "« reason » : ce qui se dit d'une personne se donne scellé, dans un autre champ"
            raise ValueError(msg)
        return self


class ReceivePrivacyRequest(
    WithoutOpenWords,
    name="privacy_request.receive",
    says="Enregistrer la demande d'une personne d'exercer un droit sur ses données.",
    by=RECEIVERS,
    refused=NotAReceiver,
):
    """Receive a request; its date is the day on which it came, from which the answer is due."""

    right: PrivacyRight = Field(
        description="Accès (access), rectification, effacement (erasure), limitation "
        "(restriction), portabilité (portability), opposition (objection)."
    )
    channel: Channel = Field(description="Par quel moyen elle est venue.")
    requester: Personal = Field(description="Le nom de qui demande (scellé).")
    contact: Personal | None = Field(None, description="Où lui répondre (scellé).")
    words: Personal | None = Field(None, description="Ce que la personne écrit (scellé).")

    @field_validator("requester")
    @classmethod
    def _one_line(cls, given: Personal) -> Personal:
        if len(given.text) > LONGEST_NAME or len(given.text.splitlines()) > 1:
            msg = f"Un nom tient sur une ligne, de {LONGEST_NAME} caractères au plus"
            raise ValueError(msg)
        return given

    @override
    def execute(self, work: Work) -> UUID:
        must_have_happened()
        journey = work.compiled(work.rulebook().in_force("privacy_request", work.day)).journey
        id_ = uuid4()
        received = PrivacyRequest.receive(
            id_,
            right=self.right,
            channel=self.channel,
            requester=_sealed(work, id_, self.requester, "requester"),
            contact=_sealed(work, id_, self.contact, "contact") if self.contact else None,
            words=_sealed(work, id_, self.words, "words") if self.words else None,
            received_on=work.day,
            journey=journey.ref,
            stage=journey.initial,
            occurred_on=work.occurred_on,
        )
        work.save(received)
        return received.id


def _sealed(
    work: Work,
    id_: UUID,
    value: Personal,
    field: str,
    event: type[Event] = PrivacyRequest.Received,
) -> Sealed:
    return work.seal(value, event=event, field=field, subject=id_)


def _motive(work: Work, found: PrivacyRequest, motive: Personal | None) -> Sealed | None:
    if motive is None:
        return None
    return _sealed(work, found.id, motive, "motive", PrivacyRequest.Decided)


class PrivacyRequestCommand(WithoutOpenWords):
    """Something done with one request, by whom its journey says."""

    request: PrivacyRequestId = Field(description="La demande, par son code ou son identifiant.")

    @override
    def execute(self, work: Work) -> UUID:
        found = work.get(PrivacyRequest, self.request)
        work.allow(found, self.NAME)
        must_have_happened()
        self.act(work, found)
        work.save(found)
        return found.id

    @abstractmethod
    def act(self, work: Work, found: PrivacyRequest) -> None:
        """Do it."""


class MovePrivacyRequest(
    PrivacyRequestCommand,
    name="privacy_request.move",
    says="Franchir une étape du parcours d'une demande d'exercice de droits.",
    by=(Role.DPO,),
):
    """Take a step of the journey of a request."""

    transition: Id = Field(
        description="Le passage à franchir, par son code : check_identity, withdraw."
    )
    input: dict[str, Any] = Field(default={}, description="Ce que le passage demande.")

    @override
    def act(self, work: Work, found: PrivacyRequest) -> None:
        work.take(found, self.transition, **self.input)


class ExtendPrivacyRequest(
    PrivacyRequestCommand,
    name="privacy_request.extend",
    says="Prolonger de deux mois le délai de réponse, la personne en étant informée.",
    by=(Role.DPO,),
):
    """Take two months more; the date is that on which the person was told, within the month."""

    motive: Literal["complexity", "number"] = Field(
        description="La complexité (complexity) ou le nombre (number) des demandes : "
        "RGPD, art. 12(3)."
    )

    @override
    def act(self, work: Work, found: PrivacyRequest) -> None:
        work.take(found, "extend", motive=self.motive)


@HANDLERS.register("extend_privacy_term")
def extend_privacy_term(work: Work, case: Case, step: Step) -> None:
    """Put off the day by which to answer, once the step that says so was allowed."""
    if isinstance(case, PrivacyRequest):
        case.extend()


class DecidePrivacyRequest(
    PrivacyRequestCommand,
    name="privacy_request.decide",
    says="Décider d'une demande d'exercice de droits ; un refus dit son motif.",
    by=(Role.DPO,),
):
    """Decide of a request. It falls to the delegate for data protection."""

    outcome: PrivacyOutcome = Field(
        description="Acceptée (granted), acceptée en partie (partly) ou refusée (refused)."
    )
    refusal_ground: RefusalGround | None = Field(
        None, description="Le motif d'un refus, même partiel, parmi ceux que le RGPD prévoit."
    )
    motive: Personal | None = Field(None, description="Pourquoi, en quelques mots (scellé).")

    @override
    def act(self, work: Work, found: PrivacyRequest) -> None:
        motive = _motive(work, found, self.motive)
        found.decide(self.outcome, ground=self.refusal_ground, motive=motive)
        work.take(found, self._way)

    @property
    def _way(self) -> str:
        if self.refusal_ground is RefusalGround.NOT_IDENTIFIED:
            return "refuse_unidentified"
        return {
            PrivacyOutcome.GRANTED: "grant",
            PrivacyOutcome.PARTLY: "grant_partly",
            PrivacyOutcome.REFUSED: "refuse",
        }[self.outcome]


class CarryOutPrivacyRequest(
    PrivacyRequestCommand,
    name="privacy_request.carry_out",
    says="Dire que ce qui a été décidé d'une demande est fait.",
    by=(Role.DPO,),
):
    """Record that what was decided was done, and by which act of the register, where by one."""

    carried_out_by: UUID | None = Field(
        None,
        description="L'identifiant de l'effacement, de la remise ou de la rectification qui "
        "l'exécute ; rien, si c'est fait hors du registre.",
    )
    refusal_ground: RefusalGround | None = Field(
        None,
        description="Le motif de ce que l'effacement a retenu d'une demande acceptée : elle "
        "devient acceptée en partie, ou refusée si rien n'est effacé.",
    )
    motive: Personal | None = Field(
        None, description="Pourquoi c'est retenu, en quelques mots (scellé)."
    )

    @override
    def act(self, work: Work, found: PrivacyRequest) -> None:
        if self.carried_out_by:
            must_be_done_by(work.world, found, self.carried_out_by)
        erasures = erasures_of(work.world, found)
        found.carry_out(
            self.carried_out_by,
            kept=erasures.kept,
            is_in_part=erasures.is_any_erased,
            ground=self.refusal_ground,
            motive=_motive(work, found, self.motive),
        )
        work.take(found, "carry_out")


class AnswerPrivacyRequest(
    PrivacyRequestCommand,
    name="privacy_request.answer",
    says="Dire que la personne a reçu sa réponse, avec ses recours si elle n'a pas tout obtenu.",
    by=(Role.DPO,),
):
    """Record that who asked was told what came of it, and where to complain."""

    channel: Channel = Field(description="Par quel moyen la réponse a été donnée.")

    @override
    def act(self, work: Work, found: PrivacyRequest) -> None:
        found.answer(self.channel)
        work.take(found, "answer")


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case PrivacyRequest.Received(right=right, channel=channel):
            how = WORDS[Channel][channel]
            return "Demande reçue", f"{RIGHTS[right]} ({ARTICLES[right]}), par {how}"
        case PrivacyRequest.Extended():
            return "Délai de réponse prolongé", "de deux mois (RGPD, art. 12(3))"
        case PrivacyRequest.Decided(outcome=outcome, refusal_ground=ground):
            of = GROUNDS[ground] if ground else None
            why = f" : {of.says.fr} ({of.article})" if of else ""
            return "Décision sur la demande", f"{OUTCOMES[outcome]}{why}"
        case PrivacyRequest.CarriedOut(carried_out_by=by):
            return "Décision exécutée", f"par l'acte {by}" if by else ""
        case PrivacyRequest.Answered(channel=channel):
            return "Réponse donnée", f"par {WORDS[Channel][channel]}"
        case _:
            return None
