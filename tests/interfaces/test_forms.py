"""Every command has a form: it can say all that the command can, and says nothing in code."""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from application.catalogue import COMMANDS
from application.commitment import DecideCommitment
from application.pole import MovePole, RegisterPole
from domain.journey import Input, Transition
from domain.words import Text
from interfaces.form_fields import Control, FormField, form_named, form_of
from interfaces.form_typed import Typed, typed_of
from interfaces.forms import field_at, read_form
from tests.examples import SHARE
from tests.interfaces.made_commands import commands


class Themselves:
    """Names that are all identities, each of which means itself."""

    def find(self, pole: str) -> UUID:
        return UUID(pole)

    def find_thing(self, concept: str, name: str) -> UUID:
        return UUID(name)


NAMES = Themselves()


def every(fields: tuple[FormField, ...], path: str = "") -> Iterator[tuple[str, FormField]]:
    """The fields of a form and their parts, each with its path."""
    for one in fields:
        yield f"{path}{one.name}", one
        yield from every(one.parts, f"{path}{one.name}.")


@pytest.mark.parametrize("name", sorted(COMMANDS))
@settings(
    max_examples=max(40 // SHARE, 5),
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # it shrinks what has two hundred fields for minutes
)
@given(data=st.data())
def test_a_form_can_say_every_command(name: str, data: st.DataObject) -> None:
    command = data.draw(commands(COMMANDS[name]))
    form = form_named(name)

    read = read_form(form, typed_of(form, command), NAMES)

    assert not read.faults
    assert read.command == command


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_field_is_called_by_words(name: str) -> None:
    form = form_named(name)
    told = [*every(form.fields)]
    codes = {
        code for _, one in told for code in one.choices if "_" in code or one.choices[code] == code
    }

    for path, one in told:
        words = f"{one.label} {one.help}"
        assert 1 < len(one.label) <= 70, path
        assert one.label[0].isupper() or not one.label[0].isalpha(), path
        assert not re.search(r"AAAA|\bjalon\b|[{}\[\]\\]|\w_\w|--|répète|base64", words), path
        assert not codes.intersection(words.split()), path
        assert words.count("(") == words.count(")"), path
        assert all(said and "_" not in said for said in one.choices.values()), path


def test_what_a_choice_means_is_said_and_not_its_code() -> None:
    kind = field_at(form_named("recognition.record"), "recognition_kind")

    assert kind.control is Control.CHOICE
    assert kind.choices["selection"] == "sélection (article 9 II)"


def test_days_minutes_and_amounts_are_written_as_people_do() -> None:
    form = form_named("call.postpone")
    typed = Typed.of(
        [
            ("call", str(UUID(int=1))),
            ("wave", "v1"),
            ("closes_at", "30/06/2015 à 23 h 59"),
            ("decided_on", "02/06/2015"),
            ("reasons", "Une panne."),
            ("occurred_on", "06/2015"),
        ]
    )

    read = read_form(form, typed, NAMES)

    assert read.command is not None
    assert dict(typed_of(form, read.command).texts) == {
        "call": (str(UUID(int=1)),),
        "wave": ("v1",),
        "closes_at": ("30/06/2015 23:59",),
        "decided_on": ("02/06/2015",),
        "reasons": ("Une panne.",),
        "occurred_on": ("06/2015",),
    }


def test_each_fault_stands_beside_its_field_and_what_was_typed_stays() -> None:
    form = form_of(DecideCommitment)
    typed = Typed.of(
        [
            ("pole", "aucun pôle"),
            ("funder", ""),
            ("beneficiary", "Atelier"),
            ("object", "Un poste"),
            ("amount", "trente mille"),
            ("occurred_on", "31/02/2024"),
        ]
    )

    read = read_form(form, typed, NAMES)

    assert read.command is None
    assert set(read.faults) == {"pole", "funder", "amount", "occurred_on"}
    assert read.faults["funder"] == "Il manque « Nom du financeur »."
    assert "n'est pas un montant en euros" in read.faults["amount"]
    assert "n'existe pas" in read.faults["occurred_on"]
    assert read.typed.text("amount") == "trente mille"


def test_a_fault_in_a_row_stands_in_that_row_once_empty_rows_are_gone() -> None:
    form = form_named("commitment.order_recovery")
    typed = Typed.of(
        [
            ("commitment", str(UUID(int=1))),
            ("cause", "not_spent"),
            ("amount", "1000"),
            ("reasons", "Non dépensé."),
            ("instalments.0.due_on", ""),
            ("instalments.0.amount", ""),
            ("instalments.3.due_on", "01/01/2025"),
            ("instalments.3.amount", "500"),
            ("instalments.7.due_on", "demain"),
            ("instalments.7.amount", "500"),
        ]
    )

    read = read_form(form, typed, NAMES)

    assert set(read.faults) == {"instalments.1.due_on"}
    assert read.typed.text("instalments.1.due_on") == "demain"
    assert read.typed.text("instalments.0.amount") == "500"


def test_what_a_step_asks_for_is_its_form() -> None:
    step = Transition(
        id="end",
        title=Text(fr="Constater la fin", en="End"),
        from_=("here",),
        to="there",
        input=(
            Input(id="why", type="text", title=Text(fr="la raison"), options=("dissolved",)),
            Input(id="on", type="date", title=Text(fr="le jour")),
            Input(id="number", type="integer", title=Text(fr="le nombre"), required=False),
            Input(id="agreed", type="boolean", title=Text(fr="l'accord")),
            Input(id="names", type="texts", title=Text(fr="les noms"), required=False),
        ),
    )
    form = form_of(MovePole, step=step)
    asked = field_at(form, "input")
    typed = Typed.of(
        [
            ("pole", str(UUID(int=1))),
            ("transition", "end"),
            ("input.why", "dissolved"),
            ("input.on", "25/06/2012"),
            ("input.number", "1 200"),
            ("input.agreed", "false"),
            ("input.names.0", "Un nom, avec une virgule"),
        ]
    )

    read = read_form(form, typed, NAMES)

    assert [one.label for one in asked.parts] == [
        "La raison",
        "Le jour",
        "Le nombre",
        "L'accord",
        "Les noms",
    ]
    assert field_at(form, "input.why").choices == {"dissolved": "le pôle s'est dissous"}
    assert isinstance(read.command, MovePole)
    assert read.command.input == {
        "why": "dissolved",
        "on": "2012-06-25",
        "number": 1200,
        "agreed": False,
        "names": ["Un nom, avec une virgule"],
    }


def test_what_a_step_must_be_given_and_is_not_is_said_beside_it() -> None:
    asked = (
        Input(id="why", type="text", title=Text(fr="la raison")),
        Input(id="successor", type="id", title=Text(fr="le successeur"), required=False),
    )
    step = Transition(id="end", from_=("here",), to="there", input=asked)
    form = form_of(MovePole, step=step)
    known = [("pole", str(UUID(int=1))), ("transition", "end")]
    other = ("input.successor", str(UUID(int=2)))

    lacking = read_form(form, Typed.of([*known, other]), NAMES)
    whole = read_form(form, Typed.of([*known, other, ("input.why", "Une fusion")]), NAMES)
    past = form_of(COMMANDS["pole.record_past_step"], step=step)

    assert lacking.faults == {"input.why": "Il manque « La raison »."}
    assert field_at(form, "input.successor").concept == "pole"
    assert isinstance(whole.command, MovePole)
    assert whole.command.input == {"why": "Une fusion", "successor": str(UUID(int=2))}
    assert not field_at(past, "input.why").required


def test_nothing_typed_is_nothing_given() -> None:
    form = form_of(RegisterPole)

    read = read_form(form, Typed.of([("name", " "), ("remark", "  \n ")]), NAMES)

    assert read.command is None
    assert read.faults == {"name": "Il manque « Nom du pôle »."}
