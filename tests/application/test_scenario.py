"""Scenarios: what their words stand for, by whom and on which day each deed is done."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from application import catalogue as catalogue  # every command is known from here on
from application.command import By, Command
from application.listing import Listed
from application.scenario import Answers, Scenario, UnknownDeed, by_person, play
from domain.dates import PartialDate
from domain.roles import Role

TOLD = date(2026, 11, 23)
POLE, MANDATE = UUID(int=1), UUID(int=2)
Done = list[tuple[Command, By, str]]


def scenario(*deeds: dict[str, Any], **more: Any) -> Scenario:
    told = {"title": "essai", "says": "un essai", "source": "histoire inventée", **more}
    return Scenario.model_validate(told | {"deeds": deeds})


def told(*deeds: dict[str, Any], found: Listed | None = None) -> tuple[Done, Answers]:
    """What a scenario does, and the answers that it keeps; every answer is a pole, or a mandate."""
    done: Done = []

    def do(command: Command, by: By, key: str) -> UUID:
        done.append((command, by, key))
        return MANDATE if command.NAME == "mandate.give" else POLE

    def find(name: str, values: Mapping[str, Any]) -> Listed | None:
        return found

    texts = {"fichier.pdf": "JVBERi0="}
    return done, play(scenario(*deeds), do, find, texts, told_on=TOLD)


REGISTER: dict[str, Any] = {"do": "pole.register", "as": "essai", "with": {"name": "Pôle d'essai"}}


def named(command: Command, field: str) -> Any:
    return getattr(command, field)


def test_an_answer_is_named_and_used_afterwards() -> None:
    rename = {"do": "pole.rename", "with": {"pole": "$essai", "name": "Autre"}}

    done, answers = told(REGISTER, rename)

    assert named(done[1][0], "pole") == POLE
    assert answers["essai"] == POLE


def test_an_answer_is_named_inside_a_text() -> None:
    give = {
        "do": "mandate.give",
        "with": {
            "holder": "$person.animation",
            "principal": "pole:$essai",
            "for_role": "pole_representative",
            "relation": "pole:$essai",
        },
    }

    done, _ = told(REGISTER, give)

    assert named(done[1][0], "relation") == f"pole:{POLE}"
    assert named(done[1][0], "holder") == by_person("animation", Role.PUBLIC).actor


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2019-03", "2019-03"),
        ("$day", "2026-11-23"),
        ("$day-30", "2026-10-24"),
        ("$day+40", "2027-01-02"),
        ("$year-330", "2025"),
        ("$year-330-04-15", "2025-04-15"),
    ],
)
def test_days_are_fixed_or_counted_from_the_one_it_is_told(said: str, day: str) -> None:
    done, _ = told({**REGISTER, "day": said})

    assert done[0][0].occurred_on == PartialDate(day)


def test_every_deed_has_the_source_of_the_scenario_or_its_own() -> None:
    own = {**REGISTER, "with": {"name": "Autre", "source": "un document"}}

    done, _ = told(REGISTER, own)

    assert [command.source for command, _, _ in done] == ["histoire inventée", "un document"]


def test_a_person_acts_in_a_role_and_under_a_mandate() -> None:
    give = {
        "do": "mandate.give",
        "as": "mandat",
        "with": {
            "holder": "$person.animation",
            "principal": "organisation:Essai",
            "for_role": "network",
            "relation": "everywhere",
        },
    }
    act = {**REGISTER, "person": "animation", "role": "network", "under": "$mandat"}

    done, _ = told(give, act)

    by = done[1][1]
    assert by.on_behalf_of == MANDATE
    assert by.role is Role.NETWORK
    assert by.actor == named(done[0][0], "holder")
    assert by.actor != done[0][1].actor


def test_a_file_is_given_as_it_travels() -> None:
    file = {"do": "document.file", "with": {"content": "$fichier.pdf", "kind": "letter"}}

    done, _ = told(file)

    assert named(done[0][0], "content") == b"%PDF-"


@pytest.mark.parametrize(
    "deed",
    [
        {"do": "pole.invent"},
        {"do": "pole.rename", "with": {"pole": "$personne", "name": "Autre"}},
        {"do": "pole.rename", "with": {"pole": "$day-x", "name": "Autre"}},
        {"look": "member", "as": "absent", "with": {"name": "Absent"}},
    ],
    ids=["command", "name", "day", "line"],
)
def test_what_nothing_defines_is_refused_by_its_name(deed: dict[str, Any]) -> None:
    with pytest.raises(UnknownDeed) as refused:
        told(deed)

    assert "que rien ne définit avant" in str(refused.value)


def test_a_deed_with_another_field_is_no_deed() -> None:
    with pytest.raises(ValidationError):
        scenario({**REGISTER, "when": "2019"})


def test_each_deed_is_done_under_a_key_that_is_of_this_telling() -> None:
    one, same, other = (scenario(REGISTER, REGISTER, says=says) for says in ("a", "a", "b"))

    assert one.keys == same.keys
    assert len({*one.keys, *other.keys}) == 4


def test_it_knows_the_poles_that_it_registers() -> None:
    assert scenario(REGISTER).names == {"Pôle d'essai"}


def test_what_happens_to_several_things_alike_is_written_once() -> None:
    each = {
        "each": "poles",
        "where": {"region": "Bretagne"},
        "deeds": [
            {"do": "pole.register", "as": "p{n}", "with": {"name": "Pôle n° {n}"}},
            {"do": "pole.rename", "with": {"pole": "$p{n}", "name": "{name}"}},
        ],
    }
    rows = [
        {"n": 1, "name": "Un", "region": "Bretagne"},
        {"n": 2, "name": "Deux", "region": "Corse"},
        {"n": 3, "name": "Trois", "region": "Bretagne"},
    ]

    made = scenario(each, tables={"poles": rows})

    said = [(deed.named, deed.given["name"]) for deed in made.deeds]
    assert said == [("p1", "Pôle n° 1"), (None, "Un"), ("p3", "Pôle n° 3"), (None, "Trois")]
    assert made.names == {"Pôle n° 1", "Pôle n° 3"}


@pytest.mark.parametrize(
    "each",
    [
        {"each": "autres", "deeds": []},
        {"each": "poles", "deeds": [{"do": "pole.register", "with": {"name": "{nom}"}}]},
    ],
)
def test_a_table_or_a_field_that_is_not_there_is_named(each: dict[str, Any]) -> None:
    with pytest.raises(UnknownDeed, match=r"autres|nom"):
        scenario(each, tables={"poles": [{"n": 1}]})


def test_a_minute_is_counted_as_its_day_is() -> None:
    plan = {"do": "pole.rename", "with": {"pole": "$essai", "name": "$day-30T09:00"}}

    done, _ = told(REGISTER, plan)

    assert named(done[1][0], "name") == "2026-10-24T09:00"
