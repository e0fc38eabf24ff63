"""Bring cases from one version of a journey to another, many at once, and back again."""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.bulk import LARGEST, Nobody, TooMany
from application.case import called, case_of, cases_field, loaded
from application.command import Command, Work
from application.offices import MIGRATORS
from application.unit import Outcome
from application.world import Moment, World
from domain.case import Case, journey_id
from domain.dates import paris_day
from domain.difference import RightChange, rights_between, ways_changed
from domain.errors import Conflict, Damaged, JalonError, NotFound, Refused, Unavailable
from domain.journey import Journey, JourneyRef
from domain.rulebook import RULEBOOK, Rulebook
from domain.rules import CompiledJourney
from domain.values import Frozen


class CaseEnded(Refused):
    """A case that has come to its end stays as it is."""

    code = "journey.case_ended"
    fr = "L'étape « {state} » est un terme : {case} reste sous ses règles."
    en = "The stage “{state}” is an end: {case} stays under its rules."


class VariablesMissing(Refused):
    """The other version asks about values that nothing has ever set."""

    code = "journey.variables_missing"
    fr = "Le parcours {to} demande ce que n'a pas {case} : {names}."
    en = "The journey {to} asks for what {case} has not: {names}."


class LaterVersion(Refused):
    """What is recorded of a later day prevails over a migration of this one."""

    code = "journey.later_version"
    fr = "À partir du {since}, {case} suit {journey} : aucune migration avant ce jour."
    en = "From {since} on, {case} follows {journey}: it is not migrated before that day."


def refuse_migration(case: Case, followed: Journey, to: CompiledJourney, day: date) -> str:
    """The state in which a case goes on under another version; refused where it cannot."""
    last = case.track(to.journey.id).journeys.last
    if last.since > day:
        raise LaterVersion(journey=last.value, since=last.since, case=case.this)
    stands, there = case.state_under(to.journey, day)
    state = followed.state.get(stands)
    if state and state.final:
        raise CaseEnded(state=state.title.fr or stands, case=case.this)
    if missing := _missing(case, to, there):
        raise VariablesMissing(to=to.journey.ref, names=", ".join(missing), case=case.this)
    return there


def _missing(case: Case, to: CompiledJourney, state: str) -> list[str]:
    """The variables asked about on the ways out of a state, that the case would not have."""
    stay = case.track(to.journey.id).states.last
    unset = {
        f"var.{v.id}": v.title.fr or v.id
        for v in to.journey.variables
        if v.default is None and v.expression is None and stay.variables.get(v.id) is None
    }
    asked = (
        name
        for way in to.journey.ways_out(state)
        for clause in to.clauses[way.id]
        for name in clause.reads
    )
    return [unset[name] for name in dict.fromkeys(asked) if name in unset]


# --- the plan ----------------------------------------------------------------------------------


class CasePlan(Frozen):
    """What would become of one case."""

    id: UUID
    code: str
    name: str
    journey: str
    """The version that it follows."""
    state: str
    to_state: str | None
    """Where it would go on; nowhere, where it cannot move."""
    reason: str | None = None
    """Why it cannot."""
    code_of_refusal: str | None = None
    opens: tuple[str, ...] = ()
    """Transitions it gains."""
    closes: tuple[str, ...] = ()
    """Transitions it loses."""
    rights: tuple[RightChange, ...] = ()

    @property
    def is_possible(self) -> bool:
        return self.to_state is not None


class Plan(Frozen):
    """Which cases would move to a version, and which cannot."""

    to: str
    sources: tuple[str, ...]
    """The versions from which cases would move."""
    possible: int
    refused: int
    items: tuple[CasePlan, ...]


def plan(
    world: World, to: str, *, sources: Collection[str] = (), moment: Moment | None = None
) -> Plan:
    """What a migration would do now, or at a moment; it asks what the migration itself asks.

    Args:
        sources: the versions whose cases would move; all those before it, unless given.
    """
    target = world.compiled(to)
    day, until = paris_day(world.clock()), None
    if moment:
        day, until = moment.in_force, moment.known
    rulebook = world.load(Rulebook, RULEBOOK, until) or Rulebook(RULEBOOK)
    rulebook.admit(to, day)
    return _plan(world, target, _sources(rulebook, target.journey, sources), day, until)


def draft_plan(world: World, draft: Journey) -> Plan:
    """What a migration to a draft would do now, if it were published."""
    rulebook = world.load(Rulebook, RULEBOOK) or Rulebook(RULEBOOK)
    chosen = _sources(rulebook, draft, ())
    return _plan(world, world.compile(draft), chosen, paris_day(world.clock()), None)


