"""Requests of persons to exercise their rights over what is kept of them.

Who asks is answered within one month of reception, or three where they were told so in time (RGPD,
article 12(3)). Months are counted as regulation 1182/71 says (article 3): the day of reception does
not count, the period ends on the day that bears the same number, or on the last of its month, and
runs on to the next working day (`domain.period.end_of`). That the identity of who asks is still to
be checked does not stop it (product rule, stricter than the guidelines of the EDPB): where more
time is needed, it is extended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import StringConstraints
from typing_extensions import override

from domain import case
from domain.case import Case, Read
from domain.dates import PartialDate
from domain.erasure import Exemption
from domain.errors import NotFound, Refused
from domain.exchange import Channel
from domain.finality import Finality
from domain.kernel import Event, event
from domain.period import end_of
from domain.personal import Basis, Marking
from domain.privacy_ground import GROUNDS, PrivacyRight, RefusalGround, ground_of
from domain.retention import Retention
from domain.span import Dated, Span, in_force
from domain.values import Frozen, Sealed
from domain.words import Stored, Text

PrivacyRequestId = NewType("PrivacyRequestId", UUID)
PrivacyRequestCode = Annotated[str, StringConstraints(pattern=r"^droits-\d{4}-[0-9a-f]{8}$")]
"""The year of its reception and the beginning of its identity: `droits-2026-3f9a1c07`."""

APPLIES_FROM = date(2018, 5, 25)
"""From when these rights may be exercised (règlement (UE) 2016/679, article 99(2))."""

ONE_MONTH, EXTENDED = "1 months", "3 months"
"""By when to answer, counted from reception (RGPD, article 12(3))."""


class PrivacyOutcome(StrEnum):
    """What was decided of a request."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"


def answer_due(received_on: date, *, extended: bool) -> date:
    """The last day on which to answer what was received on a day."""
    return end_of(EXTENDED if extended else ONE_MONTH, received_on)


class AboutPrivacyRequest(Frozen):
    """`counted_from` is the day of reception; once the answer was put off, `extended_from` is."""

    right: str
    counted_from: date | None
    extended_from: date | None
    outcome: str | None
    ground: str | None
    carried_out: bool
    answered: bool


class PrivacyRequestFacts(Frozen):
    """Everything a clause of the journey of a request may ask about."""

    request: AboutPrivacyRequest


# --- refusals -----------------------------------------------------------------------------------


class UnknownPrivacyRequest(NotFound):
    """There is no such request."""

    code = "privacy_request.unknown"
    fr = (
        "Aucune demande d'exercice de droits ne s'appelle « {name} » : donnez son code, "
        "ou son identifiant."
    )
    en = "No request to exercise rights is called “{name}”: give its code, or its identity."


class BeforeTheRegulation(Refused):
    """These rights are exercised since the regulation applies."""

    code = "privacy_request.before"
    fr = (
        "Le RGPD s'applique depuis le {since} (art. 99) : une demande reçue le {day} ne peut pas "
        "en relever. Donnez le jour où elle est arrivée."
    )
    en = (
        "The GDPR applies since {since} (article 99): what came on {day} cannot rest on it. Give "
        "the day on which it came."
    )


class NotDoneByThat(Refused):
    """What was decided is done by an act about who asks, or outside the register."""

    code = "privacy_request.not_done_by_that"
    fr = (
        "« {act} » n'exécute pas cette demande : {wanted}. Ce qui est fait hors du registre se "
        "dit sans « --carried-out-by »."
    )
    en = (
        "“{act}” does not carry out this request: {wanted}. What is done outside the register is "
        "told without “--carried-out-by”."
    )


class RefusalGroundWanted(Refused):
    """What is refused, in whole or in part, is refused on a ground (RGPD, article 12(4))."""

    code = "privacy_request.ground_wanted"
    fr = "Un refus, même partiel, dit sur quel motif il repose (RGPD, art. 12(4)) : donnez-le."
    en = "A refusal, even of a part, names its ground (RGPD, article 12(4)): give it."


class NothingRefused(Refused):
    """What is granted in full is refused on no ground."""

    code = "privacy_request.nothing_refused"
    fr = "Une demande acceptée en entier n'a pas de motif de refus : retirez-le."
    en = "A request that is granted in full has no ground of refusal: leave it out."


class GroundOfAnotherRight(Refused):
    """The ground is not one that may be held against what is asked for."""

    code = "privacy_request.ground_of_another_right"
    fr = "Ce motif ({ground} : {article}) ne s'oppose pas à ce qui est demandé ({right})."
    en = "This ground ({ground}: {article}) is none against what is asked for ({right})."


