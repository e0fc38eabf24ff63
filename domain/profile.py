"""The profile of a pole: entries that are described, described again and ended, each by its days.

The référentiel d'action of 2012 calls profile what a pole is at one moment, among the diversity of
poles. An entry keeps its identity when it is described again; what it was before stays readable.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pydantic import Field

from domain.dates import PartialDate, paris_day
from domain.entry import (
    Action,
    Body,
    Entry,
    EntryId,
    Families,
    Figure,
    PoleObjective,
    Resource,
    Shared,
)
from domain.errors import NotFound, Refused
from domain.kernel import Event, event
from domain.members import Members
from domain.recording import new_identity, recording
from domain.span import Dated, in_force
from domain.values import Line, Prose

# --- refusals ----------------------------------------------------------------------------------


class NoSuchEntry(NotFound):
    """The pole has no such entry."""

    code = "profile.unknown_entry"
    fr = "Le pôle n'a pas de rubrique {entry}."
    en = "The pole has no entry {entry}."


class EntryNotInForce(Refused):
    """What does not hold on a day is neither ended nor measured then."""

    code = "profile.not_in_force"
    fr = "Cette rubrique ne vaut pas à cette date ({day})."
    en = "This entry does not hold on that day ({day})."


class EntryHasEnded(Refused):
    """What was ended is not described again."""

    code = "profile.entry_ended"
    fr = "Cette rubrique a pris fin le {day} : décrivez-en une nouvelle."
    en = "This entry ended on {day}: describe a new one."


class OtherKind(Refused):
    """An entry stays what it is."""

    code = "profile.other_kind"
    fr = "Cette rubrique est d'une autre nature : décrivez-en une nouvelle."
    en = "This entry is of another kind: describe a new one."


class NotMembersThen(Refused):
    """An entry names as members only those who are."""

    code = "profile.not_members"
    fr = "Le pôle ne compte pas ce membre à cette date : {members}."
    en = "The pole has no such member on that day: {members}."


class EntryWithoutSource(Refused):
    """Figures differ from one source to another: without its source, a figure says nothing."""

    code = "profile.figure_without_source"
    fr = "Un chiffre s'enregistre avec sa source, dans « source »."
    en = "A figure is recorded with its source, in “source”."


class NothingOfResource(Refused):
    """A resource is an amount, or a contribution in kind."""

    code = "profile.empty_resource"
    fr = "Une ressource est un montant (« amount_cents ») ou un apport en nature (« in_kind »)."
    en = "A resource is an amount (“amount_cents”) or a contribution in kind (“in_kind”)."


class YearToCome(Refused):
    """Nobody has lived on anything in a year that has not begun (product rule)."""

    code = "profile.year_to_come"
    fr = (
        "L'année {year} n'a pas commencé : une ressource dit ce dont le pôle a vécu. "
        "Ce qu'il vise se dit par un objectif."
    )
    en = (
        "The year {year} has not begun: a resource is what the pole lived on. "
        "What it aims at is said by an objective."
    )


class NoFamily(Refused):
    """A pole of no family is said to be of none by ending the entry."""

    code = "profile.no_family"
    fr = "Il faut nommer au moins une famille ; un autre cas se dit dans « words »."
    en = "At least one family must be named; another case is said in “words”."


class ObjectiveHasNoTerm(Refused):
    """An objective is due, or given up; it does not merely stop holding."""

    code = "profile.objective_term"
    fr = (
        "Un objectif a une échéance (« due ») et non un terme : "
        "s'il est abandonné, mettez fin à la rubrique, avec le motif."
    )
    en = (
        "An objective is due on a day (“due”) and has no term: "
        "if it is given up, end the entry, with the motive."
    )


class NotAnObjective(Refused):
    """Only an objective is measured."""

    code = "profile.not_an_objective"
    fr = "Seul un objectif se mesure ; cette rubrique n'en est pas un."
    en = "Only an objective is measured; this entry is not one."


class OtherUnit(Refused):
    """An indicator is followed in one unit."""

    code = "profile.other_unit"
    fr = "Cet indicateur se mesure en « {unit} », et non en « {given} »."
    en = "This indicator is measured in “{unit}”, not in “{given}”."


# --- what is remembered ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Description:
    """An entry as it was described; `order` is the version of the event that says so."""

    value: Entry
    order: int
    occurred_on: PartialDate


@dataclass(frozen=True, slots=True)
class Measure:
    """A value of an indicator, from a day on until the next one."""

    since: date
    order: int
    occurred_on: PartialDate
    value: str
    unit: str


class Described(Members):
    """An aggregate that is described by entries, beside its members."""

    class EntryDescribed(Event):
        """Something of the pole was described: an action, a need, a resource…"""

        TOPIC = "pole.entry_described.v1"
        STATED_BY = (
            "pole.describe_action",
            "pole.describe_function",
            "pole.describe_need",
            "pole.describe_premises",
            "pole.describe_sector",
            "pole.link_policy",
            "pole.record_resource",
            "pole.set_body",
            "pole.set_families",
            "pole.set_objective",
        )
        GIVES = "entry"
        entry: EntryId
        value: Entry = Field(discriminator="type")

    class EntryEnded(Event):
        """It no longer holds."""

        TOPIC = "pole.entry_ended.v1"
        STATED_BY = ("pole.end_entry",)
        entry: EntryId
        motive: Prose

    class IndicatorMeasured(Event):
        """The indicator of an objective was measured; who says so is the source of the event."""

        TOPIC = "pole.indicator_measured.v1"
        STATED_BY = ("pole.measure_indicator",)
        entry: EntryId
        value: Figure
        unit: Line

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._entries: dict[EntryId, list[Dated[Description | None]]] = {}
        """What was said of each, in the order of recording; nothing, from its end on."""
        self._measures: dict[EntryId, list[Measure]] = {}

    # Decisions.

    def describe(
        self,
        value: Entry,
        *,
        day: date,
        entry: EntryId | None = None,
        source: str | None = None,
        until: date | None = None,
    ) -> EntryId:
        """Describe something new, or an entry again, from a day on.

        Args:
            until: the day from which the description is said not to hold.
        """
        self._living()
        if entry is not None:
            self._may_describe_again(entry, value)
        _admit(value, source=source, until=until)
        if isinstance(value, Shared):
            present = {member for member, _ in self.members_on(day)}
            absent = [str(member) for member in value.members if member not in present]
            if absent:
                raise NotMembersThen(members=", ".join(absent))
        entry = entry or EntryId(new_identity())
        self._entry_described(entry=entry, value=value)
        return entry

    def _may_describe_again(self, entry: EntryId, value: Entry) -> None:
        said = self._entries.get(entry)
        if said is None:
            raise NoSuchEntry(entry=entry)
        if said[-1].value is None:
            raise EntryHasEnded(day=said[-1].since)
        if type(said[-1].value.value) is not type(value):
            raise OtherKind

    def end_entry(self, entry: EntryId, *, motive: str, day: date) -> None:
        """Let an entry hold no longer from a day on."""
        self._living()
        self._holding(entry, day)
        self._entry_ended(entry=entry, motive=motive)

    def measure(
        self, entry: EntryId, *, value: str, unit: str | None, day: date, source: str | None
    ) -> None:
        """Record a value of the indicator of an objective, in its unit.

        Nothing is concluded from it: an objective is neither passed nor failed here.
        """
        self._living()
        if not source:
            raise EntryWithoutSource
        objective = self._holding(entry, day).value
        if not isinstance(objective, PoleObjective):
            raise NotAnObjective
        if unit not in (None, objective.unit):
            raise OtherUnit(unit=objective.unit, given=unit)
        self._indicator_measured(entry=entry, value=value, unit=objective.unit)

    def _holding(self, entry: EntryId, day: date) -> Description:
        said = self._entries.get(entry)
        if said is None:
            raise NoSuchEntry(entry=entry)
        if said[-1].value is None:
            raise EntryHasEnded(day=said[-1].since)
        described = in_force(said, day)
        if described is None:
            raise EntryNotInForce(day=day)
        return described

    # What is known on a day.

    def entry_on(self, entry: EntryId, day: date) -> Entry | None:
        """An entry as it holds on a day, if it does."""
        described = in_force(self._entries.get(entry, ()), day)
        return described.value if described else None

    def entries_on(self, day: date) -> Iterator[tuple[EntryId, Description]]:
        """The entries that hold on a day, in the order in which they were first described."""
        for entry, said in self._entries.items():
            described = in_force(said, day)
            if described:
                yield entry, described

    def measures_until(self, entry: EntryId, day: date) -> list[Measure]:
        """The measures of an objective up to a day, by date; of one date, the last recorded."""
        dated: dict[date, Measure] = {}
        for measure in self._measures.get(entry, ()):
            if measure.since <= day:
                dated[measure.since] = measure
        return [dated[since] for since in sorted(dated)]

    def body_on(self, entry: EntryId, day: date) -> Body | None:
        """A body of its governance, as it is on a day."""
        value = self.entry_on(entry, day)
        return value if isinstance(value, Body) else None

    def member_action_on(self, entry: EntryId, day: date) -> Action | None:
        """An action in which at least one member takes part, as it is on a day."""
        value = self.entry_on(entry, day)
        return value if isinstance(value, Action) and value.members else None

    # What is remembered.

    @event(EntryDescribed)
    def _entry_described(self, *, entry: EntryId, value: Entry) -> None:
        described = Description(value, self.version, self.occurred_on)
        self._entries.setdefault(entry, []).append(self.dated(described))
        self._heard()

    @event(EntryEnded)
    def _entry_ended(self, *, entry: EntryId, motive: str) -> None:
        self._entries[entry].append(Dated(self.since, None, None))
        self._heard()

    @event(IndicatorMeasured)
    def _indicator_measured(self, *, entry: EntryId, value: str, unit: str) -> None:
        measure = Measure(self.since, self.version, self.occurred_on, value, unit)
        self._measures.setdefault(entry, []).append(measure)
        self._heard()


def _admit(value: Entry, *, source: str | None, until: date | None) -> None:
    """Refuse what a kind of entry does not allow, whoever describes it."""
    match value:
        case Resource():
            if value.amount_cents is None and value.in_kind is None:
                raise NothingOfResource
            if not source:
                raise EntryWithoutSource
            if value.year > paris_day(recording().now).year:
                raise YearToCome(year=value.year)
        case PoleObjective():
            if until:
                raise ObjectiveHasNoTerm
            if value.baseline is not None and not source:
                raise EntryWithoutSource
        case Families() if not value.families:
            raise NoFamily
