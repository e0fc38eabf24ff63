"""Poles that merge or split: who succeeds whom, and the whole line of any pole."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Work
from application.correction import Statement
from application.entry import once
from application.handlers import HANDLERS
from application.listing import Listed, Listing, listing
from application.pole import enter_register
from application.wording import WORDS, date_in_words, tells
from domain.case import Case
from domain.dates import PartialDate
from domain.errors import Invalid
from domain.kernel import Event
from domain.pole import EndReason, Pole, PoleId
from domain.roles import Role
from domain.succession import (
    HOW,
    REASONS,
    NoSuccession,
    OwnSuccessor,
    Succeeding,
    SucceedsOtherwise,
    Succession,
)
from domain.values import Frozen, Line
from domain.workflow import Step

WORDS[Succeeding] = {Succeeding.MERGER: "fusion", Succeeding.SPLIT: "scission"}

INTO: Mapping[Succeeding, str] = {
    Succeeding.MERGER: "fusionné dans",
    Succeeding.SPLIT: "scindé en",
}
"""What became of a pole that has ended, before the name of its successor."""


class SuccessorUnclear(Invalid):
    """A merger leads into one pole."""

    code = "succession.unclear"
    fr = "Une fusion mène à un seul pôle : donnez « into », ou « name » pour un nouveau pôle."
    en = "A merger leads into one pole: give “into”, or “name” for a new pole."


class TooFewPoles(Invalid):
    """One pole neither merges alone nor splits into one."""

    code = "succession.too_few"
    fr = "{reason}"
    en = "{reason}"


class MergePoles(
    Statement,
    name="pole.merge",
    says="Fusionner des pôles dans un autre, existant ou nouveau. Les membres ne suivent pas "
    "d'eux-mêmes : ils rejoignent le successeur un par un.",
    by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.REGISTRAR),
):
    """Merge poles into one: each ends and names it, and it succeeds each, all or nothing.

    Neither members nor projects follow by themselves: members join, projects are transferred.
    """

    poles: tuple[PoleId, ...] = Field(
        description="Un pôle qui cesse ; se répète.", json_schema_extra={"each": "pole"}
    )
    into: PoleId | None = Field(None, description="Le pôle dans lequel ils fusionnent.")
    name: Line | None = Field(None, description="Nom du nouveau pôle, s'il naît de la fusion.")

    @override
    def execute(self, work: Work) -> UUID:
        poles = once(self.poles)
        if (self.into is None) is (self.name is None):
            raise SuccessorUnclear
        if self.into in poles:
            raise OwnSuccessor
        if len(poles) < (2 if self.name else 1):
            raise TooFewPoles(reason="Un pôle nouveau naît de la fusion d'au moins deux autres.")
        successor = work.get(Pole, self.into) if self.into else _new(work, str(self.name))
        for pole in poles:
            _succeed(work, work.get(Pole, pole), [successor], Succeeding.MERGER, self.NAME)
        return successor.id


class SplitPole(
    Statement,
    name="pole.split",
    says="Scinder un pôle en deux ou plus, existants ou nouveaux, ou nommer les autres successeurs "
    "d'un pôle déjà scindé. Les membres ne suivent pas d'eux-mêmes : ils rejoignent un successeur "
    "un par un.",
    by=(Role.COORDINATOR, Role.REGIONAL_COORDINATOR, Role.REGISTRAR),
):
    """Split a pole: it ends, and each of two or more others succeeds it, all or nothing.

    The step of its end names the first of them; each says of itself that it succeeds. Of a pole
    that has ended by a split already, it names further successors, from the day of that end.
    """

    predecessor: PoleId = Field(description="Le pôle qui cesse.")
    into: tuple[PoleId, ...] = Field(
        (),
        description="Un pôle existant qui succède ; se répète.",
        json_schema_extra={"each": "into"},
    )
    names: tuple[Line, ...] = Field(
        (), description="Nom d'un nouveau pôle ; se répète.", json_schema_extra={"each": "name"}
    )

    @override
    def execute(self, work: Work) -> UUID:
        known, names = once(self.into), once(self.names)
        if self.predecessor in known:
            raise OwnSuccessor
        pole = work.get(Pole, self.predecessor)
        is_split = _ended_by(work, pole) is Succeeding.SPLIT
        if len(known) + len(names) < (1 if is_split else 2):
            raise TooFewPoles(reason="Un pôle se scinde en deux autres au moins.")
        when = pole.main.states.last.occurred_on if is_split else work.occurred_on
        with work.dated(when):
            successors = [work.get(Pole, id_) for id_ in known]
            successors += [_new(work, name) for name in names]
            _succeed(work, pole, successors, Succeeding.SPLIT, self.NAME, has_ended=is_split)
        return pole.id


def _new(work: Work, name: str) -> Pole:
    journey = work.rulebook().in_force("pole", work.day)
    return enter_register(
        work, name=name, journey=journey, occurred_on=work.occurred_on, remark=None
    )


def _ended_by(work: Work, pole: Pole) -> Succeeding | None:
    """How a pole that has ended is succeeded, as the step of its end says it."""
    if pole.main.states.last.value != "ended":
        return None
    for recorded in reversed(work.history(pole.id)):
        match recorded.event:
            case Pole.Moved(to="ended", input={"reason": str(reason)}):
                return HOW.get(reason)
    return None


def _succeed(
    work: Work,
    pole: Pole,
    successors: list[Pole],
    how: Succeeding,
    permission: str,
    *,
    has_ended: bool = False,
) -> None:
    """End a pole, and let others take its place, in this very save."""
    for one in (pole, *successors):
        work.allow(one, permission)
    for successor in successors:
        _take_place(work, successor, pole.id, how)
    if not has_ended:
        work.take(pole, "end", reason=REASONS[how], successor=str(successors[0].id))
        work.save(pole)
    work.save(*successors)


def _take_place(work: Work, successor: Pole, predecessor: UUID, how: Succeeding) -> None:
    def predecessors(id_: UUID) -> Iterable[UUID]:
        found = work.find(Pole, id_)
        return found.predecessors if found else ()

    successor.succeed(predecessor, how=how, day=work.day, predecessors=predecessors)


def name_at_end(work: Work, case: Case, step: Step) -> None:
    """Let the successor that the step of an end names say so itself: the two never differ.

    A successor that has ended since is not changed any more: there the step alone says it.
    """
    reason, named = step.input.get("reason"), step.input.get("successor")
    if not (isinstance(case, Pole) and isinstance(named, str) and named and reason in ENDS):
        return
    if case.main.standing_on(work.day).value != step.to:
        return  # another journey has steps of its own
    how = HOW.get(str(reason))
    if how is None:
        raise NoSuccession
    if named == str(case.id):
        raise OwnSuccessor
    successor = work.get(Pole, UUID(named))
    said = successor.predecessors.get(case.id)
    if said not in (None, how):
        raise SucceedsOtherwise
    if said is None and not successor.ends_after(work.day):
        _take_place(work, successor, case.id, how)
        work.save(successor)


ENDS = frozenset(EndReason)
HANDLERS.whenever.append(name_at_end)


@tells
def _tell(event: Event) -> tuple[str, str] | None:
    match event:
        case Succession.Succeeded(how=how, predecessor=predecessor):
            return "Succède à un autre pôle", f"par {WORDS[Succeeding][how]} ({predecessor})"
        case _:
            return None


# --- the list ----------------------------------------------------------------------------------


class SuccessionListed(Listed):
    """That one pole, the line's own, takes the place of another."""

    how: Succeeding = Field(title="Par")
    predecessor: UUID
    predecessor_code: str | None = None
    predecessor_name: str | None = Field(None, title="Succède à")


