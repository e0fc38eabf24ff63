"""Which figures changed source?

A figure is what somebody said, in a source. It changes source where it is corrected from another
one, or where the same thing of a pole is told again from another: who says it now, who said it
before. Figures that stand side by side without correcting each other have not changed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from application.audit_answer import AuditAsked, AuditLine, Findings, line, numbered
from application.audit_scope import poles
from application.figures import figure_in_words, figure_of, measure_in_words
from application.wording import WORDS
from domain.call import Call
from domain.claim import Claim
from domain.dates import day_in_words, paris_day
from domain.entry import Origin, PoleObjective, Resource
from domain.kernel import Recorded
from domain.money import euros
from domain.pole import Pole
from domain.spelling import same

COLUMNS = (
    *("Chiffre", "De quoi", "Valeur avant", "Auteur avant", "Source avant", "Enregistré avant le"),
    *("Valeur après", "Auteur après", "Source après", "Enregistré après le"),
)

NATIONAL = "tous les pôles"


@dataclass(frozen=True, slots=True)
class FigureSaid:
    """One figure as it was told once."""

    name: str
    value: str
    author: str
    recorded: Recorded

    @property
    def source(self) -> str:
        return self.recorded.event.meta.source or ""

    def is_from_elsewhere(self, other: "FigureSaid") -> bool:
        """Whether another source, or another author, says it."""
        return same(self.source) != same(other.source) or same(self.author) != same(other.author)


Chain = list[FigureSaid]
"""The same figure as it was told again and again, the oldest first."""


def changed_source(asked: AuditAsked) -> Findings:
    """Every figure that is told by another source than before."""
    subjects = _Subjects(asked)
    told = ((subjects.name(about), chain) for about, chain in (*_claims(asked), *_entries(asked)))
    chains = [(where, chain) for where, chain in told if where]
    rows = [
        _line(where, before, after)
        for where, chain in chains
        for before, after in pairwise(chain)
        if after.is_from_elsewhere(before)
    ]
    again = sum(len(chain) - 1 for _, chain in chains)
    examined = (
        f"sur {numbered(len(chains), 'chiffre examiné')}, dont "
        f"{numbered(again, 'valeur dite à nouveau', 'valeurs dites à nouveau')}"
    )
    if not rows:
        return Findings(rows, f"Aucun chiffre n'a changé de source, {examined}.")
    return Findings(rows, f"{numbered(len(rows), 'changement')} de source, {examined}.")


class _Subjects:
    """What figures are about: poles, calls, or no one thing; those of the scope only."""

    def __init__(self, asked: AuditAsked) -> None:
        self._every = not asked.scope.given
        self._names: dict[UUID, str] = {}
        if asked.scope.call is None:
            self._names |= poles(asked)
        for one in asked.told(Call.Planned):
            if isinstance(one.event, Call.Planned) and (
                self._every or one.stream == asked.scope.call
            ):
                self._names[one.stream] = one.event.code

    def name(self, about: UUID | None) -> str | None:
        """What a figure is about, in words; `None` where it is out of the scope."""
        if about is None:
            return NATIONAL if self._every else None
        return self._names.get(about) or (str(about) if self._every else None)


def _claims(asked: AuditAsked) -> Iterator[tuple[UUID | None, Chain]]:
    """Claims that give figures, each with those that took its place."""
    told = {one.event.meta.event_id: one for one in asked.told(Claim.Recorded)}
    successors: dict[UUID, Recorded] = {}
    for one in told.values():
        if one.event.corrects:
            successors[one.event.corrects] = one
    for recorded in told.values():
        event = recorded.event
        if not isinstance(event, Claim.Recorded) or event.corrects in told:
            continue
        chain = [_claim(recorded)]
        while following := successors.get(chain[-1].recorded.event.meta.event_id):
            chain.append(_claim(following))
        if any(said.value for said in chain):
            yield event.about, chain


def _claim(recorded: Recorded) -> FigureSaid:
    event = recorded.event
    if not isinstance(event, Claim.Recorded):
        raise TypeError(event)
    name = measure_in_words(event.measure) if event.measure else event.statement
    return FigureSaid(name, event.figures or _value(event), event.author, recorded)


def _value(event: Claim.Recorded) -> str:
    figure = figure_of(event)
    return figure_in_words(figure) if figure else ""


def _entries(asked: AuditAsked) -> Iterator[tuple[UUID | None, Chain]]:
    """Amounts of resources, objectives and their measures, as poles were described."""
    chains: dict[tuple[UUID, str], Chain] = defaultdict(list)
    named: dict[UUID, str] = {}
    for one in asked.ever(Pole.EntryDescribed, Pole.IndicatorMeasured):
        match one.event:
            case Pole.EntryDescribed(entry=entry, value=Resource() as value):
                origin = WORDS[Origin][value.origin]
                cents = value.amount_cents
                words = value.in_kind or (euros(cents) if cents is not None else "")
                said = FigureSaid(f"ressources {value.year}, {origin}", words, "", one)
            case Pole.EntryDescribed(entry=entry, value=PoleObjective() as value):
                named[entry] = value.title
                words = f"{value.baseline or '?'} → {value.target or '?'} {value.unit}"
                said = FigureSaid(f"objectif « {value.title} »", words, "", one)
            case Pole.IndicatorMeasured(entry=entry, value=number, unit=unit):
                title = named.get(entry, str(entry))
                said = FigureSaid(f"mesure de « {title} »", f"{number} {unit}", "", one)
            case _:
                continue
        chains[entry, said.name.partition(" ")[0]].append(said)
    for chain in chains.values():
        yield chain[0].recorded.stream, chain


def _line(where: str, before: FigureSaid, after: FigureSaid) -> AuditLine:
    cells = [after.name, where, *_told(before), *_told(after)]
    return line(COLUMNS, cells, [before.recorded, after.recorded])


def _told(said: FigureSaid) -> Sequence[str]:
    recorded = day_in_words(paris_day(said.recorded.recorded_at))
    return said.value, said.author, said.source, recorded
