"""What a follow-up committee follows: evaluations by a third party, what these recommend."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from domain.case import Case
from domain.follow_up_facts import (
    AwaitedEvaluation,
    Recommendation,
    RecommendationOutcome,
    RecommendationStanding,
)
from domain.follow_up_refusals import (
    EvaluationAlreadyReceived,
    EvaluationNotPlanned,
    EvaluationPlannedTwice,
    FollowUpKnownLater,
    NoSuchRecommendation,
    NotReceivedYet,
    NotStanding,
)
from domain.kernel import Event, event
from domain.recording import must_have_happened
from domain.span import Dated, in_force
from domain.values import Line, Prose
from domain.words import Name, Whole

STANDING = "standing"
"""The one state in which it meets."""


class Followed(Case):
    """A committee as what it awaits, receives and follows (décret n° 2015-431, art. 5)."""

    class EvaluationPlanned(Event):
        """An evaluation by a third party is awaited at the end of a period."""

        TOPIC = "follow_up.evaluation_planned.v1"
        STATED_BY = ("follow_up.plan_evaluation",)
        pole: UUID
        name: Name
        period_ends: date
        paid_by: Line
        evaluation: UUID | None = None

    class EvaluationReceived(Event):
        """Its report was received."""

        TOPIC = "follow_up.evaluation_received.v1"
        STATED_BY = ("follow_up.receive_evaluation",)
        name: Name
        evaluation: UUID | None = None
        document: UUID | None = None

    class RecommendationNoted(Event):
        """It recommends something, that is followed apart."""

        TOPIC = "follow_up.recommendation_noted.v1"
        STATED_BY = ("follow_up.note_recommendation",)
        pole: UUID
        number: Whole
        name: Name
        words: Prose

    class RecommendationSettled(Event):
        """The committee found what became of a recommendation."""

        TOPIC = "follow_up.recommendation_settled.v1"
        STATED_BY = ("follow_up.settle_recommendation",)
        number: Whole
        outcome: RecommendationOutcome
        answer: Prose

    pole: UUID

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._evaluations: dict[str, list[Dated[AwaitedEvaluation]]] = {}
        self._recommendations: dict[int, list[Dated[Recommendation]]] = {}

    # Decisions.

    def must_stand(self, day: date) -> None:
        """Refuse what it does on a day on which it does not stand."""
        if self.state_on(day) != STANDING:
            raise NotStanding(day=day)

    def plan_evaluation(
        self, name: str, *, period_ends: date, paid_by: str, evaluation: UUID | None, day: date
    ) -> None:
        """Await the evaluation of a period by a third party, and say who pays for it."""
        self.must_stand(day)
        if name in self._evaluations:
            raise EvaluationPlannedTwice(name=name)
        self._evaluation_planned(
            pole=self.pole,
            name=name,
            period_ends=period_ends,
            paid_by=paid_by,
            evaluation=evaluation,
        )

    def receive_evaluation(
        self, name: str, *, evaluation: UUID | None, document: UUID | None, day: date
    ) -> None:
        """Record that the report of an evaluation was received."""
        must_have_happened()
        self.must_stand(day)
        awaited = self.evaluation_on(name, day)
        received = self._evaluations[name][-1].value.received_on
        if received:
            raise EvaluationAlreadyReceived(name=name, day=received)
        self._evaluation_received(
            name=name, evaluation=evaluation or awaited.evaluation, document=document
        )

    def note_recommendation(self, name: str, *, words: str, day: date) -> int:
        """Note what an evaluation that was received recommends; give its number."""
        self.must_stand(day)
        if self.evaluation_on(name, day).received_on is None:
            raise NotReceivedYet(name=name, day=day)
        number = len(self._recommendations) + 1
        self._recommendation_noted(pole=self.pole, number=number, name=name, words=words)
        return number

    def settle_recommendation(
        self, number: int, *, outcome: RecommendationOutcome, answer: str, day: date
    ) -> None:
        """Say what became of a recommendation; that may change later."""
        must_have_happened()
        self.must_stand(day)
        told = self._recommendations.get(number, [])
        if in_force(told, day) is None:
            raise NoSuchRecommendation(number=number, day=day)
        must_be_last(told, day)
        self._recommendation_settled(number=number, outcome=outcome, answer=answer)

    # What is known on a day.

    def evaluations_on(self, day: date) -> list[AwaitedEvaluation]:
        """The evaluations planned by a day, as they stand then."""
        found = (in_force(told, day) for told in self._evaluations.values())
        return [one for one in found if one]

    def evaluation_on(self, name: str, day: date) -> AwaitedEvaluation:
        """One of them; refused where there is none."""
        found = in_force(self._evaluations.get(name, []), day)
        if found is None:
            known = ", ".join(one.name for one in self.evaluations_on(day)) or "aucune"
            raise EvaluationNotPlanned(name=name, day=day, known=known)
        return found

    def awaited_periods(self, day: date) -> list[date]:
        """The ends of the periods whose evaluation was not received by a day."""
        return sorted(
            {one.period_ends for one in self.evaluations_on(day) if one.received_on is None}
        )

    def recommendations_on(self, day: date) -> list[Recommendation]:
        """The recommendations noted by a day, as they stand then."""
        found = (in_force(told, day) for told in self._recommendations.values())
        return [one for one in found if one]

    # What is remembered.

    @event(EvaluationPlanned)
    def _evaluation_planned(
        self,
        *,
        pole: UUID,
        name: str,
        period_ends: date,
        paid_by: str,
        evaluation: UUID | None,
    ) -> None:
        planned = AwaitedEvaluation(name, period_ends, paid_by, self.since, evaluation)
        self._evaluations[name] = [self.dated(planned)]

    @event(EvaluationReceived)
    def _evaluation_received(
        self, *, name: str, evaluation: UUID | None, document: UUID | None
    ) -> None:
        told = self._evaluations[name]
        received = replace(
            told[-1].value, evaluation=evaluation, document=document, received_on=self.since
        )
        told.append(self.dated(received))

    @event(RecommendationNoted)
    def _recommendation_noted(self, *, pole: UUID, number: int, name: str, words: str) -> None:
        noted = Recommendation(number, name, words, RecommendationStanding.OPEN, self.since)
        self._recommendations[number] = [self.dated(noted)]

    @event(RecommendationSettled)
    def _recommendation_settled(
        self, *, number: int, outcome: RecommendationOutcome, answer: str
    ) -> None:
        told = self._recommendations[number]
        standing = RecommendationStanding(outcome)
        settled = replace(told[-1].value, standing=standing, since=self.since, answer=answer)
        told.append(self.dated(settled))


def must_be_last(known: Sequence[Dated[Any]], day: date) -> None:
    """Refuse what comes before something that is known of the same."""
    later = [one.since for one in known if one.since > day]
    if later:
        raise FollowUpKnownLater(day=max(later))
