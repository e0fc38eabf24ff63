"""Journeys as data: definitions, the facts they name, and the rulebook; then those we ship."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from domain.check import check
from domain.journey import Journey, Transition, clauses_of
from domain.membership import MemberFacts
from domain.pole import (
    CharterFacts,
    EvidenceFacts,
    PoleCommitmentFacts,
    PoleFacts,
    RecognitionFacts,
    SilenceFacts,
    StageFacts,
    TerritoryFacts,
)
from domain.roles import Role
from domain.rulebook import RULEBOOK, AlreadyPublished, NoJourney, Rulebook, digest_of
from domain.rules import FaultyJourney, compile_journey, fact_types, fact_values, names_in, stored
from domain.values import Frozen
from infrastructure.guards import Cel
from infrastructure.reference import shipped_journeys
from tests import make
from tests.domain.strategies import days
from tests.examples import settings

TITLE = {"fr": "Titre", "en": "Title"}


def definition(**changes: Any) -> dict[str, Any]:
    return {
        "id": "pole",
        "version": "2020-01",
        "source": ["un texte"],
        "facts": "PoleFacts",
        "initial": "draft",
        "states": {"draft": {"title": TITLE}, "sent": {"title": TITLE, "final": True}},
        "transitions": {
            "send": {"title": TITLE, "from": ["draft"], "to": "sent", "by": ["registrar"]}
        },
    } | changes


def journey(**changes: Any) -> Journey:
    return Journey.model_validate(definition(**changes))


def send(**changes: Any) -> dict[str, Any]:
    return {"send": definition()["transitions"]["send"] | changes}


def compiled(journey: Journey) -> object:
    return compile_journey(journey, fact_types(PoleFacts), Cel)


# Definitions.


def test_what_people_write_by_name_keeps_its_order() -> None:
    written = journey(states={name: {"title": TITLE} for name in ("draft", "sent", "archived")})

    read = Journey.model_validate_json(written.model_dump_json())

    assert [state.id for state in read.states] == ["draft", "sent", "archived"]
    assert read == written


def test_the_same_content_has_the_same_hash_however_it_was_written() -> None:
    one = journey()
    other = Journey.model_validate(dict(reversed(json.loads(one.model_dump_json()).items())))

    assert digest_of(one) == digest_of(other)


@pytest.mark.parametrize("shipped", list(shipped_journeys()), ids=lambda j: j.ref)
def test_the_hash_is_that_of_the_canonical_json(shipped: Journey) -> None:
    content = shipped.model_dump(mode="json")

    assert digest_of(shipped) == sha256(rfc8785.dumps(content)).hexdigest()


@pytest.mark.parametrize(
    "changes",
    [
        {"source": ["un autre texte"]},
        {"transitions": send(by=["coordinator"])},
        {"states": {"sent": {"title": TITLE}, "draft": {"title": TITLE}}},
    ],
)
def test_any_change_of_content_changes_the_hash(changes: dict[str, Any]) -> None:
    assert digest_of(journey(**changes)) != digest_of(journey())


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"initial": "nowhere"}, "initial"),
        ({"transitions": send(to="nowhere")}, "send"),
        ({"transitions": send(**{"from": ["draft", "nowhere"]})}, "send"),
        ({"version": "2021-13"}, "version"),
    ],
)
def test_a_definition_that_leads_nowhere_is_refused_with_its_place(
    changes: dict[str, Any], where: str
) -> None:
    faults = check(journey(**changes), fact_types(PoleFacts), Cel)

    assert where in {fault.where for fault in faults if fault.blocking}


@pytest.mark.parametrize("when", ["members.total >=", "members.totl >= 1", "members.total", "1"])
def test_a_clause_that_is_no_condition_is_refused_with_its_place(when: str) -> None:
    clause = {"id": "size", "when": when, "say": TITLE, "source": "un texte"}

    with pytest.raises(FaultyJourney) as refusal:
        compiled(journey(transitions=send(requires=[clause])))

    assert refusal.value.details["where"] == "send / size"


def test_a_clause_may_name_only_the_input_of_its_own_step() -> None:
    asked = {"grade": {"type": "integer", "title": TITLE}}
    clause = {"id": "good", "when": "input.grade >= 10", "say": TITLE, "source": "un texte"}

    compiled(journey(transitions=send(input=asked, requires=[clause])))
    with pytest.raises(FaultyJourney):
        compiled(journey(transitions=send(requires=[clause])))


def test_a_piece_of_evidence_that_is_asked_is_a_clause_like_the_others() -> None:
    asked = journey(transitions=send(evidence={"minutes": {"title": {"fr": "PV", "en": "Record"}}}))

    (clause,) = clauses_of(asked.transition["send"])

    assert clause.id == "evidence_minutes"
    assert clause.when == "'minutes' in evidence.kinds"
    assert clause.say.say("fr") == "La pièce est versée : PV."
    assert clause.say.say("en") == "The piece is on file: Record."


# Facts.


def test_facts_flatten_to_dotted_names_with_a_known_beside_each_optional_one() -> None:
    assert fact_types(PoleFacts) == {
        "members.total": "int",
        "members.total_known": "bool",
        "members.ess_enterprises": "int",
        "members.ess_enterprises_known": "bool",
        "members.other_enterprises": "int",
        "members.other_enterprises_known": "bool",
        "members.public_bodies": "int",
        "members.public_bodies_known": "bool",
        "members.art9_partners": "int",
        "members.art9_partners_known": "bool",
        "territory.delimited": "bool",
        "territory.delimited_known": "bool",
        "evidence.kinds": "list",
        "evidence.kinds_known": "bool",
        "recognitions.article9_in_force": "int",
        "charter.signed": "bool",
        "charter.signed_known": "bool",
        "stage.before_dormancy": "string",
        "stage.before_dormancy_known": "bool",
        "silence.months": "int",
        "silence.contact_attempts": "int",
        "silence.days_since_attempt": "int",
        "silence.days_since_attempt_known": "bool",
        "commitments.open": "int",
    }


counts = st.integers(0, 50)
facts = st.builds(
    PoleFacts,
    members=st.builds(
        MemberFacts, **{name: st.none() | counts for name in MemberFacts.model_fields}
    ),
    territory=st.builds(TerritoryFacts, delimited=st.none() | st.booleans()),
    evidence=st.builds(
        EvidenceFacts, kinds=st.none() | st.tuples(st.sampled_from(["strategy", "charter_form"]))
    ),
    recognitions=st.builds(RecognitionFacts, article9_in_force=counts),
    charter=st.builds(CharterFacts, signed=st.none() | st.booleans()),
    stage=st.builds(StageFacts, before_dormancy=st.none() | st.just("emergence")),
    silence=st.builds(
        SilenceFacts,
        months=counts,
        contact_attempts=counts,
        days_since_attempt=st.none() | counts,
    ),
    commitments=st.builds(PoleCommitmentFacts, open=counts),
)


@settings(deadline=None, max_examples=60)
@given(facts=facts)
def test_what_is_not_known_is_absent_and_said_to_be_so(facts: PoleFacts) -> None:
    types, values = fact_types(PoleFacts), fact_values(facts)

    assert values.keys() <= types.keys()
    for name, kind in types.items():
        if f"{name}_known" in types:
            assert values[f"{name}_known"] is (name in values)
        expected = {"bool": bool, "int": int, "string": str, "list": tuple}[kind]
        assert name not in values or type(values[name]) is expected


def test_dates_are_facts_too() -> None:
    class Facts(Frozen):
        since: date
        until: datetime | None

    assert fact_types(Facts) == {
        "since": "timestamp",
        "until": "timestamp",
        "until_known": "bool",
    }


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("members.total >= 5", ["members.total"]),
        ("territory.delimited && members.total > 1", ["territory.delimited", "members.total"]),
        ("'members.total' in evidence.kinds", ["evidence.kinds"]),
        ('"it\\"s members.total" == stage.before_dormancy', ["stage.before_dormancy"]),
        ("evidence.kinds.exists(k, k == 'x')", ["evidence.kinds"]),
        ("['a'].all(c, c in evidence.kinds)", ["evidence.kinds"]),
        ("members.total_known", ["members.total_known"]),
        ("members.total + members.total > 0", ["members.total"]),
        ("true", []),
    ],
)
def test_the_names_a_clause_reads_are_found(expression: str, names: list[str]) -> None:
    assert list(names_in(expression, fact_types(PoleFacts))) == names


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (date(2014, 9, 19), "2014-09-19"),
        (datetime(2014, 9, 19, 10, tzinfo=UTC), "2014-09-19T10:00:00Z"),
        (
            datetime(2014, 9, 19, 10, tzinfo=timezone(timedelta(hours=2))),
            "2014-09-19T08:00:00Z",
        ),
        (("a", "b"), ["a", "b"]),
        (True, True),
        (3, 3),
        ("x", "x"),
    ],
)
def test_a_value_is_kept_in_a_form_of_plain_json(value: Any, kept: Any) -> None:
    assert stored(value) == kept


# The rulebook.


def rulebook(*versions: str) -> Rulebook:
    book = Rulebook(RULEBOOK)
    with make.on():
        for version in versions:
            book.publish(journey(version=version))
    return book


def test_the_same_definition_is_published_once() -> None:
    book = rulebook("2020-01")

    with make.on():
        again = book.publish(journey(version="2020-01"))

    assert again is False
    assert len(book.pending) == 1


def test_a_published_version_never_changes() -> None:
    book = rulebook("2020-01")

    with make.on(), pytest.raises(AlreadyPublished, match="pole@2020-01 est déjà publié"):
        book.publish(journey(version="2020-01", source=["un autre texte"]))


def test_a_definition_takes_effect_on_the_date_it_is_named_after() -> None:
    book = rulebook("2020-01")

    (published,) = book.pending

    assert published.occurred_on.root == "2020-01"


@pytest.mark.parametrize(
    ("day", "version"),
    [
        ("1999-01-01", "2011-09"),  # nothing is older: the oldest one
        ("2011-09-01", "2011-09"),
        ("2014-09-18", "2011-09"),
        ("2014-09-19", "2014-09-19"),
        ("2030-01-01", "2021-05-12"),
    ],
)
def test_the_version_in_force_is_the_last_that_had_begun(day: str, version: str) -> None:
    book = rulebook("2021-05-12", "2011-09", "2014-09-19")

    assert book.in_force("pole", make.day(day)) == f"pole@{version}"


def test_without_a_definition_nothing_is_in_force() -> None:
    with pytest.raises(NoJourney, match="« commitment »"):
        rulebook("2020-01").in_force("commitment", make.TODAY)


def test_the_versions_between_two_days_come_oldest_first() -> None:
    book = rulebook("2021-05-12", "2011-09", "2015-04-18", "2014-09-19")

    between = book.between("pole", after="pole@2011-09", until=make.day("2015-04-18"))

    assert between == ["pole@2014-09-19", "pole@2015-04-18"]


@settings(deadline=None, max_examples=40)
@given(versions=st.lists(days, min_size=1, max_size=6, unique=True), day=days)
def test_some_version_is_in_force_on_any_day(versions: list[date], day: date) -> None:
    book = rulebook(*(version.isoformat() for version in versions))

    found = book.in_force("pole", day)

    begun = [version for version in versions if version <= day]
    assert found == f"pole@{max(begun) if begun else min(versions)}"


# The journeys that ship with the product.

SHIPPED = {d.ref: d for d in shipped_journeys() if d.id == "pole"}
every_journey = pytest.mark.parametrize("shipped", SHIPPED.values(), ids=SHIPPED)


def reachable(journey: Journey, ways: Iterable[Transition]) -> set[str]:
    ways = list(ways)
    found = {journey.initial}
    while more := {w.to for w in ways if w.to and found.intersection(w.from_)} - found:
        found |= more
    return found


def test_the_rules_of_each_period_are_there() -> None:
    assert list(SHIPPED) == [
        "pole@2011-09",
        "pole@2014-09-19",
        "pole@2015-04-18",
        make.LATEST,
        "pole@2026-11-01",
        "pole@2026-11-23",
    ]


@every_journey
def test_every_clause_compiles_and_reads_at_least_one_fact(shipped: Journey) -> None:
    ready = make.journey(shipped.ref)

    for way in shipped.transitions:
        assert len(ready.clauses[way.id]) == len(way.requires) + len(way.evidence)
        assert all(clause.reads for clause in ready.clauses[way.id])


@every_journey
def test_every_stage_can_be_reached(shipped: Journey) -> None:
    assert reachable(shipped, shipped.transitions) == set(shipped.state)


@every_journey
def test_every_stage_can_be_reached_without_the_charter(shipped: Journey) -> None:
    """Its signature is no guard of a State decision; nobody has to pass through it."""
    without = [way for way in shipped.transitions if way.to != "charter_signed"]

    assert reachable(shipped, without) == set(shipped.state) - {"charter_signed"}


@every_journey
def test_no_decision_but_signing_asks_for_the_charter(shipped: Journey) -> None:
    for way in shipped.transitions:
        if way.id == "sign_charter":
            continue
        words = " ".join(f"{c.id} {c.when} {c.say.fr} {c.say.en}" for c in clauses_of(way))
        if way.id == "resume_charter_signed":  # back to where it was: not asked, found
            assert [c.id for c in way.requires] == ["was_there", "news"]
        else:
            assert "chart" not in words.lower()
        assert not any("chart" in piece.id for piece in way.evidence)
        assert not any("chart" in asked.id for asked in way.input)


@every_journey
def test_a_recognition_is_no_condition_of_the_charter(shipped: Journey) -> None:
    if "sign_charter" not in shipped.transition:
        assert shipped.ref == "pole@2011-09"  # three years before it was written
        return
    reads = {name for c in make.journey(shipped.ref).clauses["sign_charter"] for name in c.reads}

    assert not any(name.startswith("recognitions") for name in reads)
    assert "recognised" not in shipped.transition["sign_charter"].from_


@every_journey
def test_recognition_rests_on_article_9_once_there_is_one(shipped: Journey) -> None:
    if "recognise" not in shipped.transition:
        assert shipped.ref in ("pole@2011-09", "pole@2014-09-19")
        return
    (article9,) = [c for c in shipped.transition["recognise"].requires if c.id == "article9"]

    assert article9.when == "recognitions.article9_in_force >= 1"
    assert "art. 9" in article9.source
    assert shipped.transition["recognise"].by == (Role.REGISTRAR,)


@every_journey
def test_every_stage_can_be_left_but_the_last(shipped: Journey) -> None:
    for state in shipped.states:
        assert bool(shipped.ways_out(state.id)) is not state.final


@every_journey
def test_a_silent_pole_may_come_back_to_any_stage_it_had(shipped: Journey) -> None:
    fell = set(shipped.transition["fall_silent"].from_)
    back = {way.to for way in shipped.ways_out("dormant")} - {"ended"}

    assert back == fell


@every_journey
def test_somebody_may_take_every_step_and_each_rule_says_where_it_comes_from(
    shipped: Journey,
) -> None:
    for way in shipped.transitions:
        assert way.by
        for clause in clauses_of(way):
            assert clause.source
            assert clause.say.fr
            assert clause.say.en


@every_journey
def test_nothing_grants_a_label(shipped: Journey) -> None:
    assert "label" not in shipped.model_dump_json().lower()
