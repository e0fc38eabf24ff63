"""The engine: what is open, why it is not, and the step that is taken; then cases on their way."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import BreaksPath, Stranded
from domain.dates import PartialDate
from domain.errors import Refused
from domain.given import InputRefused
from domain.journey import Journey
from domain.pole import Pole
from domain.rights import RoleNotHeld, Who
from domain.roles import Role
from domain.rules import CompiledJourney, Value, compile_journey
from domain.track import NotBegun
from domain.workflow import (
    ClauseNotHeld,
    NoSuchTransition,
    NotFromHere,
    Step,
    Verdict,
    Way,
    offers,
    take,
    why,
)
from infrastructure.guards import Cel
from tests import make
from tests.domain.strategies import lives
from tests.examples import settings

FACTS = {
    "members.total": "int",
    "members.total_known": "bool",
    "territory.delimited": "bool",
    "territory.delimited_known": "bool",
}


def clause(id_: str, when: str, say: str) -> dict[str, Any]:
    return {"id": id_, "when": when, "say": {"fr": say, "en": say}, "source": "un texte"}


def asked(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "title": {"fr": "Demandé", "en": "Asked"}, **more}


def engine() -> CompiledJourney:
    title = {"fr": "Envoyer", "en": "Send"}
    definition = Journey.model_validate(
        {
            "id": "letter",
            "version": "2020-01",
            "source": ["un texte"],
            "facts": "LetterFacts",
            "initial": "draft",
            "states": {
                name: {"title": {"fr": name.capitalize(), "en": name}}
                for name in ("draft", "sent", "judged")
            },
            "transitions": {
                "send": {
                    "title": title,
                    "from": ["draft"],
                    "to": "sent",
                    "by": ["coordinator", "network"],
                    "requires": [
                        clause("size", "members.total >= 3", "Le pôle compte trois membres."),
                        clause("place", "territory.delimited", "Le territoire est délimité."),
                    ],
                },
                "judge": {
                    "title": {"fr": "Juger", "en": "Judge"},
                    "from": ["sent"],
                    "to": "judged",
                    "by": ["coordinator"],
                    "input": {
                        "grade": asked("integer"),
                        "mention": asked("text", options=["bien", "assez bien"], required=False),
                        "held_on": asked("date", required=False),
                        "reasons": asked("texts", required=False),
                        "jury": asked("id", required=False),
                        "unanimous": asked("boolean", required=False),
                    },
                    "requires": [
                        clause("good", "input.grade >= 10", "La note est de dix au moins."),
                        clause("size", "members.total >= 3", "Le pôle compte trois membres."),
                    ],
                },
            },
        }
    )
    return compile_journey(definition, FACTS, Cel)


ENGINE = engine()


def who(role: Role | None) -> Who | None:
    return None if role is None else Who(frozenset({role}))


GOOD: dict[str, Value] = {"members.total": 3, "territory.delimited": True}


def way_out(
    state: str,
    facts: Mapping[str, Value],
    role: Role | None = Role.COORDINATOR,
    **given: Value,
) -> Way:
    (way,) = why(ENGINE, state, facts, who=who(role), now=make.NOW, given=given)
    assert offers(ENGINE, state, facts, who=who(role), now=make.NOW, given=given) == {
        way.transition: way.status
    }
    return way


def step(
    state: str,
    facts: Mapping[str, Value],
    transition: str,
    role: Role = Role.COORDINATOR,
    *,
    past: bool = False,
    **given: Any,
) -> Step:
    somebody = Who(frozenset({role}))
    return take(
        ENGINE, state, facts, transition, who=somebody, now=make.NOW, given=given, past=past
    )


# What is open.


def test_a_way_is_open_when_its_role_is_held_and_every_clause_holds() -> None:
    assert way_out("draft", GOOD).status == "open"


def test_a_way_is_closed_when_a_clause_fails() -> None:
    assert way_out("draft", GOOD | {"members.total": 2}).status == "closed"


def test_what_is_not_known_opens_no_gate() -> None:
    way = way_out("draft", {"territory.delimited": True})

    assert way.status == "closed"
    assert [finding.verdict for finding in way.findings] == [Verdict.UNKNOWN, Verdict.HELD]


def test_a_way_is_closed_to_who_holds_another_role() -> None:
    way = way_out("draft", GOOD, Role.PUBLIC)

    assert (way.status, way.admitted) == ("closed", False)


def test_one_may_ask_for_whoever_may_act() -> None:
    assert way_out("draft", GOOD, None).status == "open"


def test_a_way_needs_input_when_only_that_is_wanting() -> None:
    way = way_out("sent", GOOD)

    assert (way.status, way.missing_input) == ("needs_input", ("grade",))


def test_a_way_that_needs_input_is_closed_when_something_else_is_wanting() -> None:
    assert way_out("sent", {"members.total": 2}).status == "closed"
    assert way_out("sent", {}).status == "closed"


def test_what_may_be_left_out_is_not_missing() -> None:
    way = way_out("sent", GOOD, grade=12)

    assert (way.status, way.missing_input) == ("open", ())


def test_input_that_fails_its_clause_closes_the_way() -> None:
    assert way_out("sent", GOOD, grade=9).status == "closed"


def test_from_the_last_stage_there_is_no_way() -> None:
    assert why(ENGINE, "judged", GOOD, who=None, now=make.NOW) == []


def test_every_clause_shows_the_values_it_saw() -> None:
    way = way_out("draft", {"members.total": 2, "members.total_known": True})

    size, place = way.findings
    assert (size.clause, size.verdict, size.values) == (
        "size",
        Verdict.FAILED,
        {"members.total": 2},
    )
    assert (place.clause, place.verdict, place.values) == ("place", Verdict.UNKNOWN, {})


facts = st.fixed_dictionaries(
    {}, optional={"members.total": st.integers(0, 6), "territory.delimited": st.booleans()}
)


@settings(deadline=None, max_examples=150)
@given(
    facts=facts,
    state=st.sampled_from(["draft", "sent", "judged"]),
    role=st.sampled_from([Role.COORDINATOR, Role.NETWORK, Role.REGISTRAR]),
    given=st.fixed_dictionaries({}, optional={"grade": st.integers(5, 15)}),
)
def test_a_step_is_taken_exactly_when_it_is_offered(
    facts: dict[str, Value], state: str, role: Role, given: dict[str, Any]
) -> None:
    given = given if state == "sent" else {}
    transition = {"draft": "send", "sent": "judge"}.get(state, "send")

    offered = offers(ENGINE, state, facts, who=who(role), now=make.NOW, given=given)
    try:
        taken = step(state, facts, transition, role, **given)
    except Refused:
        taken = None

    large = facts.get("members.total", 0)
    held = isinstance(large, int) and large >= 3
    allowed = {
        "draft": held
        and facts.get("territory.delimited") is True
        and role in (Role.COORDINATOR, Role.NETWORK),
        "sent": held and int(str(given.get("grade", 0))) >= 10 and role is Role.COORDINATOR,
        "judged": False,
    }[state]
    assert (offered.get(transition) == "open") is allowed
    assert (taken is not None) is allowed


# Taking a step.


def test_a_step_keeps_what_the_engine_saw() -> None:
    taken = step("sent", GOOD, "judge", grade="12", reasons=["clair", "utile"])

    assert (taken.from_, taken.to) == ("sent", "judged")
    assert taken.input == {"grade": 12, "reasons": ["clair", "utile"]}
    assert [(f.clause, f.verdict, f.values) for f in taken.findings] == [
        ("good", Verdict.HELD, {"input.grade": 12}),
        ("size", Verdict.HELD, {"members.total": 3}),
    ]


def test_a_refusal_names_every_sentence_that_does_not_hold() -> None:
    with pytest.raises(ClauseNotHeld) as refusal:
        step("draft", {"members.total": 2}, "send")

    assert "Le pôle compte trois membres." in str(refusal.value)
    assert "Le territoire est délimité." in str(refusal.value)


def test_a_refusal_leaves_out_what_holds() -> None:
    with pytest.raises(ClauseNotHeld) as refusal:
        step("draft", {"members.total": 3}, "send")

    assert "trois membres" not in str(refusal.value)


def test_an_unknown_step_is_refused_with_those_that_exist() -> None:
    with pytest.raises(NoSuchTransition, match="send, judge"):
        step("draft", GOOD, "burn")


def test_a_step_leaves_only_from_its_stages() -> None:
    with pytest.raises(NotFromHere, match="« Juger » n'est pas possible depuis l'étape « Draft »"):
        step("draft", GOOD, "judge", grade=12)


def test_a_stage_of_another_version_is_named_as_it_is() -> None:
    with pytest.raises(NotFromHere, match="« charter_signed »"):
        step("charter_signed", GOOD, "judge", grade=12)


def test_a_step_that_belongs_to_others_is_refused_with_who_they_are() -> None:
    with pytest.raises(RoleNotHeld, match="coordination nationale, réseau fondateur"):
        step("draft", GOOD, "send", Role.AUDITOR)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"grade": None},
        {"grade": "douze"},
        {"grade": 12.5},
        {"grade": True},
        {"grade": 2**53},
        {"grade": 12, "mention": "moyen"},
        {"grade": 12, "mention": ["bien"]},
        {"grade": 12, "held_on": "2024-02-30"},
        {"grade": 12, "held_on": 20240201},
        {"grade": 12, "reasons": "clair"},
        {"grade": 12, "reasons": ["clair", 3]},
        {"grade": 12, "jury": "personne"},
        {"grade": 12, "unanimous": "oui"},
        {"grade": 12, "colour": "bleu"},
    ],
)
def test_input_of_another_form_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(InputRefused, match="« Juger »"):
        step("sent", GOOD, "judge", **given)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"mention": " bien "}, "bien"),
        ({"held_on": "2024-02-29"}, "2024-02-29"),
        ({"reasons": ("clair",)}, ["clair"]),
        ({"jury": str(make.ACTOR).upper()}, str(make.ACTOR)),
        ({"unanimous": False}, False),
        ({"grade": -(2**53) + 1}, None),
    ],
)
def test_input_is_kept_in_one_form(given: dict[str, Any], kept: Any) -> None:
    if kept is None:  # read, and then judged
        with pytest.raises(ClauseNotHeld):
            step("sent", GOOD, "judge", **given)
        return

    taken = step("sent", GOOD, "judge", grade=12, **given)

    assert taken.input == {"grade": 12} | dict.fromkeys(given, kept)


# Past steps.


def test_a_registrar_may_record_a_past_step_whose_clauses_nobody_can_check_any_more() -> None:
    taken = step("draft", {"members.total": 3}, "send", Role.REGISTRAR, past=True)

    assert [f.verdict for f in taken.findings] == [Verdict.HELD, Verdict.NOT_CHECKED]


def test_a_past_step_that_known_facts_contradict_is_refused() -> None:
    with pytest.raises(ClauseNotHeld, match="trois membres"):
        step("draft", {"members.total": 2}, "send", Role.REGISTRAR, past=True)


def test_a_past_step_may_lack_the_input_of_its_day() -> None:
    taken = step("sent", GOOD, "judge", Role.REGISTRAR, past=True)

    assert taken.input == {}
    assert taken.findings[0].verdict is Verdict.NOT_CHECKED


def test_only_a_registrar_may_record_what_others_did() -> None:
    with pytest.raises(RoleNotHeld):
        step("draft", GOOD, "send", Role.AUDITOR, past=True)
    with pytest.raises(RoleNotHeld):
        step("draft", GOOD, "send", Role.REGISTRAR)


# Cases.


def moved(pole: Pole, to: str, on: str, *, from_: str | None = None) -> None:
    day = PartialDate(on)
    taken = Step(
        transition="step",
        from_=from_ or pole.state_on(day.first_day or make.TODAY) or "",
        to=to,
        input={},
        findings=(),
    )
    with make.on(on):
        pole.move(taken, journey=pole.journey, occurred_on=day)


def stages(pole: Pole, *days: str) -> list[str | None]:
    return [pole.state_on(make.day(day)) for day in days]


def test_before_a_case_began_it_stood_nowhere() -> None:
    pole = make.pole("2022")

    assert stages(pole, "2021-12-31", "2022-01-01") == [None, "emergence"]
    assert pole.journey_on(make.day("2021-12-31")) is None


def test_the_stage_in_force_is_that_of_the_last_step_on_or_before_a_day() -> None:
    pole = make.pole("2020")
    moved(pole, "experimentation", "2022-06-01")
    moved(pole, "dormant", "2023")

    assert stages(pole, "2022-05-31", "2022-06-01", "2022-12-31", "2023-01-01") == [
        "emergence",
        "experimentation",
        "experimentation",
        "dormant",
    ]


def test_of_two_steps_of_the_same_day_the_last_recorded_counts() -> None:
    pole = make.pole("2020")
    moved(pole, "experimentation", "2022-06-01")
    moved(pole, "recognised", "2022-06-01")

    assert stages(pole, "2022-06-01") == ["recognised"]


def test_a_step_recorded_late_takes_its_place_in_the_past() -> None:
    pole = make.pole("2020")
    moved(pole, "recognised", "2023", from_="experimentation")

    moved(pole, "experimentation", "2022", from_="emergence")

    assert stages(pole, "2021-12-31", "2022-01-01", "2023-01-01") == [
        "emergence",
        "experimentation",
        "recognised",
    ]


def test_a_step_recorded_late_must_lead_where_the_next_one_begins() -> None:
    pole = make.pole("2020")
    moved(pole, "experimentation", "2023")

    with pytest.raises(BreaksPath, match="1er janvier 2023 part de l'étape « emergence »"):
        moved(pole, "charter_signed", "2022")

    assert stages(pole, "2022-06-01") == ["emergence"]


def test_a_step_of_unknown_date_is_in_force_from_its_recording() -> None:
    pole = make.pole("2020")

    moved(pole, "experimentation", "unknown")

    assert stages(pole, "2024-06-02", "2024-06-03") == ["emergence", "experimentation"]


@settings(deadline=None, max_examples=60)
@given(pole=lives())
def test_the_path_of_a_pole_is_unbroken(pole: Pole) -> None:
    """By date, each step leaves from where the one before had led.

    A recognition that begins or ends between the two brings in `recognised`, or ends it, by itself.
    """
    path = sorted(pole.main.states, key=lambda stay: (stay.since, stay.order))

    dated = [stay for stay in path if stay.occurred_on.is_known]

    if dated == path:  # a step of unknown date is not checked against later ones
        assert all(
            after.came_from and pole.leads_to(before.value, after.came_from)
            for before, after in pairwise(path)
        )


def version(ref: str) -> Journey:
    return make.journey(ref).journey


def migrated(pole: Pole, to: str, on: str) -> None:
    with make.on(on):
        pole.migrate(version(to), occurred_on=PartialDate(on))


def test_a_case_follows_its_version_until_it_is_migrated() -> None:
    pole = make.pole("2012", "pole@2011-09")

    migrated(pole, "pole@2014-09-19", "2014-09-19")

    (happened,) = pole.pending[1:]
    assert isinstance(happened, Pole.Migrated)
    assert (happened.from_, happened.to, happened.state) == (
        "pole@2011-09",
        "pole@2014-09-19",
        "emergence",
    )
    assert [pole.journey_on(make.day(day)) for day in ("2014-09-18", "2014-09-19")] == [
        "pole@2011-09",
        "pole@2014-09-19",
    ]


def test_a_migration_recorded_late_leaves_today_as_it_was() -> None:
    pole = make.pole("2012", "pole@2011-09")
    migrated(pole, make.LATEST, "2021-05-12")

    migrated(pole, "pole@2015-04-18", "2015-04-18")

    assert pole.journey == pole.journey_on(make.TODAY) == make.LATEST
    assert isinstance(late := pole.pending[-1], Pole.Migrated)
    assert (late.from_, late.to) == ("pole@2011-09", "pole@2015-04-18")


def test_a_case_cannot_move_to_a_version_without_its_stage() -> None:
    pole = make.pole("2015", "pole@2015-04-18")
    moved(pole, "recognised", "2016")

    with pytest.raises(Stranded, match="pole@2011-09 n'a pas d'étape « recognised »"):
        migrated(pole, "pole@2011-09", "2017")
    with pytest.raises(Stranded):  # nor where it will stand there a year later
        migrated(pole, "pole@2011-09", "2015-06-01")


def test_a_stage_reached_after_the_next_migration_strands_nobody() -> None:
    pole = make.pole("2012", "pole@2011-09")
    migrated(pole, "pole@2015-04-18", "2015-04-18")
    moved(pole, "recognised", "2016")

    migrated(pole, "pole@2014-09-19", "2014-09-19")

    assert pole.journey == "pole@2015-04-18"


def test_a_case_cannot_be_migrated_before_it_begins() -> None:
    with pytest.raises(NotBegun, match="1er septembre 2011"):
        migrated(make.pole("2012"), "pole@2011-09", "2011-09")


def test_the_facts_of_the_moment_are_those_the_clauses_read() -> None:
    """`now` is an instant: a clause may compare it."""
    definition = Journey.model_validate(
        ENGINE.journey.model_dump()
        | {
            "transitions": {
                "send": ENGINE.journey.transition["send"].model_dump()
                | {
                    "requires": [
                        clause("late", "now > timestamp('2024-01-01T00:00:00Z')", "Il est tard.")
                    ]
                }
            }
        }
    )
    ready = compile_journey(definition, FACTS, Cel)

    statuses = [
        offers(ready, "draft", {}, who=who(Role.NETWORK), now=now)["send"]
        for now in (datetime(2023, 12, 31, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))
    ]

    assert statuses == ["closed", "open"]
