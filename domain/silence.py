"""Silence: a pole is shown as silent only once it was looked for, and thirty days went by."""

from dataclasses import dataclass
from datetime import date

from domain.dates import PartialDate
from domain.pole import Pole

DORMANT = "dormant"

WAIT = 30
"""Days that a pole has to answer, from the first attempt to contact it (product rule)."""


@dataclass(frozen=True, slots=True)
class ShownStage:
    """The stage that is shown of a pole on a day, and its date."""

    stage: str
    occurred_on: PartialDate
    is_sought: bool
    """Whether it is that from before the silence, for the pole still has time to answer."""


def shown_stage(pole: Pole, day: date) -> ShownStage:
    """What is shown of the stage in which a pole stands.

    Versions of the journey before November 2026 let a pole fall silent on the day on which it was
    looked for. It is shown so only thirty days later, and until then as it was. Where no attempt
    is known, the step that a registrar recorded is shown as it is.
    """
    stay = pole.main.standing_on(day)
    since = pole.silence_on(day).days_since_attempt
    if stay.value == DORMANT and since is not None and since < WAIT:
        before = (earlier for earlier in pole.main.states.until(day) if earlier.value != DORMANT)
        awake = next(before, None)
        if awake is not None:
            held = pole.holding(pole.main.id, awake, day)
            return ShownStage(held.value, held.occurred_on, is_sought=True)
    return ShownStage(stay.value, stay.occurred_on, is_sought=False)
