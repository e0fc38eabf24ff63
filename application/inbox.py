"""What waits: for whom each case waits, since when and for what."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from shlex import quote
from typing import Any, Literal
from uuid import UUID

from application.awaited import THINGS, Pending
from application.case import CONCEPTS
from application.kept import KeptAnswers
from application.listing import EVERY_LIST
from application.mandate import MandateLine
from application.register import PoleLine
from application.ways import Lifting
from application.wording import uncapital
from application.world import Moment, World
from domain.case import Case
from domain.dates import paris_day
from domain.deadline import DueDeadline
from domain.distinct import share
from domain.errors import Invalid
from domain.journey import Input, Journey, clauses_of
from domain.kernel import Aggregate
from domain.mandate import EVERYWHERE
from domain.pole import Pole
from domain.rights import Who
from domain.roles import Role
from domain.rules import CompiledJourney, Value, fact_values, instant
from domain.spelling import same
from domain.track import Stay, Track
from domain.values import Frozen
from domain.workflow import Finding, Status
from domain.worklist import Wait, asks_the_time, can_lift, for_whom, waits


class NotAKind(Invalid):
    """A kind of thing that never waits."""

    code = "inbox.kind"
    fr = "« {text} » n'est pas une sorte de chose qui attend ; au choix : {known}."
    en = "“{text}” is no kind of thing that waits; one of: {known}."


class WaitLine(Frozen):
    """One thing that a case waits for, in words.

    An *act* is what a thing beside the journeys waits for.
    """

    kind: Literal["deadline", "worklist", "step", "clauses", "act"]
    id: str
    title: str
    roles: tuple[str, ...]
    status: Status | None
    missing_input: tuple[str, ...]
    conditions: tuple[Lifting, ...]
    wanting: int
    due: date | None = None
    passed: bool = False
    says: str = ""
    """Of an act: what it is about."""
    command: str = ""
    """Of an act: the command that does it, and what of it is known."""
    given: dict[str, str] = {}

    @property
    def spoken(self) -> str:
        """Of an act: the command as it begins on a command line."""
        said = " ".join(f"--{name.replace('_', '-')} {quote(v)}" for name, v in self.given.items())
        verb = self.command.replace(".", " ", 1).replace("_", "-")
        return f"jalon {verb} {said}" if verb else ""

    @property
    def key(self) -> str:
        """What the same wait of another case is called."""
        return f"{self.kind}.{self.id}"


class CaseLine(Frozen):
    """A case beside the poles that may wait for somebody: a round of one of them, a call."""

    id: UUID
    concept: str
    code: str
    name: str
    region: str | None = None
    department: str | None = None
    pole: UUID | None = None
    """The pole it is about, if there is one."""
    address: str = ""
    """Where it is read."""


def case_line(concept: str, line: Any, pole: PoleLine | None) -> CaseLine:
    """A line of a list of cases, as it may wait for somebody, beside the pole it is about."""
    listed = EVERY_LIST[concept]
    called = getattr(line, listed.called) if listed.called else uncapital(listed.thing)
    return CaseLine(
        id=line.id,
        concept=concept,
        code=line.code,
        name=f"{pole.name} : {called}" if pole else called,
        region=pole and pole.region,
        department=pole and pole.department,
        pole=pole and pole.id,
        address=f"{listed.detail[1]}{line.id}#manque" if listed.detail else listed.path,
    )


class StandingLine(Frozen):
    """Where a case stands, and for how long."""

    id: UUID
    concept: str = "pole"
    """What it is a case of."""
    code: str
    name: str
    region: str | None
    department: str | None
    journey: str
    journey_title: str
    """Empty for the journey that the case began with."""
    stage: str
    stage_title: str
    occurred_on: str
    since: date
    days: int
    """From the day the stage was entered to the day asked about."""
    exact: bool
    """Whether that day is known; otherwise the first that it may have been, or its recording."""
    pole: UUID | None = None
    """The pole it is, or is about."""
    address: str = ""
    """Where it is read, if it is no pole."""
    concept_title: str = ""
    """What it is, in words."""

    @property
    def page(self) -> str:
        """The address at which it is read."""
        return self.address or f"/poles/{self.code}#manque"


class InboxLine(StandingLine):
    """A case, or a thing beside them, that waits for somebody."""

    waits: tuple[WaitLine, ...]


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in relation to something; for whom, where that is known."""

    relation: str
    role: Role
    principal: str | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who is asked about: the roles held, each in relation to something, or everywhere."""

    held: tuple[Held, ...]
    account: UUID | None = None
    """Whose they are, where one person is asked about."""

    @classmethod
    def of_role(cls, role: Role) -> "Holder":
        """Whoever holds a role, wherever that is."""
        return cls((Held(EVERYWHERE, role),))

    @classmethod
    def of_mandates(cls, held: Iterable[MandateLine], account: UUID | None = None) -> "Holder":
        """Somebody, by the mandates they hold."""
        return cls(tuple(Held(m.relation, m.role, m.principal) for m in held), account)

    def may_hold(self, roles: Collection[str]) -> bool:
        """Whether something that waits for some roles may wait for who is asked about."""
        return bool(self.account) or any(held.role in roles for held in self.held)

    def roles_about(self, relations: Collection[str]) -> frozenset[str]:
        """The roles held in relation to something, by what a role may be held about for it."""
        return frozenset(held.role for held in self._reaching(relations))

    def _reaching(self, relations: Collection[str]) -> Iterator[Held]:
        return (held for held in self.held if same(held.relation) in relations)

    def may_do(self, awaited: Pending, by: Collection[str], relations: Collection[str]) -> bool:
        """Whether a thing waits for who is asked about.

        It does not for a second person in the place of the first, nor for who has done their part.
        """
        if awaited.account and self.account:
            return awaited.account == self.account
        account = (f"account:{self.account}",) if self.account else ()
        return any(
            held.role in by
            and not share((held.principal, *account) if held.principal else account, awaited.out)
            and not (held.principal and share((held.principal,), awaited.done_for))
            for held in self._reaching(relations)
        )


def relations_of(case: Case | None, day: date, region: str | None) -> set[str]:
    """What a mandate may be given for, to be one about a case."""
    relations = {EVERYWHERE, *map(same, case.relations_on(day) if case else ())}
    return relations | ({same(f"region:{region}")} if region else set())


def inbox(
    world: World,
    cases: Iterable[PoleLine | CaseLine],
    moment: Moment,
    *,
    holder: Holder | None,
    kept: KeptAnswers | None = None,
) -> list[InboxLine]:
    """The cases that wait for somebody, those that have waited longest first.

    Args:
        cases: the candidates, as lists show them at that moment.
        holder: who is asked about; whoever they wait for, where it is `None`.
        kept: what was answered before of that day, and holds still.
    """
    kept = kept or KeptAnswers.of(moment, world.clock())
    found = []
    for line in cases:
        key = ("waits", line.concept if isinstance(line, CaseLine) else "pole", line.id)
        for waiting in kept.ask(world, key, line, partial(_waiting, line, moment)):
            who = Who(holder.roles_about(waiting.relations)) if holder else None
            if (who is None or who.roles) and (told := waiting.line_for(who)):
                found.append(told)
    return sorted(found, key=longest_first)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A case that waits in one of its journeys, whoever it waits for."""

    told: Mapping[str, Any]
    compiled: CompiledJourney
    waits: Sequence[Wait]
    relations: Collection[str]
    """What a role may be held about, to be one about it."""
    lines: dict[Who | None, InboxLine | None]
    """Its line for each who asked."""

    def line_for(self, who: Who | None) -> InboxLine | None:
        """What of it waits for somebody, in words."""
        if who not in self.lines:
            state = self.told["stage"]
            waiting = for_whom(self.compiled.journey, state, self.waits, who)
            lines = tuple(_wait_line(self.compiled, state, wait) for wait in waiting)
            self.lines[who] = InboxLine(**self.told, waits=lines) if lines else None
        return self.lines[who]


