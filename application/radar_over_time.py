"""The profile of a pole on two days: what its published rounds say of each indicator then."""

from datetime import date
from uuid import UUID

from application.positioning import NoProfile, PairLine, Profile, comparison, profile_on
from application.round_in_words import ROUNDS
from application.world import Moment, World
from domain.errors import JalonError, NotFound
from domain.evaluation import PUBLISHED, Evaluation, RoundKind
from domain.pole import Pole
from domain.values import Frozen


class RadarOverTime(Frozen):
    """The profiles of two days, side by side where both follow the same grid.

    `days` are those on which a round of the pole was published; `note` says why there are not two
    profiles to lay side by side.
    """

    round_kind: RoundKind
    kind_title: str
    days: tuple[date, ...]
    first_day: date
    last_day: date
    first: Profile | None
    last: Profile | None
    pairs: tuple[PairLine, ...] = ()
    note: str = ""

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """What is drawn: both, or that of the last day alone."""
        if self.first and self.last and self.pairs:
            return self.first, self.last
        return (self.last,) if self.last else ()


def published_days(
    world: World, pole_id: UUID, kind: RoundKind, moment: Moment
) -> tuple[date, ...]:
    """The days, up to a moment, on which a round of a pole was published, the earliest first."""
    pole = world.load(Pole, pole_id, moment.known)
    if pole is None:
        raise NotFound(name=pole_id)
    rounds = (
        world.load(Evaluation, id_, moment.known)
        for id_, concept in pole.attached.items()
        if concept == "evaluation"
    )
    stays = [
        stay.since
        for made in rounds
        if made and made.round_kind is kind
        for stay in made.main.states
        if stay.value == PUBLISHED and stay.since <= moment.in_force
    ]
    return tuple(sorted(set(stays)))


def radar_over_time(
    world: World,
    pole_id: UUID,
    kind: RoundKind,
    moment: Moment,
    first_day: date | None = None,
    last_day: date | None = None,
) -> RadarOverTime:
    """What the profile of a pole was on two days; the first and the last published, unless said."""
    days = published_days(world, pole_id, kind, moment)
    last_day = min(last_day or moment.in_force, moment.in_force)
    first_day = first_day or (days[0] if days else last_day)
    first_day, last_day = min(first_day, last_day), max(first_day, last_day)
    first = _profile(world, pole_id, kind, moment, first_day)
    last = _profile(world, pole_id, kind, moment, last_day)
    pairs: tuple[PairLine, ...] = ()
    note = ""
    if first and last and first.round.id != last.round.id:
        pairs, note = _compared(world, first, last, moment)
    elif first and last:
        note = "Le même tour valait aux deux dates : il n'y a qu'un profil à lire."
    elif last:
        note = "Aucun tour n'était publié à la première date : seul le profil de la seconde se lit."
    return RadarOverTime(
        round_kind=kind,
        kind_title=ROUNDS[kind],
        days=days,
        first_day=first_day,
        last_day=last_day,
        first=first,
        last=last,
        pairs=pairs,
        note=note,
    )


def _profile(
    world: World, pole_id: UUID, kind: RoundKind, moment: Moment, day: date
) -> Profile | None:
    try:
        return profile_on(world, pole_id, kind, moment.model_copy(update={"in_force": day}))
    except NoProfile:
        return None


def _compared(
    world: World, first: Profile, last: Profile, moment: Moment
) -> tuple[tuple[PairLine, ...], str]:
    """Each indicator in both; or the sentence that says why they are not laid side by side."""
    try:
        pairs = comparison(world, first.round.id, last.round.id, moment, author=False).pairs
    except JalonError as refusal:
        return (), str(refusal)
    return pairs, ""
