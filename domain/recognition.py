"""Recognitions: dated facts with an issuer, a ground and an end; never a label."""

from datetime import date
from enum import StrEnum
from typing import Annotated, NewType
from uuid import UUID

from pydantic import Field

from domain.dates import PartialDate, days_after
from domain.distinct import AnotherPerson, Persons, share
from domain.errors import Forbidden, Refused
from domain.kernel import Aggregate, Event, event
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.span import covers
from domain.values import Line, Prose, Sealed
from domain.words import Name, Text, later

RecognitionId = NewType("RecognitionId", UUID)


class RecognitionKind(StrEnum):
    """On what it rests. Only the last two are recognitions under article 9 of the law of 2014."""

    WITNESS_2012 = "witness_2012"
    PROJECT_CALL = "project_call"
    EXPRESSION_OF_INTEREST_CALL = "expression_of_interest_call"
    REGIONAL_SUPPORT = "regional_support"
    COMPOSITION_FINDING = "composition_finding"
    SELECTION = "selection"


ARTICLE_9 = frozenset({RecognitionKind.COMPOSITION_FINDING, RecognitionKind.SELECTION})


class PoleReply(StrEnum):
    """What a pole replies to a finding about its composition."""

    AGREES = "agrees"
    OBSERVES = "observes"
    OBJECTS = "objects"


DAYS_TO_REPLY = 15
"""How long a pole is waited for before a finding is confirmed without it (product rule)."""


class NoGround(Refused):
    """Nobody recognises on no ground."""

    code = "recognition.no_ground"
    fr = "Une reconnaissance dit sur quel fondement elle repose : il manque « ground »."
    en = "A recognition says on which ground it rests: “ground” is missing."


class UndoneByTwo(Refused):
    """What two persons found, two go back on."""

    code = "recognition.undone_by_two"
    fr = (
        "Ce constat est de deux personnes : une seule ne revient pas dessus. Que l'une le conteste "
        "(« jalon fact contest --about {event} »), et qu'une autre donne raison à la contestation "
        "(« jalon fact answer-contest --outcome upheld ») ; il se retire ou prend fin ensuite."
    )
    en = (
        "Two persons found this, and one alone does not go back on it: one contests it (“jalon "
        "fact contest --about {event}”), another upholds that; then it is taken back."
    )


class FoundByTwo(Refused):
    """The registry finds a composition by two persons, the pole heard (product rule)."""

    code = "recognition.found_by_two"
    fr = (
        "Un constat de composition se propose (« recognition.propose_finding »), le pôle y répond, "
        "et une seconde personne le confirme."
    )
    en = (
        "A composition finding is proposed (“recognition.propose_finding”), the pole replies, "
        "and a second person confirms it."
    )


class NotProposed(Refused):
    """Only a finding that is proposed, and nothing more, is replied to and confirmed."""

    code = "recognition.not_proposed"
    fr = "Ce n'est pas un constat en cours : il a été confirmé, abandonné, ou n'en est pas un."
    en = "This is no pending finding: it was confirmed, given up, or never was one."


class SamePerson(AnotherPerson, Refused):
    """Whoever proposed a finding neither replies to it nor confirms it."""

    code = "recognition.same_person"
    fr = "Qui a proposé le constat n'y répond pas et ne le confirme pas : c'est à d'autres."
    en = "Whoever proposed the finding neither replies to it nor confirms it: others do."


class NotOfThePole(Forbidden):
    """The reply to a finding is the pole's."""

    code = "recognition.not_of_the_pole"
    fr = (
        "La réponse à un constat est celle du pôle : qui le représente la donne, sous mandat, "
        "ou qui tient le registre l'enregistre pour lui."
    )
    en = (
        "The reply to a finding is the pole's: its representative gives it, under a mandate, "
        "or who keeps the register records it on its behalf."
    )


class NotHeard(Refused):
    """The pole replies first, or has had the time to."""

    code = "recognition.not_heard"
    fr = "Le pôle n'a pas encore répondu : sans réponse, le constat se confirme à partir du {day}."
    en = "The pole has not replied yet: without a reply, the finding is confirmed from {day} on."


class NotIssued(Refused):
    """What was never made does not end."""

    code = "recognition.not_issued"
    fr = "Ce constat n'est pas confirmé : il s'abandonne, et n'a pas de fin."
    en = "This finding is not confirmed: it is given up, and has no end."


class RecognitionAlreadyEnded(Refused):
    """What has ended does not end again later; it may turn out to have ended earlier."""

    code = "recognition.ended"
    fr = (
        "Cette reconnaissance a déjà pris fin le {end} : "
        "seule une fin plus ancienne pourrait encore être enregistrée."
    )
    en = "This recognition already ended on {end}: only an earlier end could still be recorded."