def _waiting(line: PoleLine | CaseLine, moment: Moment, world: World) -> tuple[Waiting, ...]:
    """A case in each of the journeys in which it waits for anybody."""
    found = []
    for standing in standings(world, [line], moment):
        facts = standing.facts()
        all_waits = waits(
            standing.compiled,
            standing.stay.value,
            facts,
            standing.stay.variables,
            who=None,
            now=standing.now,
            deadlines=standing.deadlines(facts),
        )
        if all_waits:
            relations = relations_of(standing.case, moment.in_force, line.region)
            told = standing.told()
            found.append(Waiting(told, standing.compiled, all_waits, relations, {}))
    return tuple(found)


def case_kinds() -> dict[str, str]:
    """What the cases that may wait are called, by their concept."""
    listed = {name: EVERY_LIST[name] for name in CONCEPTS if name in EVERY_LIST}
    named = {name: of.thing or of.title for name, of in listed.items()}
    return {"pole": "Parcours d'un pôle", **named}


def kinds() -> dict[str, str]:
    """Everything that may wait, by its name, with what it is called."""
    return {**case_kinds(), **{name: thing.title for name, thing in THINGS.items()}}


def check_kind(kind: str | None) -> None:
    """Refuse a kind of thing that never waits."""
    if kind is not None and kind not in kinds():
        raise NotAKind(text=kind[:40], known=", ".join(kinds()))


