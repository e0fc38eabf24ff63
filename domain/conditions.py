"""The conditions of a commitment: what is reported of each, and what somebody else finds."""

from datetime import date
from uuid import UUID

from domain.after_award import AfterAward
from domain.condition import (
    AlreadyMet,
    ApprovedOnIt,
    Condition,
    ConditionKind,
    ConditionNotReported,
    ConditionStanding,
    ConditionState,
    ConditionTold,
    LaterFactKnown,
    MetByItself,
    OwnConditionReport,
    UnknownCondition,
    WithoutProof,
)
from domain.distinct import Persons, share
from domain.kernel import Event, event
from domain.recording import must_have_happened
from domain.running import Running, latest
from domain.values import Prose
from domain.words import Name, Whole


class Conditioned(AfterAward):
    """A commitment as the conditions of its convention, and what is known of each."""

    class ConditionReported(Event):
        """The pole, or somebody for it, said what was done about a condition, with evidence."""

        TOPIC = "commitment.condition_reported.v1"
        UNDONE_BY = ("commitment.report_condition",)
        condition: Name
        words: Prose | None = None
        documents: tuple[UUID, ...] = ()
        value: Whole | None = None
        persons: Persons

    class ConditionFound(Event):
        """Somebody else than who reported found whether it is met."""

        TOPIC = "commitment.condition_found.v1"
        UNDONE_BY = ("commitment.find_condition",)
        condition: Name
        met: bool
        reasons: Prose
        persons: Persons

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._clauses: list[Running[tuple[Condition, ...]]] = []
        """The conditions as the convention, then each amendment, names them."""
        self._said: dict[str, list[Running[ConditionTold]]] = {}

    def report_condition(
        self,
        name: str,
        *,
        words: str | None,
        documents: tuple[UUID, ...],
        value: int | None,
        persons: Persons,
        day: date,
    ) -> None:
        """Say what was done about a condition that is not found met."""
        must_have_happened()
        found = self._condition(name, day)
        if found.is_met and found.since:
            raise AlreadyMet(title=found.condition.title, day=found.since)
        self._condition_reported(
            condition=name, words=words, documents=documents, value=value, persons=persons
        )

    def find_condition(
        self, name: str, *, met: bool, reasons: str, persons: Persons, day: date
    ) -> None:
        """Find whether a condition is met: not by who reported, and on what it needs."""
        must_have_happened()
        found = self._condition(name, day)
        title, said = found.condition.title, self._last_said(name)
        if met and found.standing is not ConditionStanding.REPORTED:
            raise ConditionNotReported(title=title)
        if said and found.standing is ConditionStanding.REPORTED and share(persons, said.reporters):
            raise OwnConditionReport
        if met and (wanting := _wanting(found)):
            raise WithoutProof(title=title, wanting=wanting)
        if not met and (rests := self.relying_on(name, day)):
            raise ApprovedOnIt(tranche=rests[0], day=rests[1], title=title)
        self._condition_found(condition=name, met=met, reasons=reasons, persons=persons)

    def relying_on(self, condition: str, day: date) -> tuple[str, date] | None:
        """A tranche that was approved on a condition, on a day or later; the first, and when."""
        return None

    def _condition(self, name: str, day: date) -> ConditionState:
        known = self.conditions_on(day)
        if name not in known:
            titles = ", ".join(known) or "aucune"
            raise UnknownCondition(name=name[:60], day=day, known=titles)
        found = known[name]
        if found.condition.kind is ConditionKind.DATE:
            day_of_it = found.condition.not_before
            raise MetByItself(title=found.condition.title, day=day_of_it)
        last = max((said.since for said in self._said.get(name, ())), default=date.min)
        last = max([last, *(text.since for text in self._clauses)])
        if day < last:
            raise LaterFactKnown(title=found.condition.title, last=last)
        return found

    def _last_said(self, name: str) -> ConditionTold | None:
        said = self._said.get(name)
        return said[-1].value if said else None

    # What is known on a day.

    def clauses_on(self, day: date) -> tuple[Condition, ...]:
        """The conditions that the convention names on a day."""
        found = latest(self._clauses, day)
        return found.value if found else ()

    def conditions_on(self, day: date) -> dict[str, ConditionState]:
        """Every condition of the convention as it stands on a day, in its order."""
        return {named.id: self._state(named, day) for named in self.clauses_on(day)}

    def _state(self, named: Condition, day: date) -> ConditionState:
        if named.kind is ConditionKind.DATE:
            come = named.not_before is not None and named.not_before <= day
            standing = ConditionStanding.MET if come else ConditionStanding.PENDING
            return ConditionState(named, standing, named.not_before if come else None)
        begins = self._named_since(named, day)
        said = latest((s for s in self._said.get(named.id, ()) if s.place >= begins), day)
        if said is None:
            return ConditionState(named)
        told = said.value
        return ConditionState(
            named, told.standing, said.since, told.words, told.documents, told.value, told.reasons
        )

    def _named_since(self, named: Condition, day: date) -> tuple[date, int]:
        """From where on the convention asks for just this: what was said before was of another."""
        begins = (date.max, 0)
        texts = sorted((t for t in self._clauses if t.since <= day), key=lambda t: t.place)
        for text in reversed(texts):
            if not any(one.is_same_as(named) for one in text.value):
                break
            begins = text.place
        return begins

    # What is remembered.

    def _name_conditions(self, conditions: tuple[Condition, ...]) -> None:
        self._clauses.append(Running(self.since, self.version, conditions))

    @event(ConditionReported)
    def _condition_reported(
        self,
        *,
        condition: str,
        words: str | None,
        documents: tuple[UUID, ...],
        value: int | None,
        persons: Persons,
    ) -> None:
        said = ConditionTold(ConditionStanding.REPORTED, words, documents, value, persons)
        self._say(condition, said)

    @event(ConditionFound)
    def _condition_found(
        self, *, condition: str, met: bool, reasons: str, persons: Persons
    ) -> None:
        before = self._last_said(condition)
        self._say(
            condition,
            ConditionTold(
                ConditionStanding.MET if met else ConditionStanding.NOT_MET,
                before.words if before else None,
                before.documents if before else (),
                before.value if before else None,
                before.reporters if before else (),
                reasons,
            ),
        )

    def _say(self, condition: str, said: ConditionTold) -> None:
        self._said.setdefault(condition, []).append(Running(self.since, self.version, said))


def _wanting(found: ConditionState) -> str | None:
    """What was reported does not give of what a condition needs; `None` where nothing wants."""
    match found.condition.kind:
        case ConditionKind.EVIDENCE if not found.documents:
            return "aucune pièce n'a été jointe"
        case ConditionKind.INDICATOR if found.value is None:
            return "la mesure n'a pas été donnée"
        case ConditionKind.INDICATOR if not found.condition.is_reached(found.value or 0):
            return f"la mesure donnée, {found.value}, n'atteint pas ce qui est demandé"
        case _:
            return None
