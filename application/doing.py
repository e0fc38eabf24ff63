"""What a pole does at a moment: actions by level, functions, projects, objectives, resources."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from uuid import UUID

from application.profile import KINDS_TOLD, entry_in_words, quantity, way_done
from application.project import QUESTIONS
from application.register import pole_sheet
from application.wording import WORDS, capital, date_in_words, inside, member_called
from application.world import Moment, World
from domain.entry import Action, CooperationLevel, Entry, EntryId, PoleObjective, Resource, Shared
from domain.errors import NotFound
from domain.kernel import Event
from domain.pole import ENDED, Pole
from domain.project import CHECKS, FOUND, Check, CheckFinding, Project, Status
from domain.provenance import Confidence
from domain.values import Frozen


class EntryLine(Frozen):
    """An entry, in words and as it was recorded, with who says so."""

    id: UUID
    kind: str
    title: str
    detail: str
    members: tuple[str, ...]
    """The names of the organisations; a person is not named."""
    entry: Entry
    occurred_on: str
    source: str | None
    confidence: Confidence | None


class MeasureLine(Frozen):
    """A measure of an indicator, with its source."""

    words: str
    value: str
    unit: str
    occurred_on: str
    source: str | None


class ObjectiveLine(EntryLine):
    """An objective, and everything measured of it; nothing is concluded."""

    measures: tuple[MeasureLine, ...]
    way_done: str | None
    """How much of the way was gone at the last measure, where start and target are known."""


class CheckLine(Frozen):
    """One of the two checks of a project."""

    check: Check
    title: str
    question: str
    finding: CheckFinding | None
    words: str
    """What it found, or that it is still to be made."""
    against: tuple[str, ...] = ()
    examined_by: str | None = None
    reasons: str | None = None
    occurred_on: str | None = None


class ProjectLine(Frozen):
    """A project that the pole carries, with its two checks."""

    id: UUID
    title: str
    words: str
    status: Status
    status_words: str
    answers: str | None
    checks: tuple[CheckLine, ...]
    decided_by: str | None
    motive: str | None
    results: str | None
    occurred_on: str
    source: str | None


class LevelLines(Frozen):
    """The actions of one level."""

    level: CooperationLevel
    title: str
    actions: tuple[EntryLine, ...]


class YearLines(Frozen):
    """The resources of one year, side by side: they are not added up."""

    year: int
    resources: tuple[EntryLine, ...]


class Doing(Frozen):
    """What a pole does at a moment."""

    pole: UUID
    levels: tuple[LevelLines, ...]
    others: Mapping[str, tuple[EntryLine, ...]]
    """Families, functions, bodies, needs… by kind."""
    projects: tuple[ProjectLine, ...]
    objectives: tuple[ObjectiveLine, ...]
    years: tuple[YearLines, ...]

    @property
    def says_anything(self) -> bool:
        """Whether anything at all is recorded."""
        told = (self.levels, self.others, self.projects, self.objectives, self.years)
        return any(told)


OTHERS = ("families", "sector", "function", "body", "need", "policy", "premises")
"""The kinds that come after the actions, in the order in which they are shown."""


def doing(world: World, pole_id: UUID, moment: Moment) -> Doing:
    """What a pole does, as known then and in force on that day."""
    pole_sheet(world, pole_id, moment)  # refused where nothing was known yet
    pole = world.load(Pole, pole_id, moment.known)
    if pole is None:
        raise NotFound(name=pole_id)
    day = moment.in_force
    if pole.state_on(day) == ENDED:  # as the lists of what it did: they end with it
        return Doing(pole=pole.id, levels=(), others={}, projects=(), objectives=(), years=())
    told = {recorded.version: recorded.event for recorded in world.history(pole.id, moment.known)}
    entries = [*_entries(pole, told, day)]
    others = {kind: tuple(e for e in entries if e.entry.type == kind) for kind in OTHERS}
    return Doing(
        pole=pole.id,
        levels=tuple(_levels(entries)),
        others={kind: lines for kind, lines in others.items() if lines},
        projects=tuple(_projects(world, pole, moment)),
        objectives=tuple(_objectives(pole, entries, told, day)),
        years=tuple(_years(entries)),
    )


def _entries(pole: Pole, told: Mapping[int, Event], day: date) -> Iterator[EntryLine]:
    for id_, described in pole.entries_on(day):
        value, meta = described.value, told[described.order].meta
        named = value.members if isinstance(value, Shared) else ()
        members = tuple(
            member_called(pole.members[member].name, pole.members[member].form_on(day))
            for member in named
        )
        title, detail = entry_in_words(value, members)
        yield EntryLine(
            id=id_,
            kind=KINDS_TOLD[type(value)],
            title=title,
            detail=detail,
            members=members,
            entry=value,
            occurred_on=str(described.occurred_on),
            source=meta.source,
            confidence=meta.confidence,
        )


def _levels(entries: list[EntryLine]) -> Iterator[LevelLines]:
    for level in CooperationLevel:
        actions = tuple(
            e for e in entries if isinstance(e.entry, Action) and e.entry.level is level
        )
        if actions:
            yield LevelLines(
                level=level, title=capital(WORDS[CooperationLevel][level]), actions=actions
            )


def _years(entries: list[EntryLine]) -> Iterator[YearLines]:
    resources = [(e.entry.year, e) for e in entries if isinstance(e.entry, Resource)]
    for year in sorted({year for year, _ in resources}, reverse=True):
        yield YearLines(year=year, resources=tuple(line for of, line in resources if of == year))


def _objectives(
    pole: Pole, entries: list[EntryLine], told: Mapping[int, Event], day: date
) -> Iterator[ObjectiveLine]:
    for line in entries:
        if not isinstance(line.entry, PoleObjective):
            continue
        measures = pole.measures_until(EntryId(line.id), day)
        last = measures[-1].value if measures else None
        yield ObjectiveLine(
            **dict(line),
            measures=tuple(
                MeasureLine(
                    words=quantity(measure.value, measure.unit) or "",
                    value=measure.value,
                    unit=measure.unit,
                    occurred_on=str(measure.occurred_on),
                    source=told[measure.order].meta.source,
                )
                for measure in measures
            ),
            way_done=way_done(line.entry.baseline, line.entry.target, last),
        )


# --- projects ----------------------------------------------------------------------------------


def _projects(world: World, pole: Pole, moment: Moment) -> Iterator[ProjectLine]:
    """The projects that it carries on the day, in the order in which they came to it."""
    day = moment.in_force
    for id_, concept in pole.attached.items():
        project = world.load(Project, id_, moment.known) if concept == "project" else None
        status = project.status_on(day) if project else None
        if project is None or status is None or project.pole_on(day) != pole.id:
            continue
        told = {recorded.version: recorded.event for recorded in world.history(id_, moment.known)}
        decided_by, motive = project.decision_on(day) or (None, None)
        yield ProjectLine(
            id=id_,
            title=project.title,
            words=project.words,
            status=status,
            status_words=WORDS[Status][status],
            answers=_title(pole, project.answers, day),
            checks=tuple(_check(pole, project, check, told, day) for check in Check),
            decided_by=decided_by,
            motive=motive,
            results=project.results if status is Status.ENDED else None,
            occurred_on=str(told[1].occurred_on),
            source=told[1].meta.source,
        )


def _title(pole: Pole, entry: EntryId | None, day: date) -> str | None:
    value = pole.entry_on(entry, day) if entry else None
    return entry_in_words(value)[0] if value else None


def _check(
    pole: Pole, project: Project, check: Check, told: Mapping[int, Event], day: date
) -> CheckLine:
    made = project.examination_on(check, day)
    examined = told[made.order] if made else None
    title = capital(CHECKS[check].fr)
    if not isinstance(examined, Project.Examined):
        return CheckLine(
            check=check,
            title=title,
            question=QUESTIONS[check],
            finding=None,
            words="contrôle à faire",
        )
    against = (_title(pole, entry, day) for entry in examined.against)
    return CheckLine(
        check=check,
        title=title,
        question=QUESTIONS[check],
        finding=examined.finding,
        words=f"le projet {FOUND[examined.finding].fr}",
        against=tuple(title for title in against if title),
        examined_by=examined.examined_by,
        reasons=examined.reasons,
        occurred_on=str(examined.occurred_on),
    )


# --- in plain text -----------------------------------------------------------------------------


LABELS: Mapping[str, str] = {
    "families": "familles",
    "sector": "secteur",
    "function": "fonction",
    "body": "instance",
    "need": "besoin",
    "policy": "politique",
    "premises": "lieu",
}
"""What the other kinds are called, in a word."""


def doing_in_words(told: Doing, *, identified: bool = True) -> Iterator[tuple[str, str]]:
    """What a pole does, line by line: a label, and what is said under it.

    Args:
        identified: whether each line ends with the identity by which it can be changed.
    """
    entry = _identified if identified else _entry
    for kind in ("families", "sector"):
        yield from _lines(told.others.get(kind, ()), entry)
    for level in told.levels:
        for action in level.actions:
            yield f"action ({level.title.lower()})", entry(action)
    for kind in OTHERS[2:]:
        yield from _lines(told.others.get(kind, ()), entry)
    for project in told.projects:
        checks = " ; ".join(f"{check.title.lower()} : {check.words}" for check in project.checks)
        by = f", par : {project.decided_by}" if project.decided_by else ""
        results = f" ; résultats : {project.results}" if project.results else ""
        stands = f"{project.title} ({project.status_words}{by})"
        named = f"  {project.id}" if identified else ""
        yield "projet", f"{stands} ; {checks}{results}{named}"
    for objective in told.objectives:
        yield "objectif", entry(objective)
        for measure in objective.measures:
            when = date_in_words(measure.occurred_on)
            yield "  mesuré", f"{measure.words}, {when} (source : {measure.source})"
        if objective.way_done:
            yield "  parcouru", objective.way_done
    for year in told.years:
        for resource in year.resources:
            yield "ressource", f"{inside(entry(resource))} (source : {resource.source})"


def _lines(
    lines: Iterable[EntryLine], entry: Callable[[EntryLine], str]
) -> Iterator[tuple[str, str]]:
    return ((LABELS[line.entry.type], entry(line)) for line in lines)


def _entry(line: EntryLine) -> str:
    return f"{line.title} : {line.detail}" if line.detail else line.title


def _identified(line: EntryLine) -> str:
    return f"{_entry(line)}  {line.id}"