def longest_first(line: StandingLine) -> tuple[int, str]:
    """The order of what waits."""
    return -line.days, line.code


# --- where a case stands ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """A case in one of its journeys, at a moment."""

    world: World
    line: PoleLine | CaseLine
    case: Case
    track: Track
    stay: Stay
    compiled: CompiledJourney
    moment: Moment
    now: datetime

    @property
    def days(self) -> int:
        """Since it entered its stage."""
        return (self.moment.in_force - self.stay.since).days

    def facts(self) -> dict[str, Value]:
        """What its rules may ask about, on the day."""
        day = self.moment.in_force
        known = fact_values(self.case.facts_on(day, self._read))
        return {**known, **self.case.engine_facts_on(day, self.compiled.journey, known)}

    def deadlines(self, facts: Mapping[str, Value]) -> list[DueDeadline]:
        """Those of its stages."""
        return self.case.deadlines_on(self.moment.in_force, self.compiled.journey, facts)

    def _read(self, cls: type[Aggregate], id_: UUID) -> Any:
        return self.world.load(cls, id_, self.moment.known)

    def told(self) -> dict[str, Any]:
        """What a line says of where it stands."""
        journey = self.compiled.journey
        is_main = self.track is self.case.main
        state = journey.state.get(self.stay.value)
        concept = self.line.concept if isinstance(self.line, CaseLine) else "pole"
        return {
            "id": self.case.id,
            "concept": concept,
            "concept_title": case_kinds()[concept],
            "code": self.line.code,
            "name": self.line.name,
            "region": self.line.region,
            "department": self.line.department,
            "pole": self.line.pole if isinstance(self.line, CaseLine) else self.line.id,
            "address": self.line.address if isinstance(self.line, CaseLine) else "",
            "journey": journey.ref,
            "journey_title": "" if is_main else (journey.title.fr or journey.id),
            "stage": self.stay.value,
            "stage_title": (state.title.fr if state else "") or self.stay.value,
            "occurred_on": str(self.stay.occurred_on),
            "since": self.stay.since,
            "days": self.days,
            "exact": self.stay.occurred_on.precision == "day",
        }


def standings(
    world: World, cases: Iterable[PoleLine | CaseLine], moment: Moment
) -> Iterator[Standing]:
    """Each case in each of its journeys."""
    day = moment.in_force
    for line in cases:
        kind = CONCEPTS[line.concept] if isinstance(line, CaseLine) else Pole
        case = world.load(kind, line.id, moment.known)
        for track in case.tracks.values() if case else ():
            stay, ref = track.stay_on(day), track.journey_on(day)
            if case is None or stay is None or ref is None:
                continue
            compiled = world.compiled(ref)
            if stay.value in compiled.journey.state:
                now = _now(world, compiled.journey, stay.value, moment)
                yield Standing(world, line, case, track, stay, compiled, moment, now)


def _now(world: World, journey: Journey, state: str, moment: Moment) -> datetime:
    """The instant at which rules are asked; the present one is looked at where some ask for it."""
    day = moment.in_force
    if asks_the_time(journey, state) and paris_day(now := world.clock()) == day:
        return now
    return instant(day)


# --- in words -----------------------------------------------------------------------------------


def _wait_line(compiled: CompiledJourney, state: str, wait: Wait) -> WaitLine:
    journey = compiled.journey
    asked: tuple[Input, ...] = ()
    match wait.kind:
        case "worklist":
            titles = {listed.id: listed.title.fr for listed in journey.worklists}
        case "deadline":
            titles = {deadline.id: deadline.title.fr for deadline in journey.state[state].deadlines}
        case _:
            titles = {way.id: way.title.fr for way in journey.transitions}
            asked = journey.transition[wait.id].input
    return WaitLine(
        kind=wait.kind,
        id=wait.id,
        title=titles[wait.id] or wait.id,
        roles=wait.roles,
        status=wait.status,
        missing_input=tuple(i.title.fr for i in asked if i.id in wait.missing_input),
        conditions=conditions_in_words(compiled, wait.id, wait.findings) if wait.findings else (),
        wanting=wait.wanting,
        due=wait.due,
        passed=wait.passed,
    )


def conditions_in_words(
    compiled: CompiledJourney, transition: str, findings: Iterable[Finding]
) -> tuple[Lifting, ...]:
    """The conditions that some findings are of, each with who can make it hold."""
    way = compiled.journey.transition[transition]
    clauses = {clause.id: clause for clause in clauses_of(way)}
    return tuple(
        Lifting(
            clause=finding.clause,
            verdict=finding.verdict,
            sentence=clauses[finding.clause].say.fr,
            values=dict(finding.values),
            source=clauses[finding.clause].source,
            unblocked_by=can_lift(way, clauses[finding.clause]),
        )
        for finding in findings
    )
