"""The pole: what may be recorded of it, and what is known of it on a day."""

import calendar
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given

from domain.dates import PartialDate
from domain.membership import AlreadyMember, MemberKind, NotAMember, PersonUnnamed
from domain.pole import Pole, PoleEnded, PoleFacts, Territory
from domain.recognition import Recognition, RecognitionKind
from domain.values import Sealed
from domain.workflow import Step
from tests import make
from tests.domain.strategies import days, lives
from tests.examples import settings

PERSON = Sealed(ref="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg")
TODAY = make.TODAY


def join(pole: Pole, kind: MemberKind, name: str, on: str = "2023") -> Any:
    with make.on(on):
        return pole.add_member(member_kind=kind, name=name, person=None)


def leave(pole: Pole, member: Any, on: str) -> None:
    with make.on(on):
        pole.end_membership(member, occurred_on=PartialDate(on))


def step(pole: Pole, to: str, on: str) -> None:
    day = PartialDate(on)
    from_ = pole.state_on(day.first_day or TODAY) or ""
    taken = Step(transition="step", from_=from_, to=to, input={}, findings=())
    with make.on(on):
        pole.move(taken, journey=pole.journey, occurred_on=day)


def facts(pole: Pole, on: str | date = TODAY, *recognitions: Recognition) -> PoleFacts:
    known = {recognition.id: recognition for recognition in recognitions}
    day = on if isinstance(on, date) else make.day(on)
    return pole.facts_on(day, lambda _, id_: known[id_])


# What may be recorded.


def test_a_pole_begins_at_the_first_stage_and_nothing_is_granted_to_it() -> None:
    pole = make.pole("2022")

    (registered,) = pole.pending

    assert isinstance(registered, Pole.Registered)
    assert (pole.name_on(TODAY), pole.state_on(TODAY)) == ("Tétris", "emergence")
    assert pole.recognitions == {}