IN_PART = Text(fr="acceptée en partie", en="granted in part")
NOT_AT_ALL = Text(fr="refusée", en="refused")


class HeldBack(Refused):
    """What was kept of an erasure was not granted: the decision says so, with its ground."""

    code = "privacy_request.held_back"
    fr = (
        "L'effacement de cette personne a retenu des valeurs ({number}) : la décision ne peut "
        "rester « acceptée ». Ajoutez le motif de ce qui est retenu, « --refusal-ground {ground} » "
        ": elle devient « {becomes} »."
    )
    en = (
        "The erasure of this person kept values ({number}): the decision cannot stay “granted”. "
        "Add the ground on which they are kept, “--refusal-ground {ground}”: it becomes "
        "“{becomes}”."
    )


class NothingToDecideAgain(Refused):
    """Only what an erasure kept changes a decision as it is carried out."""

    code = "privacy_request.nothing_to_decide_again"
    fr = "Rien n'oblige à reprendre cette décision : retirez « --refusal-ground » et « --motive »."
    en = "Nothing asks that this be decided again: leave out “--refusal-ground” and “--motive”."


# --- what is sealed -----------------------------------------------------------------------------

_ASKS = Text(fr="personnes qui exercent leurs droits", en="persons who exercise their rights")


def _marking(fr: str, en: str, *, is_name: bool = False) -> Marking:
    """What is kept of who asks: to show that they were answered, as long as they may sue."""
    return Marking(
        purpose="privacy_request",
        holds=Text(fr=fr, en=en),
        persons=_ASKS,
        basis=Basis.LEGAL_OBLIGATION,
        retention=Retention.FIVE_YEARS,
        is_name=is_name,
    )


REQUESTER = _marking(
    "le nom de qui exerce un droit", "the name of who exercises a right", is_name=True
)
CONTACT = _marking("où lui répondre", "where to answer them")
WORDS = _marking("ce que cette personne écrit", "what that person writes")
MOTIVE = _marking("pourquoi il est décidé ainsi de sa demande", "why it is so decided")

# --- the case -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PrivacyDecision:
    """What was decided, and on which ground, where it is not granted in full."""

    outcome: PrivacyOutcome
    ground: RefusalGround | None
    motive: Sealed | None


