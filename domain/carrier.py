"""Who carries a pole: the legal person that signs for it, from a day on."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from domain.dates import PartialDate
from domain.identifiers import Identifier, Scheme, Siret, same_organisation
from domain.kernel import Event, event
from domain.living import Living
from domain.membership import named_by, one_identifier
from domain.span import Dated, in_force
from domain.values import Line
from domain.words import later


@dataclass(frozen=True, slots=True)
class Carrier:
    """A legal person; its SIREN is its identity, its SIRET says where it stood on those days."""

    name: str
    siret: str | None
    identifier: Identifier | None
    occurred_on: PartialDate

    def is_same(self, other: "Carrier") -> bool:
        """Whether two designations are of one legal person, even if it moved in between."""
        return same_organisation(self.name, self.identifier, other.name, other.identifier)


class Carried(Living):
    """A pole as what a legal person carries."""

    class CarrierDesignated(Event):
        """A legal person signs for the pole from now on."""

        TOPIC = "pole.carrier_designated.v1"
        STATED_BY = ("pole.designate_carrier",)
        name: Line
        siret: Siret | None = None
        identifier: Identifier | None = later(None)

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.carriers: list[Dated[Carrier]] = []

    def designate_carrier(
        self, *, name: str, siret: str | None, identifier: Identifier | None = None
    ) -> None:
        """Say who carries it from a day on; two numbers given together name one organisation."""
        self._living()
        one_identifier(name, identifier, siret)
        self._carrier_designated(name=name, siret=siret, identifier=identifier)

    def carrier_on(self, day: date) -> tuple[str, str | None] | None:
        """The name of who carries it on a day, and the establishment, where it is known."""
        carrier = in_force(self.carriers, day)
        return (carrier.name, carrier.siret) if carrier else None

    def carrier_identifier_on(self, day: date) -> Identifier | None:
        """How a register names who carries it on a day."""
        carrier = in_force(self.carriers, day)
        return carrier.identifier if carrier else None

    def carrier_since(self, day: date) -> PartialDate | None:
        """Since when the one who carries it on a day has done so without a break, if it moved."""
        turns = {turn for known in self.carriers for turn in (known.since, known.until) if turn}
        since = in_force(self.carriers, day)
        for turn in sorted((turn for turn in turns if turn <= day), reverse=True):
            then = in_force(self.carriers, turn)
            if since is None or then is None or not since.is_same(then):
                break
            since = then
        return since.occurred_on if since else None

    @event(CarrierDesignated)
    def _carrier_designated(
        self, *, name: str, siret: str | None, identifier: Identifier | None
    ) -> None:
        named = identifier or named_by(siret, Scheme.SIRET)
        if named and named.scheme is Scheme.SIRET:
            siret = siret or named.number
        self.carriers.append(self.dated(Carrier(name, siret, named, self.occurred_on)))
        self._heard()
