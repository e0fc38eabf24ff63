"""Silence: a pole is shown as silent only once it was looked for, and thirty days went by."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.dates import PartialDate
from domain.pole import Pole

DORMANT = "dormant"

WAIT = 30
"""Days that a pole has to answer, from the first attempt to contact it (product rule)."""

OF_THE_SAME_SILENCE = timedelta(days=365)
"""How long before the step an attempt may be for the step to rest on it (product rule): a pole
falls silent after twelve months without news."""


@dataclass(frozen=True, slots=True)
class ShownStage:
    """The stage that is shown of a pole on a day, and its date."""

    stage: str
    occurred_on: PartialDate
    is_sought: bool = False
    """Whether it is that from before the silence, for the pole still has time to answer."""
    has_answered: bool = False
    """Whether it is that from before the silence, for the pole has answered since it was sought."""
    is_recognised: bool = False
    """Whether it is silent, though a recognition under article 9 is in force."""


def shown_stage(pole: Pole, day: date) -> ShownStage:
    """What is shown of the stage in which a pole stands.

    It is shown as silent only from the thirtieth day after it was looked for without an answer,
    and until then as it was: versions of the journey before November 2026 let it fall silent on
    the day of the attempt. An answer given after the attempt stops the silence, whatever step is
    still to be recorded (product rules). Where no attempt is known, the step that a registrar
    recorded is shown as it is.
    """
    stay = pole.main.standing_on(day)
    if stay.value != DORMANT:
        return ShownStage(stay.value, stay.occurred_on)
    sought = pole.sought_on(day)
    answered = sought is None and pole.was_sought(stay.since - OF_THE_SAME_SILENCE, day)
    waits = sought is not None and (day - sought).days < WAIT
    if answered or waits:
        before = (earlier for earlier in pole.main.states.until(day) if earlier.value != DORMANT)
        awake = next(before, None)
        if awake is not None:
            held = pole.holding(pole.main.id, awake, day)
            return ShownStage(held.value, held.occurred_on, is_sought=waits, has_answered=answered)
    # Of a silence that an answer had interrupted, the step tells no more since when it lasts.
    again = sought is not None and pole.was_heard(stay.since + timedelta(days=1), day)
    since = PartialDate.on(sought) if sought and again else stay.occurred_on
    return ShownStage(stay.value, since, is_recognised=pole.is_recognised_on(day))
