"""What is done with a pole: each command as its users send it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from application.command import Command
from application.journey import PublishJourney
from application.member import AddMember, EndMembership
from application.pole import (
    DescribeActivity,
    DesignateCarrier,
    FileEvidence,
    LocatePole,
    MigratePole,
    MovePole,
    NoteContact,
    RecordPastStep,
    RegisterPole,
    RenamePole,
)
from domain.case import Stranded
from domain.dates import PartialDate
from domain.errors import JalonError, NotFound
from domain.journey import Journey
from domain.kernel import Event
from domain.membership import MemberId, MemberKind
from domain.pole import Pole, PoleId, Territory
from domain.recording import EndsBeforeItBegins
from domain.rights import RoleNotHeld
from domain.roles import Role
from domain.track import NotBegun
from domain.values import Personal
from domain.workflow import ClauseNotHeld, Verdict
from infrastructure.event_store.registry import Registry
from tests import make


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    """A registry in which the journeys are published."""
    with make.registry(tmp_path) as made:
        yield made


def do(registry: Registry, command: Command, role: Role = Role.REGISTRAR) -> tuple[Event, ...]:
    return registry.do(command, make.by(role)).events


def register(registry: Registry, on: str = "2022", **more: Any) -> PoleId:
    command = RegisterPole(name="Tétris", occurred_on=PartialDate(on), **more)
    return PoleId(registry.do(command, make.by()).answer)


def load(registry: Registry, pole: UUID) -> Pole:
    found = registry.load(Pole, pole)
    assert found
    return found


# Registering.


@pytest.mark.parametrize(
    ("on", "journey"),
    [
        ("2008", "pole@2011-09"),
        ("2012-06-25", "pole@2011-09"),
        ("2014-09-19", "pole@2014-09-19"),
        ("2018", "pole@2015-04-18"),
        ("2022", "pole@2021-05-12"),
        ("unknown", "pole@2021-05-12"),
    ],
)
def test_a_pole_begins_under_the_rules_of_its_day(
    registry: Registry, on: str, journey: str
) -> None:
    assert load(registry, register(registry, on)).journey == journey


def test_a_pole_may_be_registered_under_rules_that_are_named(registry: Registry) -> None:
    pole = register(registry, "2012", journey="pole@2014-09-19")

    assert load(registry, pole).journey == "pole@2014-09-19"


def test_rules_that_nobody_published_are_not_found(registry: Registry) -> None:
    with pytest.raises(NotFound, match="pole@1999-01"):
        register(registry, "2012", journey="pole@1999-01")


def test_two_poles_of_one_name_have_two_codes(registry: Registry) -> None:
    codes = [load(registry, register(registry)).code for _ in range(3)]

    assert codes == ["tetris", "tetris-2", "tetris-3"]


# What is said of it.


def test_what_is_said_of_a_pole_is_recorded_as_it_is_said(registry: Registry) -> None:
    pole = register(registry)
    said: list[Command] = [
        RenamePole(pole=pole, name=" Trézor "),
        LocatePole(pole=pole, territory=Territory(words="Grasse")),
        DescribeActivity(pole=pole, words="réemploi"),
        DesignateCarrier(pole=pole, name="SCIC", siret="732 829 320 00074"),
        FileEvidence(pole=pole, evidence="strategy", title="Stratégie"),
        NoteContact(pole=pole, channel="courriel", outcome="sans réponse"),
    ]
    for command in said:
        do(registry, command)

    told = load(registry, pole)
    today = make.TODAY
    assert told.name_on(today) == "Trézor"
    assert told.territory_on(today).words == "Grasse"
    assert told.activity_on(today) == "réemploi"
    assert told.carrier_on(today) == ("SCIC", "73282932000074")
    assert [(piece.since, piece.value) for piece in told.evidence] == [(today, "strategy")]
    assert told.contacts == [today]


def test_a_fact_cannot_end_before_it_begins(registry: Registry) -> None:
    pole = register(registry)
    rename = RenamePole(
        pole=pole,
        name="Trézor",
        occurred_on=PartialDate("2023"),
        valid_to=make.day("2022-06-01"),
    )

    with pytest.raises(EndsBeforeItBegins):
        do(registry, rename)


def test_a_citizen_joins_under_a_sealed_name(registry: Registry) -> None:
    pole = register(registry)
    name = Personal(text="Camille Martin")

    (joined,) = do(registry, AddMember(pole=pole, member_kind=MemberKind.CITIZEN, person=name))

    assert isinstance(joined, Pole.MemberJoined)
    assert joined.name is None
    assert joined.person
    assert "Camille" not in str(joined)


def test_a_refused_member_leaves_no_sealed_name_behind(registry: Registry) -> None:
    pole = register(registry)
    both = AddMember(
        pole=pole,
        member_kind=MemberKind.RESEARCH,
        name="Université",
        person=Personal(text="Camille Martin"),
    )

    with pytest.raises(JalonError):
        do(registry, both)

    assert registry.journal.query("SELECT ref FROM sealed") == []


def test_a_membership_ends_on_its_day(registry: Registry) -> None:
    pole = register(registry)
    join = AddMember(
        pole=pole,
        member_kind=MemberKind.RESEARCH,
        name="Université",
        occurred_on=PartialDate("2022"),
    )
    member = MemberId(registry.do(join, make.by()).answer)

    do(registry, EndMembership(pole=pole, member=member, occurred_on=PartialDate("2023-05")))

    told = load(registry, pole)
    counted = [len(told.members_on(make.day(day))) for day in ("2023-04-30", "2023-05-01")]
    assert counted == [1, 0]


# Steps.


def ready(registry: Registry, pole: PoleId, on: str) -> None:
    """Everything that the rules of 2012, of 2015 and of 2021 ask of the pole itself."""
    kinds = [
        MemberKind.ESS_ENTERPRISE,
        MemberKind.OTHER_ENTERPRISE,
        MemberKind.LOCAL_AUTHORITY,
        MemberKind.RESEARCH,
        MemberKind.TRAINING,
    ]
    when = PartialDate(on)
    for n, kind in enumerate(kinds):
        do(registry, AddMember(pole=pole, member_kind=kind, name=f"M{n}", occurred_on=when))
    do(registry, FileEvidence(pole=pole, evidence="strategy", title="S", occurred_on=when))
    do(registry, LocatePole(pole=pole, territory=Territory(words="Grasse"), occurred_on=when))


def test_a_step_is_judged_on_its_own_day(registry: Registry) -> None:
    pole = register(registry)
    ready(registry, pole, "2023-06-01")
    enter = MovePole(pole=pole, transition="enter_experimentation")
    early = enter.model_copy(update={"occurred_on": PartialDate("2023-05-31")})

    with pytest.raises(ClauseNotHeld):
        do(registry, early, Role.COORDINATOR)
    (moved,) = do(registry, enter, Role.COORDINATOR)

    assert isinstance(moved, Pole.Moved)
    assert {finding.verdict for finding in moved.verdicts} == {Verdict.HELD}
    assert moved.journey == make.LATEST


def test_a_step_belongs_to_who_may_take_it(registry: Registry) -> None:
    pole = register(registry)
    ready(registry, pole, "2023")

    with pytest.raises(RoleNotHeld, match="tenue du registre"):
        do(registry, MovePole(pole=pole, transition="enter_experimentation"))


def test_a_step_asks_for_the_input_of_its_rules(registry: Registry) -> None:
    pole = register(registry, "2012")
    ready(registry, pole, "2012-02")
    all_four = ["cooperation", "social_use", "long_term", "contracts"]
    enter = MovePole(pole=pole, transition="enter_experimentation")

    with pytest.raises(JalonError, match="il manque « Critères constatés »"):
        do(registry, enter, Role.NETWORK)
    with pytest.raises(ClauseNotHeld, match="Coopération intégrée"):
        do(
            registry,
            enter.model_copy(update={"input": {"criteria_met": all_four[:3]}}),
            Role.NETWORK,
        )
    (moved,) = do(
        registry, enter.model_copy(update={"input": {"criteria_met": all_four}}), Role.NETWORK
    )

    assert isinstance(moved, Pole.Moved)
    assert moved.input == {"criteria_met": all_four}
    assert moved.journey == "pole@2011-09"


def test_a_past_step_is_judged_by_the_rules_of_its_day(registry: Registry) -> None:
    pole = register(registry, "2012")

    (moved,) = do(
        registry,
        RecordPastStep(
            pole=pole,
            transition="enter_experimentation",
            source="chronologie",
            occurred_on=PartialDate("2013"),
        ),
    )

    assert isinstance(moved, Pole.Moved)
    assert moved.journey == "pole@2011-09"
    assert {finding.verdict for finding in moved.verdicts} == {Verdict.NOT_CHECKED}
    assert moved.meta.source == "chronologie"


def test_a_step_of_an_earlier_day_is_judged_by_the_rules_the_pole_followed_then(
    registry: Registry,
) -> None:
    pole = register(registry, "2012")
    ready(registry, pole, "2012-02")
    do(registry, MigratePole(pole=pole, to=make.LATEST, occurred_on=PartialDate("2021-05-12")))
    criteria = ["cooperation", "social_use", "long_term", "contracts"]
    enter = MovePole(
        pole=pole,
        transition="enter_experimentation",
        input={"criteria_met": criteria},
        occurred_on=PartialDate("2013"),
    )

    (moved,) = do(registry, enter, Role.NETWORK)

    assert isinstance(moved, Pole.Moved)
    assert moved.journey == "pole@2011-09"


def test_for_a_past_step_now_is_its_own_day(registry: Registry) -> None:
    title = {"fr": "Avant 2015", "en": "Before 2015"}
    clause = {
        "id": "before",
        "when": "now < timestamp('2015-01-01T00:00:00Z')",
        "say": title,
        "source": "test",
    }
    definition = make.journey("pole@2011-09").journey.model_dump(mode="json")
    for way in definition["transitions"]:
        way["requires"] = [clause]
    dated = Journey.model_validate(definition | {"version": "2011-10"})
    do(registry, PublishJourney(journey=dated))
    pole = register(registry, "2012", journey="pole@2011-10")
    past = RecordPastStep(
        pole=pole,
        transition="enter_experimentation",
        source="chronologie",
        journey="pole@2011-10",
    )

    with pytest.raises(ClauseNotHeld, match="Avant 2015"):
        do(registry, past.model_copy(update={"occurred_on": PartialDate("2016")}))
    (moved,) = do(registry, past.model_copy(update={"occurred_on": PartialDate("2014")}))

    assert isinstance(moved, Pole.Moved)
    assert moved.verdicts[0].verdict is Verdict.HELD


def test_a_past_step_needs_its_source() -> None:
    with pytest.raises(ValueError, match="source"):
        RecordPastStep.model_validate({"pole": make.ACTOR, "transition": "end"})


def test_a_past_step_that_known_facts_contradict_is_refused(registry: Registry) -> None:
    pole = register(registry, "2012")
    do(
        registry,
        AddMember(
            pole=pole,
            member_kind=MemberKind.RESEARCH,
            name="Université",
            occurred_on=PartialDate("2012"),
        ),
    )

    with pytest.raises(ClauseNotHeld, match="au moins cinq organisations"):
        do(
            registry,
            RecordPastStep(
                pole=pole,
                transition="enter_experimentation",
                source="chronologie",
                occurred_on=PartialDate("2013"),
            ),
        )


def test_a_past_step_leads_to_no_stage_that_the_rules_of_the_pole_lack(
    registry: Registry,
) -> None:
    """A pole of 2012 that was never migrated has no stage for a charter of 2014."""
    pole = register(registry, "2012")
    sign = RecordPastStep(
        pole=pole, transition="sign_charter", source="charte", occurred_on=PartialDate("2015-01-01")
    )

    with pytest.raises(Stranded, match="pole@2011-09 n'a pas d'étape « charter_signed »"):
        do(registry, sign)
    migrate = MigratePole(pole=pole, to="pole@2014-09-19", occurred_on=PartialDate("2014-09-19"))
    do(registry, migrate)
    do(registry, sign)

    assert load(registry, pole).state_on(make.TODAY) == "charter_signed"


def test_a_past_step_is_refused_where_a_later_version_would_strand_the_pole(
    registry: Registry,
) -> None:
    """The stage entered that day would still be the pole's when it changes version."""
    pole = register(registry, "2015-04-18")
    do(registry, MigratePole(pole=pole, to="pole@2011-09", occurred_on=PartialDate("2017")))
    signs = RecordPastStep(
        pole=pole,
        transition="sign_charter",
        source="chronologie",
        occurred_on=PartialDate("2016"),
    )

    with pytest.raises(Stranded, match="pole@2011-09 n'a pas d'étape « charter_signed »"):
        do(registry, signs)


