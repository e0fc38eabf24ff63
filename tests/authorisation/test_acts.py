"""Each act is given in the roles that the table says, by accounts that hold them, by no other."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.account import GrantRole, OpenAccount
from application.catalogue import COMMANDS
from application.command import Command, Work
from domain.account import RoleNotGranted
from domain.errors import Forbidden
from domain.journey import Gate, Journey
from domain.provenance import AccountId, Provenance
from domain.recording import Context
from domain.rights import Who, may, wanting
from domain.roles import Role, roles_called
from domain.values import Personal
from infrastructure.event_store.registry import Registry
from infrastructure.reference import shipped_journeys
from tests import make
from tests.authorisation.table import acts, stages
from tests.examples import settings

ACTS = acts()
STAGES = stages()
SHIPPED = {n: c for n, c in COMMANDS.items() if c.__module__.startswith("application.")}
"""Not those that other tests define."""
HELD = [role for role in Role if role not in (Role.PUBLIC, Role.SYSTEM)]
JOURNEYS = {journey.ref: journey for journey in shipped_journeys()}


class People:
    """A registry, and for each role somebody who holds that role alone, everywhere."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.holding: dict[Role, AccountId] = {role: self._account(role) for role in HELD}
        self.holding[Role.PUBLIC] = self.holding[Role.SYSTEM] = self._account(None)

    def _account(self, role: Role | None) -> AccountId:
        address = Personal(text=f"{role or 'personne'}@exemple.fr")
        admin = make.by(Role.ADMINISTRATOR)
        opened = OpenAccount(name=Personal(text="Ada"), address=address)
        account = AccountId(self.registry.do(opened, admin).answer)
        if role:
            granted = GrantRole(account=account, for_role=role, relation="everywhere")
            self.registry.do(granted, admin)
        return account

    def refusal(self, command: type[Command], role: Role, by: AccountId) -> str | None:
        """Why an act is not given, before anything of it is read; `None` where it is decided."""
        plain = make.context()
        about = Provenance(actor=by, role=role, correlation_id=plain.provenance.correlation_id)
        work = Work(self.registry, Context(about, plain.now, plain.occurred_on))
        told = str(command.REFUSED(roles=roles_called(command.BY)))
        try:
            work.execute(command.model_construct())
        except RoleNotGranted:
            return "not granted"
        except Forbidden as refused:
            return "role" if str(refused) == told else None
        except Exception:  # noqa: BLE001  # it was let in, and is given nothing that it asks for
            return None
        return None


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Iterator[People]:
    with make.registry(tmp_path_factory.mktemp("people")) as registry:
        yield People(registry)


def test_every_act_has_a_line_and_every_line_an_act() -> None:
    assert ACTS.keys() == SHIPPED.keys()


@settings(max_examples=2000, deadline=None)
@given(name=st.sampled_from(sorted(SHIPPED)), role=st.sampled_from(Role), own=st.booleans())
def test_an_act_is_given_in_the_roles_of_the_table(
    people: People, name: str, role: Role, own: bool
) -> None:
    somebody = people.holding[role if own else Role.PUBLIC]
    is_held = role is Role.PUBLIC or (own and role is not Role.SYSTEM)

    refusal = people.refusal(SHIPPED[name], role, somebody)

    if not is_held:
        assert refusal == "not granted"
    else:
        assert (refusal is None) == (role in ACTS[name].roles), (name, role)


@pytest.mark.long
@pytest.mark.parametrize("role", Role)
def test_every_cell_holds(people: People, role: Role) -> None:
    for name, command in SHIPPED.items():
        held = role is not Role.SYSTEM
        refusal = people.refusal(command, role, people.holding[role])
        expected = None if role in ACTS[name].roles else "role"
        assert refusal == (expected if held else "not granted"), name


# --- what stages decide --------------------------------------------------------------------------


def _asked(journey: Journey) -> Iterator[tuple[str, str, Gate | str]]:
    for state in journey.states:
        title = state.title.fr or state.id
        yield from ((state.id, title, permission) for permission in journey.managed)
        yield from ((state.id, title, way) for way in journey.ways_out(state.id))


def test_every_stage_lets_whom_the_table_says() -> None:
    """Every cell: each journey in force, each of its stages, each act it decides, each role."""
    told = set()
    latest = {journey.id: journey for journey in sorted(JOURNEYS.values(), key=lambda j: j.ref)}
    for journey in latest.values():
        for state, title, asked in _asked(journey):
            act = asked if isinstance(asked, str) else f"→ {getattr(asked, 'id', '')}"
            expected = STAGES[journey.ref, title, act]
            told.add((journey.ref, title, act))
            for role in Role:
                who = Who(frozenset({role}))
                admitted = (
                    may(journey, state, who, asked)
                    if isinstance(asked, str)
                    else wanting(journey, state, asked, who) is None
                )
                assert admitted == (expected is None or role in expected), (title, act, role)

    assert told == STAGES.keys()
