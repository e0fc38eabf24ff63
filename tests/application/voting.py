"""A journey whose steps are voted on, and the persons who vote."""

from typing import Any
from uuid import UUID

from application.command import By
from application.journey import PublishJourney
from application.pole import MovePole, RegisterPole
from application.vote import CastBallot, OpenVote
from domain.dates import PartialDate
from domain.journey import Journey
from domain.kernel import Event
from domain.pole import Pole, PoleId
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from domain.vote import Choice
from infrastructure.event_store.registry import Registry
from tests import make

MEMBER, FUNDER, SECRETARY = Role.COMMITTEE_MEMBER, Role.FUNDER, Role.SECRETARY


def person(number: int, role: Role = MEMBER, mandate: UUID | None = None) -> By:
    """One of many persons."""
    under = MandateId(mandate) if mandate else None
    return By(actor=AccountId(UUID(int=number)), role=role, on_behalf_of=under)


def approval(**more: Any) -> dict[str, Any]:
    """A committee of three, half of which must vote; a secretary opens the vote."""
    return {
        "source": "product rule",
        "colleges": {"committee": college("Comité", "committee_member", 3)},
        "quorum": "1/2",
        "opened_by": ["secretary"],
        **more,
    }


def college(title: str, role: str, seats: int | None) -> dict[str, Any]:
    return {"title": {"fr": title}, "roles": [role], "seats": seats}


def journey(rule: dict[str, Any] | None = None, version: str = "2023-01-01") -> Journey:
    """A choice that is voted, back and forth; and a way that is not."""
    amount = {"type": "integer", "title": {"fr": "Montant"}, "required": False}
    return Journey.model_validate(
        {
            "id": "pole",
            "version": version,
            "source": ["product rule"],
            "facts": "PoleFacts",
            "initial": "asked",
            "states": {
                "asked": {"title": {"fr": "Demande"}},
                "chosen": {},
                "left": {"final": True},
            },
            "transitions": {
                "choose": {
                    "title": {"fr": "Retenir", "en": "Choose"},
                    "from": ["asked"],
                    "to": "chosen",
                    "by": ["secretary"],
                    "input": {"amount": amount},
                    "approval": approval() if rule is None else rule,
                },
                "reopen": {"from": ["chosen"], "to": "asked", "by": ["secretary"]},
                "leave": {"from": ["asked"], "to": "left", "by": ["secretary"]},
            },
        }
    )


def publish(registry: Registry, *versions: Journey) -> None:
    for version in versions:
        registry.do(PublishJourney(journey=version), make.by(Role.ADMINISTRATOR))


def register(registry: Registry, on: str = "2024-01-01") -> PoleId:
    """A pole that asks."""
    command = RegisterPole(name="Tétris", occurred_on=PartialDate(on))
    return PoleId(registry.do(command, make.by()).answer)


def load(registry: Registry, pole: UUID) -> Pole:
    found = registry.load(Pole, pole)
    assert found
    return found


def open_vote(registry: Registry, pole: PoleId, by: By | None = None, **given: Any) -> UUID:
    """Put the choice to the vote."""
    command = OpenVote(pole=pole, transition="choose", input=given)
    return registry.do(command, by or person(99, SECRETARY)).answer


def cast(
    registry: Registry,
    pole: PoleId,
    vote: UUID,
    by: By,
    choice: Choice = Choice.FOR,
    **more: Any,
) -> tuple[Event, ...]:
    return registry.do(CastBallot(pole=pole, vote=vote, choice=choice, **more), by).events


def choose(registry: Registry, pole: PoleId, **given: Any) -> tuple[Event, ...]:
    """Take the step that was voted."""
    command = MovePole(pole=pole, transition="choose", input=given)
    return registry.do(command, person(99, SECRETARY)).events
