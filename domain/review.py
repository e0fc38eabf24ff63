"""The review of a dossier: interests declared, the rank in its region, the national analysis.

Since 2021 a regional cell ranks the eligible dossiers of its region, and a national cell analyses
them. That nobody takes part who has an interest in a dossier is a product rule, after code des
relations entre le public et l'administration, article R. 133-12.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from domain.distinct import AnotherPerson, Persons, share
from domain.errors import Refused
from domain.kernel import Aggregate, Event, event
from domain.mandate import Party
from domain.personal import Basis, Marking
from domain.retention import Retention
from domain.span import Dated, in_force
from domain.values import Frozen, Line, Prose, Sealed
from domain.words import Text

Place = Annotated[int, Field(ge=1, le=10_000)]


class ReviewFacts(Frozen):
    """Whether a part of the review is done, and whether somebody interested had a hand in it."""

    recorded: bool
    conflicted: bool


class OwnInterest(AnotherPerson, Refused):
    """Whoever has an interest does not say that they have none."""

    code = "dossier.own_interest"
    fr = (
        "Qui a un intérêt déclaré dans un dossier ne le retire ni ne le rectifie : "
        "une autre personne le fait."
    )
    en = "Whoever has a declared interest does not take it back: another person does."


class InterestedIn(Refused):
    """Whoever has an interest in a dossier takes no part in its review."""

    code = "dossier.interested"
    fr = (
        "Une personne qui prend part à cet acte a déclaré un intérêt dans le dossier {code} : "
        "elle n'y prend pas part."
    )
    en = "Somebody who takes part in this declared an interest in {code}: they take no part in it."


class InterestAlreadyDeclared(Refused):
    """An interest is declared once."""

    code = "dossier.interest_declared"
    fr = "Cet intérêt est déjà déclaré."
    en = "This interest is already declared."


@dataclass(frozen=True, slots=True)
class Rank:
    """A place among the eligible dossiers of a region."""

    region: str
    rank: int
    of: int
    reasons: str
    persons: Persons
    order: int


def told_by_another(interested: str, persons: Persons) -> None:
    """Refuse to whoever has an interest to go back on it."""
    if share((interested,), persons):
        raise OwnInterest


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the national cell wrote of a dossier."""

    reasons: str
    persons: Persons
    order: int


DOSSIER_INTEREST = Marking(
    purpose="dossier_interest",
    holds=Text(
        fr="l'intérêt déclaré par qui examine un dossier",
        en="the interest that an examiner of a dossier declared",
    ),
    persons=Text(fr="examinateurs et personnes qu'ils citent", en="examiners, and whom they name"),
    basis=Basis.PUBLIC_TASK,
    retention=Retention.FIVE_YEARS,
)


class Reviewed(Aggregate):
    """Something that is ranked and analysed by those who have no interest in it."""

    code: str

    class InterestDeclared(Event):
        """Somebody has an interest in the dossier; which one is sealed."""

        TOPIC = "dossier.interest_declared.v1"
        STATED_BY = ("dossier.declare_interest",)
        person: Party
        words: Annotated[Sealed | None, DOSSIER_INTEREST] = None

    class Ranked(Event):
        """The dossier has its rank among those of its region."""

        TOPIC = "dossier.ranked.v1"
        UNDONE_BY = ("call.rank_region",)
        region: Line
        rank: Place
        of: Place
        reasons: Prose
        persons: Persons = ()

    class Analysed(Event):
        """The national analysis was recorded."""

        TOPIC = "dossier.analysed.v1"
        UNDONE_BY = ("dossier.analyse",)
        reasons: Prose
        persons: Persons = ()

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.interests: list[Dated[tuple[str, Sealed | None]]] = []
        """Who has an interest in it, and which, sealed."""
        self.ranks: list[Dated[Rank]] = []
        self.analyses: list[Dated[Analysis]] = []

    def declare_interest(self, person: str, *, words: Sealed | None) -> None:
        """Declare that somebody has an interest: they take no part, and what they did is redone."""
        if share((person,), (known.value[0] for known in self.interests)):
            raise InterestAlreadyDeclared
        self._interest_declared(person=person, words=words)

    def must_be_free(self, persons: Iterable[str], day: date) -> None:
        """Refuse an act in which somebody has a hand who has an interest in the dossier."""
        if self._is_interested(persons, day):
            raise InterestedIn(code=self.code)

    def rank(self, *, region: str, rank: int, of: int, reasons: str, persons: Persons) -> None:
        """Give it its place in its region."""
        self._ranked(region=region, rank=rank, of=of, reasons=reasons, persons=persons)

    def analyse(self, *, reasons: str, persons: Persons) -> None:
        """Record the national analysis."""
        self._analysed(reasons=reasons, persons=persons)

    def rank_on(self, day: date) -> Rank | None:
        """Its place in its region, on a day."""
        return in_force(self.ranks, day)

    def analysis_on(self, day: date) -> Analysis | None:
        """The national analysis, on a day."""
        return in_force(self.analyses, day)

    def _is_interested(self, persons: Iterable[str], day: date) -> bool:
        return share(persons, (told.value[0] for told in self.interests if told.since <= day))

    def review_facts_on(self, found: Rank | Analysis | None, day: date, after: int) -> ReviewFacts:
        """Whether a part of the review is done since an event of the dossier, and by whom."""
        if found is None or found.order <= after:
            return ReviewFacts(recorded=False, conflicted=False)
        return ReviewFacts(recorded=True, conflicted=self._is_interested(found.persons, day))

    @event(InterestDeclared)
    def _interest_declared(self, *, person: str, words: Sealed | None) -> None:
        self.interests.append(self.dated((person, words)))

    @event(Ranked)
    def _ranked(self, *, region: str, rank: int, of: int, reasons: str, persons: Persons) -> None:
        self.ranks.append(self.dated(Rank(region, rank, of, reasons, persons, self.version)))

    @event(Analysed)
    def _analysed(self, *, reasons: str, persons: Persons) -> None:
        self.analyses.append(self.dated(Analysis(reasons, persons, self.version)))
