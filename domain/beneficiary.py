"""The beneficiary of a commitment: replaced by amendment, or its SIRET corrected, both kept."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from domain.contracted import Contracted
from domain.convention import OwnCorrection, SameBeneficiary, SameSiret, SiretNotInDoubt
from domain.distinct import Persons, share
from domain.identifiers import Siret
from domain.kernel import Event, event
from domain.organisation import Organisation
from domain.recording import must_have_happened
from domain.running import Running, latest
from domain.tranche import TrancheStanding
from domain.values import Prose
from domain.words import Name, Whole


class Benefiting(Contracted):
    """A commitment as who receives it, from which day on."""

    class BeneficiaryReplaced(Event):
        """The commitment passed to another beneficiary, by amendment; the former one is kept."""

        TOPIC = "commitment.beneficiary_replaced.v1"
        UNDONE_BY = ("commitment.replace_beneficiary",)
        number: Whole | None = None
        beneficiary: Organisation
        reasons: Prose

    class SiretCorrected(Event):
        """The SIRET was wrong: what is claimed or approved waits until the new one is confirmed."""

        TOPIC = "commitment.siret_corrected.v1"
        UNDONE_BY = ("commitment.correct_siret",)
        number: Whole | None = None
        siret: Siret
        reasons: Prose
        held: tuple[Name, ...] = ()
        persons: Persons

    class SiretConfirmed(Event):
        """Somebody else found the corrected SIRET right; what waited for it goes on."""

        TOPIC = "commitment.siret_confirmed.v1"
        UNDONE_BY = ("commitment.correct_siret",)
        released: Mapping[Name, TrancheStanding] = {}
        """Where each tranche that waited for it goes on from."""
        persons: Persons

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._beneficiaries: list[Running[Organisation]] = []
        self._correctors: Persons = ()

    # Decisions.

    def replace_beneficiary(self, beneficiary: Organisation, *, reasons: str, day: date) -> None:
        """Pass the commitment to another beneficiary, by amendment where it is signed."""
        self._before_its_end(day)
        if beneficiary.is_same(self.beneficiary_on(day)):
            raise SameBeneficiary(name=beneficiary.name)
        number = self._next_number(day)
        self._beneficiary_replaced(number=number, beneficiary=beneficiary, reasons=reasons)

    def correct_siret(self, siret: str, *, reasons: str, persons: Persons, day: date) -> None:
        """Correct the SIRET of the beneficiary; what is claimed or approved waits."""
        must_have_happened()
        self.main.standing_on(day)
        self._in_order(day)
        if siret == self.beneficiary_on(day).siret:
            raise SameSiret(siret=siret)
        waiting = (TrancheStanding.CLAIMED, TrancheStanding.APPROVED)
        held = [n for n, act in self._acts.items() if act[-1].value.standing in waiting]
        for name in held:
            self._standing_at(name, day, TrancheStanding.HELD, *waiting)
        number = self._next_number(day)
        self._siret_corrected(
            number=number, siret=siret, reasons=reasons, held=tuple(held), persons=persons
        )

    def confirm_siret(self, *, persons: Persons, day: date) -> None:
        """Find the corrected SIRET right, by another than who corrected it."""
        must_have_happened()
        doubts = [since for since, until in self._siret_spans if until is None]
        if not doubts or day < doubts[-1]:
            raise SiretNotInDoubt
        if share(persons, self._correctors):
            raise OwnCorrection
        last = {name: entries[-1].value for name, entries in self._acts.items()}
        released = {name: act.before for name, act in last.items() if act.over_siret}
        self._siret_confirmed(released=released, persons=persons)

    # What is known on a day.

    def beneficiary_on(self, day: date) -> Organisation:
        """Who receives on a day; before the decision, who will."""
        found = latest(self._beneficiaries, day)
        return found.value if found else self._beneficiaries[0].value

    @property
    def beneficiaries(self) -> tuple[Organisation, ...]:
        """Everybody who was the beneficiary, or is, under every number: the first one first."""
        return self.beneficiaries_on(date.max)

    def beneficiaries_on(self, day: date) -> tuple[Organisation, ...]:
        """The same, up to a day."""
        told = sorted((e for e in self._beneficiaries if e.since <= day), key=lambda e: e.place)
        return tuple(dict.fromkeys(entry.value for entry in told))

    def handovers_on(self, day: date) -> tuple[tuple[date, Organisation], ...]:
        """Who was the beneficiary from which day on, as known by a day: the last one is."""
        told = sorted((e for e in self._beneficiaries if e.since <= day), key=lambda e: e.place)
        return tuple((entry.since, entry.value) for entry in told)

    # What is remembered.

    @event(BeneficiaryReplaced)
    def _beneficiary_replaced(
        self, *, number: int | None, beneficiary: Organisation, reasons: str
    ) -> None:
        self._passes_to(beneficiary, number)

    def _passes_to(self, beneficiary: Organisation, number: int | None) -> None:
        self._beneficiaries.append(Running(self.since, self.version, beneficiary))
        self._contract_days.append(self.since)
        if number is not None:
            self._amendments = number
            self._contract(replace(self._texts[-1].value, amendments=number))

    @event(SiretCorrected)
    def _siret_corrected(
        self,
        *,
        number: int | None,
        siret: str,
        reasons: str,
        held: tuple[str, ...],
        persons: Persons,
    ) -> None:
        was = self.beneficiary_on(self.since)
        self._passes_to(was.model_copy(update={"siret": siret, "reason_without": None}), number)
        if self._siret_spans and self._siret_spans[-1][1] is None:  # corrected once more
            self._siret_spans[-1] = (self._siret_spans[-1][0], self.since)
        self._siret_spans.append((self.since, None))
        self._correctors = persons
        for name in held:
            self._hold(name, reasons, over_siret=True)

    @event(SiretConfirmed)
    def _siret_confirmed(
        self, *, released: Mapping[str, TrancheStanding], persons: Persons
    ) -> None:
        since, _ = self._siret_spans[-1]
        self._siret_spans[-1] = (since, self.since)
        for name, standing in released.items():
            self._go_on(name, standing)
