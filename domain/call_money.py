"""The money of a call: its envelope, and the bounds of what one application is given."""

from datetime import date
from uuid import UUID

from domain.call_refusals import BoundsReversed, EnvelopeBelowAwards, EnvelopeHeld
from domain.case import Case
from domain.kernel import Event, event
from domain.money import Cents, euros
from domain.recording import recording
from domain.span import Dated, in_force
from domain.values import Line


class Endowed(Case):
    """A call as the money that it has, in cents."""

    class EnvelopeSet(Event):
        """How much money it has, in cents."""

        TOPIC = "call.envelope_set.v1"
        UNDONE_BY = ("call.set_envelope",)
        amount_cents: Cents
        note: Line | None = None

    class BoundsSet(Event):
        """The least and the most that one application is given, in cents."""

        TOPIC = "call.bounds_set.v1"
        UNDONE_BY = ("call.set_bounds",)
        min_cents: Cents | None = None
        max_cents: Cents | None = None

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self._envelopes: list[Dated[tuple[int, str | None]]] = []
        self._bounds: list[Dated[tuple[int | None, int | None]]] = []

    # Decisions.

    def set_envelope(
        self, amount: int, *, note: str | None, awarded: int, is_deliberating: bool = False
    ) -> None:
        """Say how much money it has.

        Args:
            awarded: what was announced as granted from it, in cents: it covers that.
            is_deliberating: whether its committee may have decided what is not announced. It goes
                no lower then, by however little: how low it could go would tell the secret sum.
        """
        if amount < awarded:
            raise EnvelopeBelowAwards(asked=euros(amount), awarded=euros(awarded))
        told = self._envelopes_from(recording().since)
        if is_deliberating and any(known is not None and amount < known for known in told):
            raise EnvelopeHeld
        self._envelope_set(amount_cents=amount, note=note)

    def set_bounds(self, least: int | None, most: int | None) -> None:
        """Say the least and the most that an application is given; neither, where there is none."""
        if least is not None and most is not None and least > most:
            raise BoundsReversed(least=euros(least), most=euros(most))
        self._bounds_set(min_cents=least, max_cents=most)

    # Questions.

    def envelope_on(self, day: date) -> int | None:
        """How much money it has, in cents; `None` where that is not known."""
        told = in_force(self._envelopes, day)
        return told[0] if told else None

    def least_envelope_from(self, day: date) -> int | None:
        """The least money it is known to have on a day or a later one; `None` where it is not
        known how much it has on that day."""
        told = self._envelopes_from(day)
        return None if told[0] is None else min(known for known in told if known is not None)

    def _envelopes_from(self, day: date) -> list[int | None]:
        """How much it has on a day, then on each later day on which that may change."""
        changes = {on for told in self._envelopes for on in (told.since, told.until) if on}
        return [self.envelope_on(one) for one in (day, *sorted(on for on in changes if on > day))]

    def envelope_note_on(self, day: date) -> str | None:
        """What is said of the envelope."""
        told = in_force(self._envelopes, day)
        return told[1] if told else None

    def bounds_on(self, day: date) -> tuple[int | None, int | None]:
        """The least and the most that an application is given, in cents."""
        return in_force(self._bounds, day) or (None, None)

    # What is remembered.

    @event(EnvelopeSet)
    def _envelope_set(self, *, amount_cents: int, note: str | None) -> None:
        self._envelopes.append(self.dated((amount_cents, note)))

    @event(BoundsSet)
    def _bounds_set(self, *, min_cents: int | None, max_cents: int | None) -> None:
        self._bounds.append(self.dated((min_cents, max_cents)))
