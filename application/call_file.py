"""Load the calls of the State from a file: sourced, dated events, once; unknown stays unknown."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, ValidationError
from typing_extensions import override

from application.call import plan
from application.command import Command, Work
from application.history import ImportFile, RowLeftOut
from application.sentences import of_validation
from domain.call import Call, call_id
from domain.call_terms import (
    CallCode,
    CallCriterion,
    CallKind,
    Part,
    Phase,
    Route,
    Specification,
    WaveId,
)
from domain.claim import Claim
from domain.dates import UNKNOWN, PartialDate
from domain.figure import Amount, Comparator, figure
from domain.minute import Minute
from domain.money import Euros
from domain.provenance import Confidence
from domain.roles import Role
from domain.values import Frozen, Line, Prose
from domain.words import Id


def _day(given: Any) -> Any:
    """A date of a file: YAML reads a whole day, and a year, as something else than a text."""
    return str(given) if given is not None and not isinstance(given, str | PartialDate) else given


Day = Annotated[PartialDate, BeforeValidator(_day)]


class CallTold(Frozen):
    """What a source says: since when, in which source, how surely."""

    day: Day
    source: Prose
    confidence: Confidence = Confidence.CONFIRMED


class ToldSpecification(CallTold):
    """The cahier des charges, or the notice."""

    title: Line
    address: Line
    parts: tuple[Part, ...] = ()
    criteria: tuple[CallCriterion, ...] = ()
    routes: tuple[Route, ...] = ()


class ToldEnvelope(CallTold):
    """How much money it has."""

    euros: Euros
    note: Line | None = None


class ToldBounds(CallTold):
    """The least and the most for each."""

    minimum: Euros | None = None
    maximum: Euros | None = None


class ToldWave(CallTold):
    """A wave, as far as its dates are known."""

    id: WaveId
    title: Line
    phase: Phase | None = None
    opens_at: Minute | None = None
    opens_on: Day = UNKNOWN
    closes_at: Minute | None = None
    closes_on: Day = UNKNOWN


class ToldStep(CallTold):
    """A step of its journey."""

    transition: Id


class ToldResults(CallTold):
    """The announcement of the results of a wave."""

    wave: WaveId
    where: Line


class ToldClaim(CallTold):
    """What somebody says of it; a figure, often."""

    statement: Prose
    author: Line
    figures: Prose | None = None
    measure: Id | None = None
    comparator: Comparator | None = None
    value: Amount | None = None
    low: Amount | None = None
    high: Amount | None = None
    unit: Line | None = None
    period: Day | None = None
    note: Prose | None = None


class ImportCall(
    Command,
    name="history.import_call",
    says="Charger ce que les sources disent d'un appel.",
    by=(Role.COORDINATOR, Role.REGISTRAR),
):
    """Load what public sources say of one call: its dates, money, steps, and figures as claims."""

    code: CallCode = Field(description="Son code.")
    title: Line = Field(description="Son titre.")
    call_kind: CallKind = Field(description="Sa nature.")
    authority: Line = Field(description="Qui le lance.")
    planned: CallTold = Field(description="Depuis quand il est connu.")
    specification: ToldSpecification | None = Field(None, description="Le cahier des charges.")
    envelope: ToldEnvelope | None = Field(None, description="L'enveloppe.")
    bounds: ToldBounds | None = Field(None, description="Le montant de chacun.")
    waves: tuple[ToldWave, ...] = Field((), description="Les vagues.")
    steps: tuple[ToldStep, ...] = Field((), description="Les étapes, dans leur ordre.")
    results: tuple[ToldResults, ...] = Field((), description="Les résultats annoncés.")
    claims: tuple[ToldClaim, ...] = Field((), description="Ce que chacun en dit.")

    @override
    def execute(self, work: Work) -> UUID:
        if work.find(Call, call_id(self.code)):
            return call_id(self.code)
        with _as_told(work, self.planned):
            call = plan(
                work,
                code=self.code,
                title=self.title,
                call_kind=self.call_kind,
                authority=self.authority,
            )
        self._describe(work, call)
        work.save(call)
        for told in self._in_order():
            with _as_told(work, told):
                if isinstance(told, ToldResults):
                    call.announce(told.wave, announcement=told.where)
                else:
                    work.take_past(call, told.transition)
        for claim in self.claims:
            with _as_told(work, claim):
                self._claim(work, call, claim)
        return call.id

    def _describe(self, work: Work, call: Call) -> None:
        if told := self.specification:
            kept = told.model_dump(include={*Specification.model_fields} - {"document"})
            with _as_told(work, told):
                call.specify(Specification.model_validate(kept))
        if envelope := self.envelope:
            with _as_told(work, envelope):
                call.set_envelope(envelope.euros, note=envelope.note, awarded=0)
        if bounds := self.bounds:
            with _as_told(work, bounds):
                call.set_bounds(bounds.minimum, bounds.maximum)
        for wave in self.waves:
            with _as_told(work, wave):
                call.set_wave(
                    wave.id,
                    title=wave.title,
                    phase=wave.phase,
                    opens_at=wave.opens_at,
                    closes_at=wave.closes_at,
                    opens_on=wave.opens_on,
                    closes_on=wave.closes_on,
                )

    def _in_order(self) -> Iterator[ToldStep | ToldResults]:
        """The steps, and before the step that rests on it each announcement, by their days."""
        told: list[ToldStep | ToldResults] = [*self.results, *self.steps]
        yield from sorted(told, key=lambda one: one.day.first_day or date.max)

    def _claim(self, work: Work, call: Call, told: ToldClaim) -> None:
        claim = Claim.record(
            statement=told.statement,
            author=told.author,
            figures=told.figures,
            note=told.note,
            figure=figure(
                measure=told.measure,
                comparator=told.comparator,
                value=told.value,
                low=told.low,
                high=told.high,
                unit=told.unit,
                period=told.period,
            ),
            source=told.source,
        )
        call.attach_claim(claim.id)
        work.save(claim)


def _as_told(work: Work, told: CallTold) -> Any:
    return work.dated(told.day, source=told.source, confidence=told.confidence)


class CallFile(Frozen):
    """A file of calls, each still to be read."""

    calls: tuple[dict[str, Any], ...]


def read_calls(calls: CallFile) -> ImportFile:
    """The commands of a file of calls; one that cannot be read, or comes again, is a fault."""
    commands: list[tuple[int, str, Command]] = []
    faults, codes = [], set[str]()
    for number, given in enumerate(calls.calls, 1):
        try:
            command = ImportCall.model_validate(given)
        except ValidationError as error:
            faults.append(RowLeftOut(number, of_validation(error).say("fr")))
            continue
        if command.code in codes:
            faults.append(RowLeftOut(number, f"répète l'appel {command.code}"))
            continue
        codes.add(command.code)
        commands.append((number, command.code, command))
    return ImportFile(commands, faults)