class PrivacyRequest(Case, concept="privacy_request"):
    """A request, from its reception to the answer. Who asks, and their words, are sealed."""

    class Received(case.Entered):
        """Somebody asked to exercise a right."""

        TOPIC = "privacy_request.received.v1"
        UNDONE_BY = ("privacy_request.move",)
        code: PrivacyRequestCode
        right: PrivacyRight
        channel: Channel
        requester: Annotated[Sealed, REQUESTER]
        contact: Annotated[Sealed | None, CONTACT] = None
        words: Annotated[Sealed | None, WORDS] = None

    class Extended(Event):
        """Who asked was told that the answer takes two months more."""

        TOPIC = "privacy_request.extended.v1"
        UNDONE_BY = Finality.SEALED

    class Decided(Event):
        """It was decided whether what is asked for is done; why, in words, is sealed."""

        TOPIC = "privacy_request.decided.v1"
        UNDONE_BY = Finality.SEALED
        outcome: PrivacyOutcome
        refusal_ground: RefusalGround | None = None
        motive: Annotated[Sealed | None, MOTIVE] = None

    class CarriedOut(Event):
        """What was decided was done; by an erasure or an export of the register, where it was."""

        TOPIC = "privacy_request.carried_out.v1"
        UNDONE_BY = Finality.SEALED
        carried_out_by: UUID | None = None

    class Answered(Event):
        """Who asked was told what came of it, and where to complain."""

        TOPIC = "privacy_request.answered.v1"
        UNDONE_BY = Finality.SEALED
        channel: Channel

    ENTERS = Received

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.code = ""
        self.right = PrivacyRight.ACCESS
        self.channel = Channel.MAIL
        self.requester: Sealed | None = None
        self.contact: Sealed | None = None
        self.words: Sealed | None = None
        self.received_on = date.min
        self.extensions: list[Span] = []
        self.decisions: list[Dated[PrivacyDecision]] = []
        self.executions: list[Dated[UUID | None]] = []
        self.answers: list[Dated[Channel]] = []

    @classmethod
    def receive(
        cls,
        id_: UUID,
        *,
        right: PrivacyRight,
        channel: Channel,
        requester: Sealed,
        contact: Sealed | None,
        words: Sealed | None,
        received_on: date,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored] | None = None,
    ) -> "PrivacyRequest":
        """Take in a new one, under whose identity its words were sealed.

        Refused of a day on which nobody had these rights yet.
        """
        if received_on < APPLIES_FROM:
            raise BeforeTheRegulation(since=APPLIES_FROM, day=received_on)
        made = cls(id_)
        made._received(
            code=f"droits-{received_on.year:04}-{str(id_)[:8]}",
            right=right,
            channel=channel,
            requester=requester,
            contact=contact,
            words=words,
            journey=journey,
            stage=stage,
            occurred_on=occurred_on,
            variables=dict(variables or {}),
        )
        return made

    def extend(self) -> None:
        """Take two months more to answer; that it was told in time is a clause of its journey."""
        self._extended()

    def decide(
        self, outcome: PrivacyOutcome, *, ground: RefusalGround | None, motive: Sealed | None
    ) -> None:
        """Decide of it; a refusal, even of a part, rests on a ground against what is asked for."""
        if outcome is PrivacyOutcome.GRANTED and ground:
            raise NothingRefused
        if outcome is not PrivacyOutcome.GRANTED and ground is None:
            raise RefusalGroundWanted
        if ground and self.right not in GROUNDS[ground].against:
            of = GROUNDS[ground]
            raise GroundOfAnotherRight(ground=of.says, article=of.article, right=self.right)
        self._decided(outcome=outcome, refusal_ground=ground, motive=motive)

    def carry_out(
        self,
        by: UUID | None,
        *,
        kept: Sequence[Exemption] = (),
        is_in_part: bool = True,
        ground: RefusalGround | None = None,
        motive: Sealed | None = None,
    ) -> None:
        """Record that what was decided was done.

        Args:
            kept: why the erasure of who asks kept each value that it did.
            is_in_part: whether it erased others; where it erased none, all of it was refused.
            ground: on which that is refused, where all was granted: it is decided so again first.
        """
        decided = self.decisions[-1].value.outcome if self.decisions else None
        if kept and decided is PrivacyOutcome.GRANTED:
            if ground is None:
                raise HeldBack(
                    number=len(kept),
                    ground=ground_of(kept[0], self.right).value,
                    becomes=IN_PART if is_in_part else NOT_AT_ALL,
                )
            outcome = PrivacyOutcome.PARTLY if is_in_part else PrivacyOutcome.REFUSED
            self.decide(outcome, ground=ground, motive=motive)
        elif ground or motive:
            raise NothingToDecideAgain
        self._carried_out(carried_out_by=by)

    def answer(self, channel: Channel) -> None:
        """Record that who asked was told what came of it."""
        self._answered(channel=channel)

    # What is known of it.

    def decision_on(self, day: date) -> PrivacyDecision | None:
        return in_force(self.decisions, day)

    def is_extended_on(self, day: date) -> bool:
        return any(told.covers(day) for told in self.extensions)

    def due_on(self, day: date) -> date:
        """The last day on which to answer, as it was on a day."""
        return answer_due(self.received_on, extended=self.is_extended_on(day))

    @override
    def facts_on(self, day: date, read: Read) -> PrivacyRequestFacts:
        decision, is_extended = self.decision_on(day), self.is_extended_on(day)
        return PrivacyRequestFacts(
            request=AboutPrivacyRequest(
                right=self.right,
                counted_from=None if is_extended else self.received_on,
                extended_from=self.received_on if is_extended else None,
                outcome=decision.outcome if decision else None,
                ground=decision.ground if decision else None,
                carried_out=any(done.covers(day) for done in self.executions),
                answered=any(told.covers(day) for told in self.answers),
            )
        )

    # What is remembered.

    @event(Received)
    def _received(
        self,
        *,
        code: str,
        right: PrivacyRight,
        channel: Channel,
        requester: Sealed,
        contact: Sealed | None,
        words: Sealed | None,
        journey: str,
        stage: str,
        occurred_on: PartialDate,
        variables: Mapping[str, Stored],
    ) -> None:
        self.code, self.right, self.channel = code, right, channel
        self.requester, self.contact, self.words = requester, contact, words
        self.received_on = self.since
        self.begin(journey=journey, state=stage, occurred_on=occurred_on, variables=variables)

    @event(Extended)
    def _extended(self) -> None:
        self.extensions.append(Span(self.since, None))

    @event(Decided)
    def _decided(
        self,
        *,
        outcome: PrivacyOutcome,
        refusal_ground: RefusalGround | None,
        motive: Sealed | None,
    ) -> None:
        found = PrivacyDecision(outcome, refusal_ground, motive)
        self.decisions.append(Dated(self.since, None, found))

    @event(CarriedOut)
    def _carried_out(self, *, carried_out_by: UUID | None) -> None:
        self.executions.append(Dated(self.since, None, carried_out_by))

    @event(Answered)
    def _answered(self, *, channel: Channel) -> None:
        self.answers.append(Dated(self.since, None, channel))