SUCCESSIONS = listing(
    Listing(
        name="succession",
        line=SuccessionListed,
        title="Fusions et scissions",
        says="Quel pôle succède à quel autre, par fusion ou par scission. Les membres ne sont pas "
        "repris d'eux-mêmes : ils rejoignent le successeur un par un.",
        path="/successions",
        columns=("pole_name", "predecessor_name", "how", "occurred_on", "source"),
        headings={"pole_name": "Pôle", "occurred_on": "Depuis"},
        filters=("how",),
        order=("valid_from", "known_from"),
        empty="Aucune fusion ni scission n'est enregistrée.",
        begun_by="pole.merge",
    )
)


# --- the line of a pole ------------------------------------------------------------------------


class Kin(Frozen):
    """A pole that comes before or after another, and how."""

    id: UUID
    code: str | None
    name: str | None
    of: UUID
    """The pole from which it is reached."""
    steps: int
    """How far it is from the pole asked about; 1 where nothing lies between."""
    how: Succeeding
    occurred_on: PartialDate
    source: str | None


class Lineage(Frozen):
    """Whom a pole succeeds and who succeeds it, directly or not, the nearest first."""

    id: UUID
    name: str | None
    predecessors: tuple[Kin, ...]
    successors: tuple[Kin, ...]

    @property
    def succeeds(self) -> tuple[Kin, ...]:
        """Those whose place it takes itself."""
        return tuple(kin for kin in self.predecessors if kin.steps == 1)

    @property
    def succeeded_by(self) -> tuple[Kin, ...]:
        """Those who take its own place."""
        return tuple(kin for kin in self.successors if kin.steps == 1)


def lineage(lines: Iterable[SuccessionListed], pole: UUID) -> Lineage:
    """The whole line of a pole. Each pole is met once, however it is reached."""
    told = [line for line in lines if line.pole]
    names = {line.predecessor: line.predecessor_name for line in told}
    names |= {line.pole: line.pole_name for line in told if line.pole}
    return Lineage(
        id=pole,
        name=names.get(pole),
        predecessors=tuple(_walk(told, pole, back=True)),
        successors=tuple(_walk(told, pole, back=False)),
    )


def _walk(lines: list[SuccessionListed], pole: UUID, *, back: bool) -> Iterator[Kin]:
    met, reached, steps = {pole}, [pole], 0
    while reached:
        asked, reached, steps = {*reached}, [], steps + 1
        for line in lines:
            here, there = (line.pole, line.predecessor) if back else (line.predecessor, line.pole)
            if here not in asked or there is None or there in met:
                continue
            met.add(there)
            reached.append(there)
            yield Kin(
                id=there,
                code=line.predecessor_code if back else line.pole_code,
                name=line.predecessor_name if back else line.pole_name,
                of=here,
                steps=steps,
                how=line.how,
                occurred_on=line.occurred_on,
                source=line.source,
            )


def lineage_in_words(line: Lineage) -> Iterator[str]:
    """The line of a pole, one sentence a link, the nearest first."""
    names = {kin.id: kin.name for kin in (*line.predecessors, *line.successors)}
    names[line.id] = line.name
    for kin in line.predecessors:
        when = date_in_words(str(kin.occurred_on))
        yield f"{names[kin.of]} succède à {kin.name} ({WORDS[Succeeding][kin.how]}, {when})"
    for kin in line.successors:
        when = date_in_words(str(kin.occurred_on))
        yield f"{names[kin.of]} a cessé : {INTO[kin.how]} {kin.name} ({when})"
