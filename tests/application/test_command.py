"""The world of one command: what it read, what it will save, and the date of its facts."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.call import NotAKeeper, PlanCall
from application.catalogue import COMMANDS
from application.command import Command, GivenByNobody, Work
from application.pole import PoleCommand, RegisterPole
from domain.call_terms import CallKind
from domain.claim import Claim
from domain.dates import UNKNOWN, PartialDate
from domain.errors import Forbidden, NotFound
from domain.journey import Journey
from domain.pole import Pole
from domain.recording import ContextMissing, acting
from domain.register import REGISTER, Register
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


@pytest.fixture
def pole(registry: Registry) -> UUID:
    """A pole in it."""
    return registry.do(RegisterPole(name="Tétris"), make.by()).answer


def work(registry: Registry, on: str = "2024-06-01") -> Work:
    return Work(registry, make.context(on))


def test_what_a_command_read_is_kept_with_its_version(registry: Registry, pole: UUID) -> None:
    here, absent = work(registry), uuid4()

    here.get(Pole, pole)
    here.find(Register, REGISTER)
    here.find(Pole, absent)

    assert here.reads == {pole: 1, REGISTER: 1, absent: 0}


def test_what_was_read_twice_is_the_same_thing(registry: Registry, pole: UUID) -> None:
    here = work(registry)

    assert here.get(Pole, pole) is here.get(Pole, pole)


def test_what_was_just_made_is_found_before_it_is_saved(registry: Registry) -> None:
    here = work(registry)
    with make.on():
        claim = Claim.record(statement="Plus de 50.", author="ministère", source="une revue")

    here.save(claim)
    here.save(claim)

    assert here.get(Claim, claim.id) is claim
    assert here.saved == [claim]
    assert here.reads == {}


def test_what_is_not_there_is_not_found(registry: Registry, pole: UUID) -> None:
    here = work(registry)

    with pytest.raises(NotFound):
        here.get(Pole, uuid4())
    with pytest.raises(NotFound):
        here.get(Claim, pole)
    here.get(Pole, pole)
    with pytest.raises(NotFound):
        here.get(Claim, pole)


def test_facts_of_another_date_are_recorded_inside_a_block(registry: Registry, pole: UUID) -> None:
    here = work(registry, "2024-06-01")
    found = here.get(Pole, pole)

    with acting(make.context("2024-06-01")):
        with here.dated(PartialDate("2012"), ground="appel de 2011"):
            assert here.day == make.day("2012-01-01")
            found.rename("Alors")
        found.rename("Maintenant")

    then, now = found.pending
    assert (then.occurred_on.root, then.meta.ground) == ("2012", "appel de 2011")
    assert (now.occurred_on.root, now.meta.ground) == ("2024-06-01", None)
    assert here.occurred_on == PartialDate("2024-06-01")


def test_an_unknown_date_holds_from_today(registry: Registry) -> None:
    here = work(registry, "unknown")

    assert here.occurred_on == UNKNOWN
    assert here.day == here.today == make.TODAY


def test_a_block_that_fails_leaves_the_date_as_it_was(registry: Registry) -> None:
    here = work(registry)

    with pytest.raises(RuntimeError), here.dated(PartialDate("2012")):
        raise RuntimeError

    assert here.day == make.day("2024-06-01")
    with pytest.raises(ContextMissing):
        Claim.record(statement="Plus de 50.", author="ministère", source="une revue")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_says_what_it_does_and_what_it_asks(command: type[Command]) -> None:
    assert command.SAYS.endswith(".")
    assert (command.__doc__ or "").strip().endswith(".")
    for name, field in command.model_fields.items():
        assert field.description, name
        assert field.description.endswith((".", "…")), name


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_no_command_lets_a_request_say_who_acts(command: type[Command]) -> None:
    assert not {"actor", "role", "on_behalf_of", "now", "recorded_at"} & set(command.model_fields)


# --- who may give it ----------------------------------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_every_command_says_who_may_give_it(command: type[Command]) -> None:
    assert command.BY
    assert {Role.SYSTEM} == command.BY or Role.SYSTEM not in command.BY


def test_a_command_that_nobody_may_give_is_not_one() -> None:
    with pytest.raises(GivenByNobody, match=r"pole\.adrift"):

        class _Adrift(PoleCommand, name="pole.adrift", says="À la dérive."):
            """Say that no role is named."""

    assert "pole.adrift" not in COMMANDS


def test_whoever_acts_in_another_role_is_told_who_may(registry: Registry) -> None:
    with pytest.raises(Forbidden, match="coordination nationale"):
        registry.do(RegisterPole(name="Tétris"), make.by(Role.AUDITOR))
    with pytest.raises(NotAKeeper, match="tenue du registre"):
        registry.do(
            PlanCall(code="a", title="A", call_kind=CallKind.DECREE, authority="Ministère"),
            make.by(Role.FUNDER),
        )


def test_administrators_decide_nothing() -> None:
    given = {name for name, command in COMMANDS.items() if Role.ADMINISTRATOR in command.BY}

    assert given == {
        *("account.open", "account.describe", "account.grant", "account.withdraw"),
        *("account.suspend", "account.resume", "mandate.give", "mandate.revoke"),
        *("journey.publish", "journey.deprecate", "grid.publish", "charter.publish"),
        *("place.load", "snapshot.close", "privacy_request.receive"),
    }


MOVES = {
    "pole": "pole.move",
    "commitment": "commitment.move",
    "decree_call": "call.move",
    "permanent_call": "call.move",
    "decree_dossier": "dossier.move",
    "permanent_dossier": "dossier.move",
    "appeal": "appeal.move",
    "privacy_request": "privacy_request.move",
    "follow_up": "follow_up.move",
    "self_positioning": "evaluation.move",
    "third_party": "evaluation.move",
}


@pytest.mark.parametrize("journey", [*shipped_journeys()], ids=lambda journey: journey.ref)
def test_whom_a_journey_lets_act_may_give_the_command(journey: Journey) -> None:
    takers = {role for way in journey.transitions for role in way.by or ()}
    begins = set(journey.creation.by or ()) if journey.creation else set()

    assert takers - {Role.SYSTEM} <= COMMANDS[MOVES[journey.id]].BY
    assert begins <= COMMANDS["commitment.decide"].BY
    for state in journey.states:
        for permission in state.rights.keys() & COMMANDS.keys():
            held = set(state.rights[permission].roles) - {Role.ADMINISTRATOR}
            assert held <= COMMANDS[permission].BY, permission
