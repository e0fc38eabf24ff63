"""What comes after a pole: poles that merge into one, or that split, and who succeeds whom."""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from uuid import UUID

from domain.case import Case
from domain.errors import Refused
from domain.kernel import Event, event
from domain.living import Living


class Succeeding(StrEnum):
    """How one pole takes the place of another (product rule)."""

    MERGER = "merger"
    SPLIT = "split"


REASONS = {Succeeding.MERGER: "merged_into", Succeeding.SPLIT: "split_into"}
"""The reason that the step of the end gives for each."""

ENDED = "ended"

HOW = {reason: how for how, reason in REASONS.items()}
"""How it is succeeded, by that reason."""


class OwnSuccessor(Refused):
    """Nothing succeeds itself."""

    code = "succession.itself"
    fr = "Un pôle ne se succède pas à lui-même."
    en = "A pole does not succeed itself."


class AlreadySucceeds(Refused):
    """A pole succeeds another once."""

    code = "succession.already"
    fr = "Ce pôle succède déjà à celui-là."
    en = "This pole already succeeds that one."


class SucceedsOtherwise(Refused):
    """The end of a pole and its successor say the same of how one takes the other's place."""

    code = "succession.otherwise"
    fr = "Ce pôle succède déjà à celui-là d'une autre manière : une fusion n'est pas une scission."
    en = "This pole already succeeds that one in another way: a merger is not a split."


class NoSuccession(Refused):
    """Only a merger or a split has a successor."""

    code = "succession.none"
    fr = (
        "Un successeur se nomme après une fusion ou une scission : "
        "donnez cette raison, ou ne nommez pas de successeur."
    )
    en = "A successor is named after a merger or a split: give that reason, or name no successor."


class Circle(Refused):
    """A pole does not come back as the successor of those that succeeded it."""

    code = "succession.circle"
    fr = "Le successeur est lui-même un de ceux auxquels ce pôle succède : la suite tournerait."
    en = "The successor is itself one of those that this pole succeeds: the line would be a circle."


def ancestors(pole: UUID, predecessors: Callable[[UUID], Iterable[UUID]]) -> set[UUID]:
    """Everything that a pole succeeds, directly or not."""
    found: set[UUID] = set()
    asked = [pole]
    while asked:
        for predecessor in predecessors(asked.pop()):
            if predecessor not in found:
                found.add(predecessor)
                asked.append(predecessor)
    return found


class Succession(Living, Case):
    """A case that can take the place of others."""

    class Succeeded(Event):
        """It takes the place of another pole, which has ended."""

        TOPIC = "pole.succeeded.v1"
        STATED_BY = ("pole.merge", "pole.split")
        BRINGS = ("pole.moved.v1:end", "pole.succeeded.v1")
        predecessor: UUID
        how: Succeeding

    def __init__(self, id_: UUID) -> None:
        super().__init__(id_)
        self.predecessors: dict[UUID, Succeeding] = {}

    def ends_after(self, day: date) -> bool:
        """Whether it lived on a day and has ended since: its record no longer changes."""
        stays = self.main.states
        return self.main.standing_on(day).value != ENDED and any(s.value == ENDED for s in stays)

    def live_on(self, day: date) -> None:
        """Refuse to go on, where it has ended or was not there yet on a day."""
        self._living()
        self.main.standing_on(day)

    def succeed(
        self,
        predecessor: UUID,
        *,
        how: Succeeding,
        day: date,
        predecessors: Callable[[UUID], Iterable[UUID]],
    ) -> None:
        """Take the place of another pole from a day on.

        Members are not taken over by that: each joins, and says so.

        Args:
            predecessors: those of any pole: what it succeeds must not succeed it in turn.
        """
        self.live_on(day)
        if predecessor == self.id:
            raise OwnSuccessor
        if predecessor in self.predecessors:
            raise AlreadySucceeds
        if self.id in ancestors(predecessor, predecessors):
            raise Circle
        self._succeeded(predecessor=predecessor, how=how)

    @event(Succeeded)
    def _succeeded(self, *, predecessor: UUID, how: Succeeding) -> None:
        self.predecessors[predecessor] = how
        self._heard()
