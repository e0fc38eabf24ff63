"""The waves of a call: set when each opens and closes, and put a closing off."""

from datetime import date

from pydantic import Field
from typing_extensions import override

from application.call import KEEPERS, CallCommand
from application.command import Work
from domain.call import Call
from domain.call_terms import Phase, WaveId
from domain.dates import UNKNOWN, PartialDate
from domain.minute import Minute
from domain.values import Line, Prose


class SetWave(
    CallCommand,
    name="call.set_wave",
    says="Fixer une vague d'un appel : son ouverture et sa clôture, à la minute, heure de Paris.",
    by=KEEPERS,
):
    """Say when a wave opens and closes, as long as it has not opened."""

    wave: WaveId = Field(description="Le nom court de la vague : v1.")
    title: Line | None = Field(None, description="Comment on l'appelle.")
    phase: Phase | None = Field(None, description="Phase 1 ou 2 d'un appel permanent.")
    opens_at: Minute | None = Field(
        None, description="Ouverture : AAAA-MM-JJTHH:MM, à l'heure de Paris."
    )
    closes_at: Minute | None = Field(
        None, description="Clôture : AAAA-MM-JJTHH:MM ; cette minute compte encore."
    )
    opens_on: PartialDate | None = Field(
        None, description="Date d'ouverture, si l'heure n'est pas connue."
    )
    closes_on: PartialDate | None = Field(
        None, description="Date de clôture, si l'heure n'est pas connue : la fin de ce jour."
    )

    @override
    def act(self, work: Work, call: Call) -> None:
        call.set_wave(
            self.wave,
            title=self.title or self.wave.replace("_", " "),
            phase=self.phase,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            opens_on=self.opens_on or UNKNOWN,
            closes_on=self.closes_on or UNKNOWN,
        )


class PostponeClosing(
    CallCommand,
    name="call.postpone",
    says="Reporter une clôture, par une décision datée, prise avant qu'elle ne tombe.",
    by=KEEPERS,
):
    """Put off the closing of a wave; it holds from the day on which it was decided."""

    wave: WaveId = Field(description="La vague.")
    closes_at: Minute = Field(description="La nouvelle clôture : AAAA-MM-JJTHH:MM.")
    decided_on: date = Field(description="Le jour de la décision.")
    reasons: Prose = Field(description="Pourquoi.")

    @override
    def act(self, work: Work, call: Call) -> None:
        with work.dated(PartialDate.on(self.decided_on)):
            call.postpone(
                self.wave, self.closes_at, decided_on=self.decided_on, reasons=self.reasons
            )
