"""Figures in words, with their author, date and source; those that differ, side by side."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from uuid import UUID

from application.wording import WORDS, date_in_words, number_in_words
from application.world import World
from domain.claim import Claim
from domain.dates import PartialDate
from domain.figure import Comparator, Figure
from domain.kernel import Recorded
from domain.provenance import Confidence
from domain.values import Frozen

MEASURES: Mapping[str, str] = {
    "poles_count": "nombre de pôles",
    "candidates": "candidatures",
    "eligible": "dossiers éligibles",
    "laureates": "lauréats",
    "jobs_created": "emplois créés",
    "activities_created": "activités créées",
    "jobs_total": "emplois au total",
    "members": "membres",
    "turnover": "chiffre d'affaires",
    "envelope": "enveloppe",
    "grant_range": "montant par lauréat",
}
"""What is measured, in words. Any other name may be given: it is shown as it is."""

OUTCOMES = ("jobs_created", "activities_created")
"""What the sheet of a pole tells first: what came of it, as its sources say."""

WORDS[Comparator] = {
    Comparator.EXACTLY: "exactement",
    Comparator.ABOUT: "environ",
    Comparator.MORE_THAN: "plus de",
    Comparator.LESS_THAN: "moins de",
    Comparator.BETWEEN: "entre",
}


_OF_PHASE = re.compile(r"(\w+)_phase_(\d+)", re.ASCII)


def measure_in_words(measure: str) -> str:
    """What a measure is called, of one phase of a call too; a free one is read from its name."""
    of_phase = _OF_PHASE.fullmatch(measure)
    if of_phase and of_phase[1] in MEASURES:
        return f"{MEASURES[of_phase[1]]} de la phase {of_phase[2]}"
    return MEASURES.get(measure) or measure.replace("_", " ")


def figure_in_words(figure: Figure) -> str:
    """A figure as people say it: `plus de 50 pôles`, `de 72 000 à 290 000 €`."""
    unit = f"\u00a0{figure.unit}" if figure.unit else ""
    match figure.comparator:
        case None:
            return ""
        case Comparator.BETWEEN:
            low, high = number_in_words(figure.low or ""), number_in_words(figure.high or "")
            return f"de {low} à {high}{unit}"
        case Comparator.EXACTLY:
            return f"{number_in_words(figure.value or '')}{unit}"
        case how:
            return f"{WORDS[Comparator][how]} {number_in_words(figure.value or '')}{unit}"


class FigureLine(Frozen):
    """One figure as it is shown: never without who says it, when and where."""

    claim: UUID
    about: UUID | None
    figure: Figure
    says: str
    """The words of the source; the number in words, where it gives none."""
    statement: str
    author: str
    occurred_on: PartialDate
    source: str | None
    confidence: Confidence | None
    contested: bool = False
    contest_answered: str = ""
    """What was answered to those who contested it, in words."""
    contradicted: bool = False
    """Whether another one laid beside it cannot be true with it."""


class SideBySide(Frozen):
    """What is said of one measure, one subject and one period: never added, never averaged."""

    measure: str
    title: str
    about: UUID | None
    pole_code: str | None = None
    pole_name: str | None = None
    period: PartialDate | None
    figures: tuple[FigureLine, ...]
    disagreeing: int
    """How many of them cannot be true together with another one."""
    sentence: str


def side_by_side(
    figures: Iterable[FigureLine], poles: Mapping[UUID, tuple[str, str]] | None = None
) -> list[SideBySide]:
    """Figures of the same measure, subject and period next to one another.

    Args:
        poles: the code and the name of each subject.
    """
    groups: dict[tuple[str, UUID | None, str], list[FigureLine]] = {}
    for line in figures:
        period = line.figure.period
        key = (line.figure.measure, line.about, str(period) if period else "")
        groups.setdefault(key, []).append(line)
    found = [_laid(lines, poles or {}) for lines in groups.values()]
    ranks = {measure: rank for rank, measure in enumerate((*OUTCOMES, *MEASURES))}
    return sorted(
        found,
        key=lambda one: (
            ranks.get(one.measure, len(ranks)),
            one.measure,
            one.pole_name or "",
            str(one.period or ""),
        ),
    )


def _laid(lines: list[FigureLine], poles: Mapping[UUID, tuple[str, str]]) -> SideBySide:
    contradicted = {
        line.claim
        for one, other in combinations(lines, 2)
        if one.figure.contradicts(other.figure)
        for line in (one, other)
    }
    first = lines[0]
    code, name = poles.get(first.about, (None, None)) if first.about else (None, None)
    return SideBySide(
        measure=first.figure.measure,
        title=measure_in_words(first.figure.measure),
        about=first.about,
        pole_code=code,
        pole_name=name,
        period=first.figure.period,
        figures=tuple(
            line.model_copy(update={"contradicted": line.claim in contradicted})
            for line in sorted(lines, key=lambda line: (str(line.occurred_on), str(line.claim)))
        ),
        disagreeing=len(contradicted),
        sentence=_sentence(lines, len(contradicted)),
    )


def _sentence(lines: list[FigureLine], disagreeing: int) -> str:
    """How many disagree, and that none is preferred."""
    units = {(line.figure.unit or "").casefold() for line in lines if line.figure.bounds}
    apart = " Elles ne comptent pas dans la même unité." if len(units) > 1 else ""
    if len(lines) == 1:
        return "Une seule déclaration : rien ici ne la confirme ni ne la contredit."
    told = f"{len(lines)} déclarations"
    if disagreeing:
        who = f"Ces {told}" if disagreeing == len(lines) else f"{told}, dont {disagreeing}"
        return (
            f"{who} ne disent pas le même chiffre : elles restent côte à côte, rien n'est "
            f"additionné ni ramené à une moyenne.{apart}"
        )
    return f"{told} qui ne se contredisent pas ; rien n'est additionné ni moyenné.{apart}"


def figure_of(recorded: Claim.Recorded) -> Figure | None:
    """The figure that a claim keeps as a number, if it does."""
    if recorded.measure is None:
        return None
    return Figure(**{name: getattr(recorded, name) for name in Figure.model_fields})


def figures_of(
    world: World,
    claims: Iterable[UUID],
    known: int,
    contested: Iterable[UUID] = (),
    answered: Mapping[UUID, str] | None = None,
) -> Iterator[tuple[Recorded, FigureLine]]:
    """The figures of some claims, as known then; those taken back or corrected are left out.

    Args:
        contested: the facts that somebody contests.
        answered: what was answered to those who contested a fact.
    """
    disputed = frozenset(contested)
    for id_ in claims:
        history = world.history(id_, known)
        if not history or any(isinstance(r.event, _OVER) for r in history):
            continue
        event = history[0].event
        if isinstance(event, Claim.Recorded) and (figure := figure_of(event)):
            line = FigureLine(
                claim=id_,
                about=event.about,
                figure=figure,
                says=event.figures or figure_in_words(figure),
                statement=event.statement,
                author=event.author,
                occurred_on=event.occurred_on,
                source=event.meta.source,
                confidence=event.meta.confidence,
                contested=event.meta.event_id in disputed,
                contest_answered=(answered or {}).get(event.meta.event_id, ""),
            )
            yield history[0], line


_OVER = (Claim.Corrected, Claim.Retracted)


def period_in_words(period: PartialDate | None) -> str:
    """`en 2014`, or that the period is not said."""
    return date_in_words(str(period)) if period else "période non précisée"