CHANGES: dict[str, Callable[[Pole], object]] = {
    "rename": lambda pole: pole.rename("Trézor"),
    "locate": lambda pole: pole.locate(Territory(words="Grasse")),
    "describe": lambda pole: pole.describe_activity("réemploi"),
    "join": lambda pole: pole.add_member(
        member_kind=MemberKind.RESEARCH, name="Université", person=None
    ),
    "leave": lambda pole: pole.end_membership(
        next(iter(pole.members)), occurred_on=PartialDate("2024-06")
    ),
    "carrier": lambda pole: pole.designate_carrier(name="SCIC", siret=None),
    "evidence": lambda pole: pole.file_evidence(evidence="strategy", title="Stratégie"),
    "contact": lambda pole: pole.attempt_contact(channel="courriel", outcome="sans réponse"),
    "recognition": lambda pole: pole.attach_recognition(
        uuid4(), code="ami_2023", recognition_kind=RecognitionKind.EXPRESSION_OF_INTEREST_CALL
    ),
    "signature": lambda pole: pole.attach_signature(uuid4()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_pole_that_has_ended_no_longer_changes(change: Callable[[Pole], object]) -> None:
    pole = make.pole("2022")
    join(pole, MemberKind.OTHER, "Coopérative")
    step(pole, "ended", "2024-05-01")
    version = pole.version

    with make.on(), pytest.raises(PoleEnded, match="a cessé le 1er mai 2024"):
        change(pole)

    assert pole.version == version


@pytest.mark.parametrize("change", [c for n, c in CHANGES.items() if n != "leave"])
def test_what_was_before_its_end_may_be_learnt_after_it(change: Callable[[Pole], object]) -> None:
    pole = make.pole("2022")
    step(pole, "ended", "2024-05-01")
    version = pole.version

    with make.on("2024-04-30"):
        change(pole)
    with make.on("2024-05-01"), pytest.raises(PoleEnded):
        change(pole)

    assert pole.version == version + 1


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_is_allowed_to_a_living_pole(change: Callable[[Pole], object]) -> None:
    pole = make.pole("2022")
    join(pole, MemberKind.OTHER, "Coopérative")
    version = pole.version

    with make.on():
        change(pole)

    assert pole.version == version + 1


def test_an_organisation_joins_once() -> None:
    pole = make.pole("2022")
    join(pole, MemberKind.ESS_ENTERPRISE, "Évaléco")

    with pytest.raises(AlreadyMember, match="« Évaléco » est déjà membre"):
        join(pole, MemberKind.ESS_ENTERPRISE, "Évaléco", "2024")


def test_an_organisation_that_left_may_come_back() -> None:
    pole = make.pole("2022")
    member = join(pole, MemberKind.ESS_ENTERPRISE, "Évaléco", "2022-06")
    leave(pole, member, "2023-01-01")

    join(pole, MemberKind.ESS_ENTERPRISE, "Évaléco", "2024-01-01")

    counted = [len(pole.members_on(make.day(day))) for day in ("2022-12-31", "2023-06-01")]
    assert [*counted, len(pole.members_on(TODAY))] == [1, 0, 1]


def test_a_member_leaves_once_and_not_before_it_joined() -> None:
    pole = make.pole("2022")
    member = join(pole, MemberKind.RESEARCH, "Université", "2023")

    with pytest.raises(NotAMember):
        leave(pole, member, "2022")
    leave(pole, member, "2024")
    with pytest.raises(NotAMember):
        leave(pole, member, "2024")
    with pytest.raises(NotAMember):
        leave(pole, uuid4(), "2024")


@pytest.mark.parametrize(
    ("kind", "name", "person"),
    [
        (MemberKind.CITIZEN, "Camille Martin", None),
        (MemberKind.CITIZEN, "Camille Martin", PERSON),
        (MemberKind.CITIZEN, None, None),
        (MemberKind.RESEARCH, None, PERSON),
        (MemberKind.RESEARCH, "Université", PERSON),
        (MemberKind.RESEARCH, None, None),
    ],
)
def test_a_citizen_is_named_by_a_sealed_name_and_an_organisation_by_its_own(
    kind: MemberKind, name: str | None, person: Sealed | None
) -> None:
    pole = make.pole()

    with make.on(), pytest.raises(PersonUnnamed):
        pole.add_member(member_kind=kind, name=name, person=person)


def test_a_member_for_a_time_may_leave_before_its_term() -> None:
    pole = make.pole("2022")
    with make.on("2022", valid_to=make.day("2024-01-01")):
        member = pole.add_member(member_kind=MemberKind.RESEARCH, name="Université", person=None)

    with pytest.raises(NotAMember):
        leave(pole, member, "2024-01-01")
    leave(pole, member, "2023-06")

    counted = [len(pole.members_on(make.day(day))) for day in ("2023-05-31", "2023-06-01")]
    assert counted == [1, 0]


def test_two_citizens_may_join() -> None:
    pole = make.pole()

    with make.on():
        for _ in range(2):
            pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=PERSON)

    assert [m.name for _, m in pole.members_on(TODAY)] == ["", ""]


# What is known on a day.


def test_a_name_holds_from_its_day_on() -> None:
    pole = make.pole("2020")

    with make.on("2022-06"):
        pole.rename("Trézor")

    assert pole.name_on(make.day("2022-05-31")) == "Tétris"
    assert pole.name_on(make.day("2022-06-01")) == "Trézor"


def test_what_is_recorded_late_is_in_force_from_its_own_day() -> None:
    pole = make.pole("2020")
    with make.on("2023"):
        pole.locate(Territory(words="Grasse"))
        pole.designate_carrier(name="Association", siret=None)
        pole.describe_activity("réemploi")

    with make.on("2021", valid_to=make.day("2022-01-01")):
        pole.locate(Territory(words="Mouans-Sartoux"))
        pole.designate_carrier(name="SCIC", siret="73282932000074")
        pole.describe_activity("compost")

    told = [
        (pole.territory_on(day).words, pole.carrier_on(day), pole.activity_on(day))
        for day in map(make.day, ("2020-06-01", "2021-06-01", "2022-06-01", "2023-06-01"))
    ]
    assert told == [
        (None, None, None),
        ("Mouans-Sartoux", ("SCIC", "73282932000074"), "compost"),
        (None, None, None),
        ("Grasse", ("Association", None), "réemploi"),
    ]


# Facts for the clauses.


def test_what_was_never_recorded_is_unknown_and_not_zero() -> None:
    known = facts(make.pole())

    assert set(known.members.model_dump().values()) == {None}
    assert known.territory.delimited is None
    assert known.evidence.kinds is None
    assert known.recognitions.article9_in_force == 0


def test_members_are_counted_as_article_9_tells_them_apart() -> None:
    pole = make.pole("2022")
    for n, kind in enumerate(k for k in MemberKind if k is not MemberKind.CITIZEN):
        join(pole, kind, f"Organisation {n}")
    with make.on("2023"):
        pole.add_member(member_kind=MemberKind.CITIZEN, name=None, person=PERSON)

    counted = facts(pole).members

    assert counted.model_dump() == {
        "total": 9,
        "ess_enterprises": 1,
        "other_enterprises": 2,  # an enterprise, and a group of them
        "public_bodies": 1,
        "art9_partners": 6,  # an authority, research, higher education, training, others
    }


def test_a_member_who_left_no_longer_counts() -> None:
    pole = make.pole("2022")
    member = join(pole, MemberKind.ESS_ENTERPRISE, "Évaléco", "2022-06-01")
    leave(pole, member, "2023-06-01")

    counted = [facts(pole, day).members.total for day in ("2022-05-31", "2022-06-01", "2023-06-01")]

    assert counted == [0, 1, 0]


def test_a_piece_counts_from_the_day_it_was_filed() -> None:
    pole = make.pole("2022")
    with make.on("2023-02-01"):
        pole.file_evidence(evidence="strategy", title="Stratégie")

    assert facts(pole, "2023-01-31").evidence.kinds is None
    assert facts(pole, "2023-02-01").evidence.kinds == ("strategy",)


def test_a_piece_that_expires_counts_until_then() -> None:
    pole = make.pole("2022")
    with make.on("2023-02-01", valid_to=make.day("2024-02-01")):
        pole.file_evidence(evidence="strategy", title="Stratégie pour un an")

    counted = [facts(pole, day).evidence.kinds for day in ("2024-01-31", "2024-02-01")]

    assert counted == [("strategy",), None]


def test_a_territory_is_delimited_once_it_is_described() -> None:
    pole = make.pole("2022")
    with make.on("2023"):
        pole.locate(Territory(region="Bretagne"))

    assert facts(pole, "2022-12-31").territory.delimited is None
    assert facts(pole, "2023-01-01").territory.delimited is True


def issued(kind: RecognitionKind, start: str, end: str | None = None) -> Recognition:
    return make.recognition(kind, start, end)


def test_only_recognitions_under_article_9_count_and_only_while_they_last() -> None:
    pole = make.pole("2015")
    known = [
        issued(RecognitionKind.WITNESS_2012, "2015"),
        issued(RecognitionKind.REGIONAL_SUPPORT, "2015"),
        issued(RecognitionKind.SELECTION, "2016", "2019-01-01"),
        issued(RecognitionKind.COMPOSITION_FINDING, "2018"),
    ]
    with make.on("2018"):
        for recognition in known:
            pole.attach_recognition(
                recognition.id,
                code=recognition.code,
                recognition_kind=recognition.recognition_kind,
            )

    counted = [
        facts(pole, day, *known).recognitions.article9_in_force
        for day in ("2015-06-01", "2016-01-01", "2018-12-31", "2019-01-01")
    ]

    assert counted == [0, 1, 2, 1]


def test_the_stage_before_the_silence_is_kept() -> None:
    pole = make.pole("2020")
    step(pole, "experimentation", "2021")
    step(pole, "dormant", "2023")

    assert facts(pole, "2020-06-01").stage.before_dormancy == "emergence"
    assert facts(pole).stage.before_dormancy == "experimentation"


@pytest.mark.parametrize(
    ("heard", "asked", "months"),
    [
        ("2023-01-31", "2023-02-28", 0),
        ("2023-01-31", "2023-03-01", 1),
        ("2023-01-15", "2024-01-14", 11),
        ("2023-01-15", "2024-01-15", 12),
        ("2023-01-15", "2023-01-15", 0),
    ],
)
def test_silence_is_counted_in_whole_months(heard: str, asked: str, months: int) -> None:
    pole = make.pole(heard)

    assert facts(pole, asked).silence.months == months


def test_silence_on_a_past_day_ends_with_no_fact_that_came_later() -> None:
    pole = make.pole("2012")
    join(pole, MemberKind.RESEARCH, "Université", "2020")

    silence = [facts(pole, day).silence.months for day in ("2015-01-01", "2020-01-01")]

    assert silence == [36, 0]


def test_attempts_at_contact_count_from_the_last_fact_on_and_break_no_silence() -> None:
    pole = make.pole("2021")
    for on in ("2021-02", "2022-06", "2023-01"):
        with make.on(on):
            pole.attempt_contact(channel="courriel", outcome="sans réponse")
    join(pole, MemberKind.RESEARCH, "Université", "2022")

    silence = facts(pole, "2023-01-01").silence

    assert (silence.months, silence.contact_attempts) == (12, 2)


@settings(deadline=None, max_examples=60)
@given(pole=lives(), day=days)
def test_no_fact_is_counted_before_its_day(pole: Pole, day: date) -> None:
    known = pole.facts_on(day, lambda _, id_: Recognition(id_))
    heard = max((since for since in pole.heard if since <= day), default=day)

    members = [
        m for m in pole.members.values() if m.since <= day and (not m.until or day < m.until)
    ]
    assert known.members.total == (len(members) if pole.members else None)
    assert (
        _months_after(heard, known.silence.months)
        <= day
        < _months_after(heard, known.silence.months + 1)
    )


def _months_after(day: date, months: int) -> date:
    """The same day some months later, or the first of the next one where there is none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= calendar.monthrange(year, month + 1)[1]:
        return date(year, month + 1, day.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)