class EndToCome(Refused):
    """An end is recorded once it has come, unless it is the term (product rule)."""

    code = "recognition.end_to_come"
    fr = (
        "Une reconnaissance ne prend pas fin à l'avance : le {end} n'est pas encore venu, "
        "et ce n'est pas son terme, ou il est déjà enregistré."
    )
    en = (
        "A recognition does not end in advance: {end} has not come yet, "
        "and it is not its term, or that is already recorded."
    )


class RecognitionEndsBeforeItBegins(Refused):
    """An end comes after the first day."""

    code = "recognition.end_before_start"
    fr = (
        "Une reconnaissance vaut au moins un jour : elle a commencé le {start}, "
        "et ne peut pas prendre fin le {end}."
    )
    en = "A recognition holds for a day at least: it began on {start}, and cannot end on {end}."


class FollowsRulesBeforeTheLaw(Refused):
    """A pole is recognised under rules that know of recognitions."""

    code = "recognition.rules_before_the_law"
    fr = (
        "Le {day}, ce pôle suit la version « {followed} » du parcours, écrite avant que cette "
        "reconnaissance n'existe. Faites-lui d'abord suivre une version plus récente, au plus tard "
        "à cette date : « pole.migrate », vers « {to} »."
    )
    en = (
        "On {day} this pole follows the version “{followed}” of the journey, written before this "
        "recognition existed. Let it follow a newer version first, by that day at the latest: "
        "“pole.migrate”, to “{to}”."
    )


REPLY = Marking(
    purpose="recognition_reply",
    holds=Text(fr="ce qu'un pôle répond à un constat", en="what a pole replies to a finding"),
    persons=Text(
        fr="représentants de pôles et personnes qu'ils citent",
        en="representatives of poles, and whom they name",
    ),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.TEN_YEARS,
)