def _plan(
    world: World, target: CompiledJourney, chosen: list[str], day: date, until: int | None
) -> Plan:
    items = [
        _planned(world, case, target, day)
        for case in loaded(world, target.journey.id, until)
        if case.track(target.journey.id).journey_on(day) in chosen
    ]
    items.sort(key=lambda item: item.code)
    possible = sum(item.is_possible for item in items)
    return Plan(
        to=target.journey.ref,
        sources=tuple(chosen),
        possible=possible,
        refused=len(items) - possible,
        items=tuple(items),
    )


def _sources(rulebook: Rulebook, to: Journey, given: Collection[str]) -> list[str]:
    """The versions to leave, oldest first."""
    for ref in given:
        if ref not in rulebook.journeys or journey_id(ref) != to.id:
            raise NotFound(name=ref)
    if given:
        return sorted(set(given) - {to.ref})
    known = sorted(ref for ref, (j, _) in rulebook.journeys.items() if j.id == to.id)
    return [ref for ref in known if ref < to.ref]


def _planned(world: World, case: Case, to: CompiledJourney, day: date) -> CasePlan:
    track = case.track(to.journey.id)
    journey = track.journey_on(day) or track.journey
    followed = world.compiled(journey).journey
    state = track.state_on(day) or track.states.last.value
    code, name = called(case)
    about = {"id": case.id, "code": code, "name": name, "journey": journey, "state": state}
    try:
        there = refuse_migration(case, followed, to, day)
    except JalonError as refusal:
        said = str(refusal)
        return CasePlan(to_state=None, reason=said, code_of_refusal=refusal.code, **about)
    opens, closes = ways_changed(followed, state, to.journey, there)
    return CasePlan(
        to_state=there,
        opens=tuple(opens),
        closes=tuple(closes),
        rights=tuple(rights_between(followed, state, to.journey, there)),
        **about,
    )


def returning(world: World, ref: str, until: int | None = None) -> list[UUID]:
    """The cases that a migration brought to a version, by code: those that could go back."""
    world.compiled(ref)
    found = {}
    for case in loaded(world, journey_id(ref), until):
        last = case.track(journey_id(ref)).journeys.last
        if last.value == ref and last.came_from is not None:
            found[called(case)[0]] = case.id
    return [found[code] for code in sorted(found)]


# --- the commands ------------------------------------------------------------------------------


class OnCases(Command):
    """Something done with many cases in one commit, each with its outcome."""

    cases: tuple[UUID, ...] = cases_field("Les cas (pôles, tours d'évaluation), mille au plus.")

    @override
    def execute(self, work: Work) -> UUID:
        cases = tuple(dict.fromkeys(self.cases))
        if not cases:
            raise Nobody
        if len(cases) > LARGEST:
            raise TooMany(number=len(cases))
        self.prepare(work)
        for id_ in cases:
            work.outcomes.append(self._attempt(work, id_))
        return work.identity

    def _attempt(self, work: Work, id_: UUID) -> Outcome:
        try:
            with work.attempt() as recorded:
                case = case_of(work.get, id_)
                self.act(work, case)
                work.save(case)
        except (Unavailable, Damaged, Conflict):  # no fault of this one
            raise
        except JalonError as refusal:
            return Outcome(id_, refusal=refusal)
        return Outcome(id_, id_, tuple(recorded))

    def prepare(self, work: Work) -> None:
        """Refuse what is wrong with all of them."""

    @abstractmethod
    def act(self, work: Work, case: Case) -> None:
        """Do it with one; nothing, where it was done before."""


class MigrateCases(
    OnCases,
    name="journey.migrate_cases",
    says="Faire suivre à plusieurs cas une autre version du parcours ; chacun a son issue.",
    by=MIGRATORS,
):
    """Bring cases to another version of a journey; one that follows it already is left as it is."""

    to: JourneyRef = Field(description="La version à suivre.")

    @override
    def prepare(self, work: Work) -> None:
        work.compiled(self.to)
        work.rulebook().admit(self.to, work.day)

    @override
    def act(self, work: Work, case: Case) -> None:
        to = work.compiled(self.to)
        track = case.track(to.journey.id)
        if track.journey == self.to:
            return
        refuse_migration(case, work.compiled(track.journey).journey, to, work.day)
        case.migrate(to.journey, occurred_on=work.occurred_on)


class RevertCases(
    OnCases,
    name="journey.revert_cases",
    says="Rendre à plusieurs cas la version et l'étape d'avant leur migration.",
    by=MIGRATORS,
):
    """Give cases back the version and the state from which they were migrated to a journey."""

    journey: JourneyRef = Field(description="La version à laquelle la migration les a amenés.")

    @override
    def prepare(self, work: Work) -> None:
        work.compiled(self.journey)

    @override
    def act(self, work: Work, case: Case) -> None:
        case.go_back(self.journey, occurred_on=work.occurred_on)


def batches(ids: Sequence[UUID], size: int) -> Iterator[tuple[UUID, ...]]:
    """Cases, so many at a time."""
    for start in range(0, len(ids), size):
        yield tuple(ids[start : start + size])
