"""Enter, correct and take back claims; list them; lay those that disagree side by side."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import Field
from typing_extensions import override

from application.command import Command, Work
from application.figures import (
    MEASURES,
    FigureLine,
    SideBySide,
    figure_in_words,
    figure_of,
    measure_in_words,
    side_by_side,
)
from application.listing import Listed, Listing, listing
from application.offices import RECORDERS
from application.wording import inside, tells
from application.world import Moment, World
from domain.claim import Claim, ClaimId
from domain.dates import PartialDate, as_iso
from domain.errors import Invalid
from domain.figure import Amount, Comparator, Figure, figure
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.roles import Role
from domain.values import Line, Prose
from domain.words import Name, later

FIGURE = ("measure", "comparator", "value", "low", "high", "unit", "period")


CLAIMANTS = (*RECORDERS, Role.SECRETARY, Role.INSTRUCTOR, Role.FUNDER)
"""Who puts on record what somebody says of a pole."""


class FigureGiven(Command):
    """What a claim may give as a number, beside the words of its source."""

    measure: Name | None = later(
        None, description="Ce que le chiffre mesure : jobs_created, candidates… ou un nom libre."
    )
    comparator: Comparator | None = later(
        None, description="Comment le chiffre est dit : tel quel, à peu près, entre deux nombres…"
    )
    value: Amount | None = later(None, description="Le chiffre, tel que la source le donne.")
    low: Amount | None = later(None, description="Le bas d'une fourchette.")
    high: Amount | None = later(None, description="Le haut d'une fourchette.")
    unit: Line | None = later(None, description="L'unité : €, postes, équivalents temps plein…")
    period: PartialDate | None = later(
        None, description="Le temps que le chiffre mesure : 2014, 2014-09…"
    )

    @property
    def _numbers(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in FIGURE}


class RecordClaim(
    FigureGiven,
    name="claim.record",
    says="Enregistrer une déclaration, avec son auteur, sa date et sa source.",
    by=CLAIMANTS,
):
    """Enter what somebody said, with its author, its date and its source."""

    statement: Prose = Field(description="Ce qui est affirmé, en une phrase.")
    author: Line = Field(description="Qui l'affirme.")
    figures: Prose | None = Field(None, description="Les chiffres, dans les mots de la source.")
    about: PoleId | None = Field(None, description="Le pôle dont il s'agit, s'il s'agit d'un pôle.")
    note: Prose | None = Field(None, description="Remarque sur la source.")

    @override
    def execute(self, work: Work) -> UUID:
        claim = Claim.record(
            statement=self.statement,
            author=self.author,
            figures=self.figures,
            about=self.about,
            note=self.note,
            figure=figure(**self._numbers),
            source=self.source,
        )
        attach(work, claim)
        return claim.id


def attach(work: Work, claim: Claim) -> None:
    """Save a claim, and let the pole that it is about know of it."""
    if claim.about is None:
        work.save(claim)
        return
    pole = work.get(Pole, claim.about)
    work.allow(pole, RecordClaim.NAME)
    pole.attach("claim", claim.id, is_news=False)
    work.save(claim, pole)


class CorrectClaim(
    FigureGiven,
    name="claim.correct",
    says="Corriger une déclaration mal relevée : une autre prend sa place, en disant pourquoi.",
    by=CLAIMANTS,
):
    """Let another claim take the place of one; what is not given stays as it was.

    Where any part of its figure is given, the whole figure is.
    """

    claim: ClaimId = Field(description="Identifiant de la déclaration à corriger.")
    reason: Prose = Field(description="Pourquoi elle est corrigée.")
    statement: Prose | None = Field(None, description="Ce qui est affirmé, en une phrase.")
    author: Line | None = Field(None, description="Qui l'affirme.")
    figures: Prose | None = Field(None, description="Les chiffres, dans les mots de la source.")
    note: Prose | None = Field(None, description="Remarque sur la source.")

    @override
    def execute(self, work: Work) -> UUID:
        claim = work.get(Claim, self.claim)
        before = work.history(self.claim)[0].event
        if not isinstance(before, Claim.Recorded):
            raise TypeError(before.TOPIC)  # every claim begins by being recorded
        given = self._numbers if any(self._numbers.values()) else None
        numbers = given or {name: getattr(before, name) for name in FIGURE}
        source = self.source or before.meta.source
        with work.dated(
            self.occurred_on or before.occurred_on,
            valid_to=self.valid_to,
            source=source,
            ground=self.ground or before.meta.ground,
            confidence=self.confidence or before.meta.confidence,
        ):
            correction = claim.correct(
                before.meta.event_id,
                statement=self.statement or before.statement,
                author=self.author or before.author,
                figures=self.figures or before.figures,
                note=self.note or before.note,
                figure=figure(**numbers),
                source=source,
            )
        work.save(claim)
        attach(work, correction)
        return correction.id


class RetractClaim(
    Command,
    name="claim.retract",
    says="Retirer une déclaration ; elle reste lisible à sa date.",
    by=CLAIMANTS,
):
    """Take a claim back; it stays readable at its date."""

    claim: ClaimId = Field(description="Identifiant de la déclaration.")

    @override
    def execute(self, work: Work) -> UUID:
        claim = work.get(Claim, self.claim)
        claim.retract()
        work.save(claim)
        return claim.id


@tells
def _told(event: Event) -> tuple[str, str] | None:
    match event:
        case Claim.Recorded(statement=statement, author=author) as told:
            figure = figure_of(told)
            number = told.figures or (figure_in_words(figure) if figure else "")
            source = f"selon : {told.meta.source}" if told.meta.source else "source non citée"
            counted = f" (chiffres : {number}, {source})" if number else ""
            title = "Déclaration corrigée" if told.corrects else "Déclaration"
            return title, f"{author} : {inside(statement) if counted else statement}{counted}"
        case Claim.Corrected(by=by):
            return "Déclaration remplacée", f"une autre, corrigée, prend sa place ({by})"
        case Claim.Retracted():
            return "Retrait d'une déclaration", ""
        case _:
            return None


class ClaimLine(Listed):
    """A claim as lists show it."""

    statement: str = Field(title="Déclaration")
    author: str = Field(title="Auteur")
    figures: str | None = Field(None, title="Chiffres, dans les mots de la source")
    note: str | None = Field(None, title="Remarque")
    about: UUID | None = None
    """The pole that it is about; a national one is about none."""
    measure: Name | None = Field(None, title="Ce qui est mesuré")
    comparator: Comparator | None = None
    value: str | None = None
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    period: PartialDate | None = Field(None, title="Période")
    corrects: UUID | None = None
    """The event of the claim in whose place it stands."""
    motive: str | None = Field(None, title="Motif de la correction")

    @property
    def figure(self) -> Figure | None:
        """What it gives as a number."""
        if self.measure is None:
            return None
        return Figure(**{name: getattr(self, name) for name in FIGURE})

    @property
    def number(self) -> str:
        """The same, in words; empty where it gives none."""
        if self.figure is None:
            return ""
        said = figure_in_words(self.figure)
        return f"{measure_in_words(self.figure.measure)} : {said or 'sans nombre'}"

    @property
    def told(self) -> FigureLine | None:
        """Its figure, with what is never shown without."""
        figure = self.figure
        if figure is None:
            return None
        return FigureLine(
            claim=self.id,
            about=self.about,
            figure=figure,
            says=self.figures or figure_in_words(figure) or self.statement,
            statement=self.statement,
            author=self.author,
            occurred_on=self.occurred_on,
            source=self.source,
            confidence=self.confidence,
            contested=self.contested,
            contest_answered=self.contest_answered,
        )


CLAIMS = listing(
    Listing(
        name="claim",
        line=ClaimLine,
        title="Déclarations",
        says="Ce que chacun affirme, avec sa date et sa source. Les chiffres qui diffèrent restent "
        "côte à côte : rien n'est additionné ni ramené à une moyenne.",
        path="/declarations",
        columns=("statement", "author", "figures", "number", "occurred_on", "source"),
        headings={"number": "Chiffre", "occurred_on": "Date"},
        filters=("measure",),
        words={"measure": lambda world, moment: measures_in_words(world, moment)},
        order=("valid_from", "known_from"),
        empty="Aucune déclaration n'est enregistrée.",
        begun_by="claim.record",
        whole=False,
        own=frozenset({"verb", "page"}),
    )
)
"""The national claims, unless those about a pole are asked for."""


def measures_in_words(world: World, moment: Moment) -> Mapping[str, str]:
    """What claims may measure: what is counted everywhere, and what they had named by then."""
    told = (recorded.event for recorded in world.told(Claim.Recorded, until=moment.known))
    named = {event.measure for event in told if isinstance(event, Claim.Recorded)}
    return {name: measure_in_words(name) for name in (*MEASURES, *sorted(filter(None, named)))}


class NotAPeriod(Invalid):
    """A period is a year, a month or a day."""

    code = "claim.period"
    fr = "« {text} » n'est pas une période : écrire AAAA, AAAA-MM ou AAAA-MM-JJ."
    en = "“{text}” is not a period: write YYYY, YYYY-MM or YYYY-MM-DD."


def compare(lines: list[ClaimLine], *, period: str | None = None) -> list[SideBySide]:
    """The figures of some claims, those of the same thing next to one another.

    Args:
        period: keep only those of this period, as it was given.
    """
    try:
        asked = PartialDate(as_iso(period)) if period else None
    except ValueError:
        raise NotAPeriod(text=(period or "")[:40]) from None
    found = [figure for line in lines if (figure := line.told)]
    told = [figure for figure in found if asked in (None, figure.figure.period)]
    poles = {
        line.about: (line.pole_code, line.pole_name)
        for line in lines
        if line.about and line.pole_code and line.pole_name
    }
    return side_by_side(told, poles)