class Recognition(Aggregate):
    """That somebody, on a day, recognised a pole on a ground; it is never a label."""

    class Proposed(Event):
        """Somebody found that a pole is composed as article 9 I says; a second one must too."""

        TOPIC = "recognition.proposed.v1"
        UNDONE_BY = ("recognition.abandon_finding",)
        pole: UUID
        code: Name
        issuer: Line
        evidence: Annotated[tuple[Line, ...], Field(min_length=1)]
        persons: Persons
        """For whom it was found, and by whom."""
        asked_on: date
        """The day from which the pole has time to reply: that of the record, not of the fact."""

    class Replied(Event):
        """The pole said what it thinks of the finding."""

        TOPIC = "recognition.replied.v1"
        UNDONE_BY = ("recognition.reply",)
        position: PoleReply
        words: Annotated[Sealed | None, REPLY]

    class Abandoned(Event):
        """The finding is not made."""

        TOPIC = "recognition.abandoned.v1"
        UNDONE_BY = ("recognition.propose_finding",)
        motive: Prose

    class Issued(Event):
        """A recognition took effect. Its day, ground and source are in the event's context."""

        TOPIC = "recognition.issued.v1"
        STATED_BY = ("recognition.record",)
        BRINGS = ("pole.moved.v1:recognise", "pole.moved.v1:lapse")
        pole: UUID
        recognition_kind: RecognitionKind
        code: Name
        issuer: Line
        evidence: tuple[Line, ...] = later(())
        found_by: tuple[Line, ...] = later(())
        """Of a finding: the two for whom it was made."""
        finders: tuple[Persons, ...] = later(())
        """Of a finding: for each of the two, everybody who had a hand in it."""

    class Ended(Event):
        """It no longer holds: its term came, or it was withdrawn."""

        TOPIC = "recognition.ended.v1"
        STATED_BY = ("recognition.end",)
        BRINGS = ("pole.moved.v1:lapse",)
        withdrawn: bool
        motive: Prose

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.pole: UUID | None = None
        self.recognition_kind = RecognitionKind.WITNESS_2012
        self.code = ""
        self.issuer = ""
        self.evidence: tuple[str, ...] = ()
        self.proposed_by: Persons = ()
        """Of a pending finding: those who made it first."""
        self.asked_on = date.min
        self.is_heard = False
        self.is_issued = False
        self.start = date.min
        self.end: date | None = None
        self.ended = False

    @classmethod
    def issue(
        cls,
        *,
        pole: UUID,
        recognition_kind: RecognitionKind,
        code: str,
        issuer: str,
        ground: str | None,
        occurred_on: PartialDate,
        valid_to: date | None = None,
    ) -> "Recognition":
        """Record what another body decided; a finding is proposed, and confirmed, instead."""
        if not ground:
            raise NoGround
        if recognition_kind is RecognitionKind.COMPOSITION_FINDING:
            raise FoundByTwo
        recognition = cls.new()
        recognition._issue(
            pole, recognition_kind, code, issuer, occurred_on=occurred_on, valid_to=valid_to
        )
        return recognition

    def _issue(
        self,
        pole: UUID,
        recognition_kind: RecognitionKind,
        code: str,
        issuer: str,
        *,
        occurred_on: PartialDate,
        valid_to: date | None,
        evidence: tuple[str, ...] = (),
        finders: tuple[Persons, ...] = (),
    ) -> None:
        start = occurred_on.first_day
        if start and valid_to and valid_to <= start:
            raise RecognitionEndsBeforeItBegins(start=start, end=valid_to)
        self._issued(
            pole=pole,
            recognition_kind=recognition_kind,
            code=code,
            issuer=issuer,
            evidence=evidence,
            found_by=tuple(persons[0] for persons in finders),
            finders=finders,
            valid_to=valid_to,
            occurred_on=occurred_on,
        )

    @classmethod
    def propose(
        cls,
        *,
        pole: UUID,
        code: str,
        issuer: str,
        evidence: tuple[str, ...],
        persons: Persons,
        asked_on: date,
    ) -> "Recognition":
        """Find, as the first of two, that a pole is composed as article 9 I says."""
        recognition = cls.new()
        recognition._proposed(
            pole=pole,
            code=code,
            issuer=issuer,
            evidence=evidence,
            persons=persons,
            asked_on=asked_on,
        )
        return recognition

    def reply(self, *, position: PoleReply, words: Sealed | None, persons: Persons) -> None:
        """Say what the pole thinks of the finding; the last reply counts.

        Refused to whoever proposed it: nobody agrees with themselves.
        """
        _, proposers = self._under_way()
        if share(persons, proposers):
            raise SamePerson
        self._replied(position=position, words=words)

    def _under_way(self) -> tuple[UUID, Persons]:
        if self.pole is None or not self.proposed_by:
            raise NotProposed
        return self.pole, self.proposed_by

    def abandon(self, *, motive: str) -> None:
        self._under_way()
        self._abandoned(motive=motive)

    def confirm(
        self,
        *,
        persons: Persons,
        occurred_on: PartialDate,
        today: date,
        valid_to: date | None,
    ) -> UUID:
        """Make the finding, as the second of two, the pole heard; gives the pole."""
        pole, first = self._under_way()
        if share(persons, first):
            raise SamePerson
        if not self.is_heard and today < self.answered_by:
            raise NotHeard(day=self.answered_by)
        self._issue(
            pole,
            RecognitionKind.COMPOSITION_FINDING,
            self.code,
            self.issuer,
            occurred_on=occurred_on,
            valid_to=valid_to,
            evidence=self.evidence,
            finders=(first, persons),
        )
        return pole

    @property
    def answered_by(self) -> date:
        """The day from which a finding may be confirmed without the pole's reply."""
        return days_after(self.asked_on, DAYS_TO_REPLY)

    def finish(
        self, *, motive: str, withdrawn: bool, occurred_on: PartialDate, today: date
    ) -> None:
        """End it from a day on; of several ends, its term among them, the earliest prevails."""
        if not self.is_issued:
            raise NotIssued
        day = occurred_on.first_day or today
        is_term = day == self.end and not self.ended
        if day > today and not is_term:
            raise EndToCome(end=day)
        if self.end and self.end <= min(day, today):
            raise RecognitionAlreadyEnded(end=self.end)
        if day <= self.start:
            raise RecognitionEndsBeforeItBegins(start=self.start, end=day)
        self._ended(motive=motive, withdrawn=withdrawn, occurred_on=occurred_on)

    def relations_on(self, day: date) -> frozenset[str]:
        """The pole that it is about, and its places with it."""
        return frozenset({f"pole:{self.pole}"} if self.pole else ())

    def in_force_on(self, day: date) -> bool:
        return self.is_issued and covers(self.start, self.end, day)

    @event(Proposed)
    def _proposed(
        self,
        *,
        pole: UUID,
        code: str,
        issuer: str,
        evidence: tuple[str, ...],
        persons: Persons,
        asked_on: date,
    ) -> None:
        self.pole, self.code, self.issuer, self.evidence = pole, code, issuer, evidence
        self.proposed_by, self.asked_on = persons, asked_on
        self.start = self.since

    @event(Replied)
    def _replied(self, *, position: PoleReply, words: Sealed | None) -> None:
        self.is_heard = True

    @event(Abandoned)
    def _abandoned(self, *, motive: str) -> None:
        self.proposed_by = ()

    @event(Issued)
    def _issued(
        self,
        *,
        pole: UUID,
        recognition_kind: RecognitionKind,
        code: str,
        issuer: str,
        evidence: tuple[str, ...],
        found_by: tuple[str, ...],
        finders: tuple[Persons, ...],
        valid_to: date | None,
        occurred_on: PartialDate,
    ) -> None:
        self.pole = pole
        self.recognition_kind = recognition_kind
        self.code = code
        self.proposed_by = ()
        self.is_issued = True
        self.start = self.since
        self.end = valid_to

    @event(Ended)
    def _ended(self, *, motive: str, withdrawn: bool, occurred_on: PartialDate) -> None:
        self.end = min(self.end or self.since, self.since)
        self.ended = True
