"""What waits: for whom, since when, for what, today and on another day."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from application.command import Command
from application.inbox import Holder, InboxLine, inbox
from application.mandate import GiveMandate, RevokeMandate, mandates
from application.member import AddMember
from application.pole import FileEvidence, LocatePole, MovePole, NoteContact, RegisterPole
from application.register import PoleLine, pole_sheet
from application.stall import NotADuration, StallLine, stalls
from application.world import Moment
from domain.dates import PartialDate
from domain.mandate import EVERYWHERE
from domain.membership import MemberKind
from domain.pole import PoleId, Territory
from domain.provenance import AccountId, MandateId
from domain.roles import Role
from infrastructure.event_store.registry import Registry
from tests import make


@pytest.fixture
def clock() -> make.Clock:
    return make.Clock()


@pytest.fixture
def registry(tmp_path: Path, clock: make.Clock) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path, clock=clock) as made:
        yield made


def do(
    registry: Registry, command: Command, on: str = "2024-06-03", role: Role = Role.REGISTRAR
) -> PoleId:
    dated = command.model_copy(update={"occurred_on": PartialDate(on)})
    return PoleId(registry.do(dated, make.by(role)).answer)


def pole(registry: Registry, name: str, since: str = "2022-01-01") -> PoleId:
    return do(registry, RegisterPole(name=name), since)


def at(registry: Registry, day: str = "2024-06-03", known: int | None = None) -> Moment:
    return Moment(known=known or registry.journal.size(), in_force=make.day(day))


def lines(registry: Registry, poles: Sequence[UUID], moment: Moment) -> list[PoleLine]:
    """The poles as the list of the register shows them."""
    sheets = [pole_sheet(registry, id_, moment) for id_ in poles]
    return [
        PoleLine(
            id=sheet.id,
            code=sheet.code,
            name=sheet.name,
            stage=sheet.stage,
            stage_title=sheet.stage_title,
            occurred_on=sheet.occurred_on,
            journey=sheet.journey,
            region=sheet.territory.region,
        )
        for sheet in sheets
    ]


def waiting(
    registry: Registry,
    poles: Sequence[UUID],
    role: Role | None = None,
    moment: Moment | None = None,
    holder: Holder | None = None,
) -> list[InboxLine]:
    moment = moment or at(registry)
    holder = holder or (Holder.of_role(role) if role else None)
    return inbox(registry, lines(registry, poles, moment), moment, holder=holder)


def stalled(
    registry: Registry, poles: Sequence[UUID], days: int, moment: Moment | None = None
) -> list[StallLine]:
    moment = moment or at(registry)
    return stalls(registry, lines(registry, poles, moment), moment, days=days)


def keys(line: InboxLine) -> list[str]:
    return [wait.key for wait in line.waits]


# --- the inbox ----------------------------------------------------------------------------------


def test_a_silent_pole_waits_for_the_coordinator_to_call_it(registry: Registry) -> None:
    old = pole(registry, "Ancien")

    (line,) = waiting(registry, [old], Role.COORDINATOR)

    assert keys(line) == ["clauses.fall_silent"]
    (condition,) = line.waits[0].conditions
    assert condition.sentence == "Le pôle a été contacté depuis, sans nouvelle."
    assert Role.COORDINATOR in condition.unblocked_by


def test_a_pole_heard_of_lately_waits_for_no_call(registry: Registry) -> None:
    recent = pole(registry, "Récent", "2024-03-01")

    assert waiting(registry, [recent], Role.COORDINATOR) == []


def test_once_called_the_step_itself_waits(registry: Registry) -> None:
    old = pole(registry, "Ancien")
    do(registry, NoteContact(pole=old, channel="courriel", outcome="sans réponse"))

    (line,) = waiting(registry, [old], Role.COORDINATOR)

    assert keys(line) == ["step.fall_silent"]
    assert line.waits[0].title == "Constater l'absence de nouvelles"
    assert line.waits[0].status == "open"


def test_the_representative_is_waited_for_until_the_form_is_on_file(registry: Registry) -> None:
    made = pole(registry, "Un", "2024-01-01")

    (before,) = waiting(registry, [made], Role.POLE_REPRESENTATIVE)
    do(registry, FileEvidence(pole=made, evidence="charter_form", title="Formulaire"))
    (after,) = waiting(registry, [made], Role.POLE_REPRESENTATIVE)

    assert "clauses.sign_charter" in keys(before)
    assert "step.sign_charter" in keys(after)
    (wait,) = [wait for wait in after.waits if wait.key == "step.sign_charter"]
    assert wait.missing_input == ("Signature enregistrée", "Qualité du signataire")


def test_what_others_must_lift_is_counted_and_not_shown(registry: Registry) -> None:
    made = pole(registry, "Un", "2024-01-01")

    (line,) = waiting(registry, [made], Role.COMMITTEE_MEMBER)

    (wait,) = [wait for wait in line.waits if wait.id == "recognise"]
    assert len(wait.conditions) == 1
    assert wait.wanting == 5


def test_those_who_have_waited_longest_come_first(registry: Registry) -> None:
    poles = [pole(registry, name, since) for name, since in (("B", "2023"), ("A", "2020-05-01"))]

    found = waiting(registry, poles)

    assert [line.name for line in found] == ["A", "B"]
    assert [line.days for line in found] == [1494, 519]
    assert [line.exact for line in found] == [True, False]
    assert [line.occurred_on for line in found] == ["2020-05-01", "2023"]


def test_an_unknown_date_counts_from_the_day_it_was_recorded(
    registry: Registry, clock: make.Clock
) -> None:
    made = pole(registry, "Un", "unknown")
    clock.advance(days=10)

    (line,) = waiting(registry, [made], moment=at(registry, "2024-06-13"))

    assert (line.days, line.occurred_on, line.exact) == (10, "unknown", False)


def test_a_pole_that_has_ended_waits_for_nobody(registry: Registry) -> None:
    made = pole(registry, "Un")
    do(registry, MovePole(pole=made, transition="end", input={"reason": "dissolved"}))

    assert waiting(registry, [made]) == []


def test_without_a_role_everybody_who_is_waited_for_is_named(registry: Registry) -> None:
    (line,) = waiting(registry, [pole(registry, "Un")])

    roles = {role for wait in line.waits for role in wait.roles}
    assert {Role.POLE_REPRESENTATIVE, Role.COORDINATOR, Role.REGISTRAR} <= roles


def test_nothing_waits_for_a_role_that_can_do_nothing(registry: Registry) -> None:
    assert waiting(registry, [pole(registry, "Un")], Role.FUNDER) == []


# --- on another day -----------------------------------------------------------------------------


def test_the_same_is_asked_of_a_past_day(registry: Registry) -> None:
    old = pole(registry, "Ancien", "2022-01-01")

    then = waiting(registry, [old], Role.COORDINATOR, at(registry, "2022-06-01"))
    later = waiting(registry, [old], Role.COORDINATOR, at(registry, "2023-06-01"))

    assert then == []
    assert [line.days for line in later] == [516]


def test_what_was_not_yet_known_did_not_count(registry: Registry) -> None:
    old = pole(registry, "Ancien")
    known = registry.journal.size()
    do(registry, NoteContact(pole=old, channel="courriel", outcome="sans réponse"), "2024-05-01")

    before = waiting(registry, [old], Role.COORDINATOR, at(registry, known=known))
    after = waiting(registry, [old], Role.COORDINATOR)

    assert [keys(line) for line in before] == [["clauses.fall_silent"]]
    assert [keys(line) for line in after] == [["step.fall_silent"]]


# --- for a person -------------------------------------------------------------------------------

SOMEBODY = AccountId(UUID(int=77))


def gives(role: Role, relation: str) -> GiveMandate:
    return GiveMandate(
        holder=SOMEBODY, principal="organisation:Réseau", for_role=role, relation=relation
    )


def held(registry: Registry, moment: Moment | None = None) -> Holder:
    everything = mandates(registry, moment or at(registry))
    return Holder.of_mandates(m for m in everything if m.in_force and m.holder == SOMEBODY)


def test_a_person_is_waited_for_where_their_mandates_reach(registry: Registry) -> None:
    here, there = pole(registry, "Ici"), pole(registry, "Là")
    do(registry, LocatePole(pole=here, territory=Territory(region="Bretagne")), "2022-01-01")
    do(registry, gives(Role.REGIONAL_COORDINATOR, "region:Bretagne"), "2024-01-01")

    found = waiting(registry, [here, there], holder=held(registry))

    assert [line.name for line in found] == ["Ici"]
    assert keys(found[0]) == ["clauses.fall_silent"]


def test_several_mandates_add_up(registry: Registry) -> None:
    here, there = pole(registry, "Ici"), pole(registry, "Là")
    do(registry, gives(Role.COORDINATOR, EVERYWHERE), "2024-01-01")
    do(registry, gives(Role.POLE_REPRESENTATIVE, f"pole:{there}"), "2024-01-01")

    found = {
        line.name: keys(line) for line in waiting(registry, [here, there], holder=held(registry))
    }

    assert found["Ici"] == ["clauses.fall_silent"]
    assert {"clauses.sign_charter", "clauses.fall_silent"} < set(found["Là"])


def test_a_mandate_that_ended_reaches_nothing(registry: Registry) -> None:
    made = pole(registry, "Un")
    given = do(registry, gives(Role.COORDINATOR, EVERYWHERE), "2024-01-01")
    do(registry, RevokeMandate(mandate_id=MandateId(given)), "2024-03-01")

    now = waiting(registry, [made], holder=held(registry))
    then = waiting(
        registry,
        [made],
        moment=at(registry, "2024-02-01"),
        holder=held(registry, at(registry, "2024-02-01")),
    )

    assert now == []
    assert len(then) == 1


def test_a_person_without_a_mandate_is_waited_for_nowhere(registry: Registry) -> None:
    assert waiting(registry, [pole(registry, "Un")], holder=Holder(())) == []


# --- stalls -------------------------------------------------------------------------------------


def test_a_pole_stalls_when_it_stays_longer_than_asked(registry: Registry) -> None:
    made = pole(registry, "Un", "2024-05-04")

    assert [line.days for line in stalled(registry, [made], 29)] == [30]
    assert stalled(registry, [made], 30) == []


def test_a_stall_says_why_and_who_holds_it(registry: Registry) -> None:
    made = pole(registry, "Un")
    for kind in (MemberKind.ESS_ENTERPRISE, MemberKind.OTHER_ENTERPRISE):
        do(registry, AddMember(pole=made, member_kind=kind, name=kind), "2022-02-01")

    (line,) = stalled(registry, [made], 365)
    (way,) = [way for way in line.exits if way.transition == "enter_experimentation"]

    assert [condition.clause for condition in way.conditions] == ["strategy", "territory"]
    assert {condition.verdict for condition in way.conditions} == {"unknown"}
    assert {Role.POLE_REPRESENTATIVE, Role.REGISTRAR} <= set(line.holders)
    assert "end" not in {way.transition for way in line.exits}


def test_a_final_stage_never_stalls(registry: Registry) -> None:
    made = pole(registry, "Un")
    ended = MovePole(pole=made, transition="end", input={"reason": "dissolved"})
    do(registry, ended, "2022-06-01")

    assert stalled(registry, [made], 0) == []


def test_stalls_are_asked_of_a_past_day(registry: Registry) -> None:
    made = pole(registry, "Un")

    then = stalled(registry, [made], 100, at(registry, "2022-03-01"))
    later = stalled(registry, [made], 100, at(registry, "2022-12-31"))

    assert then == []
    assert [line.days for line in later] == [364]


@pytest.mark.parametrize("days", [-1, 36_501])
def test_a_number_of_days_that_nobody_means_is_refused(registry: Registry, days: int) -> None:
    with pytest.raises(NotADuration):
        stalls(registry, [], at(registry), days=days)


def test_a_pole_that_is_not_in_the_store_is_passed_over(registry: Registry) -> None:
    (line,) = lines(registry, [pole(registry, "Un")], at(registry))

    gone = line.model_copy(update={"id": uuid4()})

    assert inbox(registry, [gone], at(registry), holder=None) == []