@pytest.mark.parametrize("command", [MovePole, RecordPastStep])
def test_no_step_comes_before_the_pole(registry: Registry, command: type[Command]) -> None:
    fields = {
        "pole": register(registry, "2022"),
        "transition": "end",
        "input": {"reason": "dissolved"},
        "source": "journal officiel",
        "occurred_on": "2021",
    }

    with pytest.raises(NotBegun):
        do(registry, command.model_validate(fields))


# Changing rules.


def test_a_pole_follows_its_rules_until_it_is_migrated(registry: Registry) -> None:
    pole = register(registry, "2012")
    steps = [
        MovePole(pole=pole, transition="recognise"),
        MigratePole(pole=pole, to="pole@2015-04-18", occurred_on=PartialDate("2015-04-18")),
        MovePole(pole=pole, transition="recognise"),
    ]

    with pytest.raises(JalonError, match="n'a pas de passage « recognise »"):
        do(registry, steps[0])
    do(registry, steps[1])
    with pytest.raises(ClauseNotHeld, match="article 9"):
        do(registry, steps[2])


def test_a_migration_recorded_late_does_not_bring_old_rules_back(registry: Registry) -> None:
    pole = register(registry, "2012")
    for ref, on in (("pole@2021-05-12", "2021-05-12"), ("pole@2014-09-19", "2014-09-19")):
        do(registry, MigratePole(pole=pole, to=ref, occurred_on=PartialDate(on)))
    ready(registry, pole, "2023")

    (moved,) = do(
        registry, MovePole(pole=pole, transition="enter_experimentation"), Role.COORDINATOR
    )

    assert isinstance(moved, Pole.Moved)
    assert moved.journey == make.LATEST
