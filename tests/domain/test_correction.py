"""What of a history is in effect; and of every topic, whether it is a fact or an act."""

import pytest

from application.catalogue import COMMANDS
from application.correction import Statement
from domain.correction import in_effect, kind_of
from domain.finality import Finality
from domain.kernel import EVENTS, Event
from domain.pole import Pole
from domain.provenance import Kind
from tests import make

TOPICS = [topic for topic, event in sorted(EVENTS.items()) if event.__module__[:7] == "domain."]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_is_a_fact_or_an_act_that_says_what_undoes_it(topic: str) -> None:
    event = EVENTS[topic]

    assert event.STATED_BY or event.UNDONE_BY, "a fact, or an act and why nothing undoes it"
    undone = event.UNDONE_BY
    why = () if undone is None or isinstance(undone, Finality) else undone
    assert [name for name in (*event.STATED_BY, *why) if name not in COMMANDS] == []
    assert "fact.retract" not in why, "it takes back facts, and refuses acts"
    assert [brought for brought in event.BRINGS if brought.split(":")[0] not in EVENTS] == []


def test_a_command_takes_corrections_where_a_fact_says_that_it_states_it() -> None:
    stating = {name for event in EVENTS.values() for name in event.STATED_BY}

    assert {name for name, cls in COMMANDS.items() if issubclass(cls, Statement)} == stating


@pytest.mark.parametrize("topic", [t for t in TOPICS if EVENTS[t].STATED_BY])
def test_a_fact_is_in_the_history_of_one_kind_of_thing(topic: str) -> None:
    assert kind_of(EVENTS[topic]).tells(EVENTS[topic])


def renamed(pole: Pole, name: str, on: str, **more: object) -> Event:
    with make.on(on, **more):
        pole.rename(name)
    return pole.pending[-1]


def test_a_correction_takes_the_place_of_the_fact_and_not_the_end() -> None:
    pole = make.pole("2012")
    first = renamed(pole, "De 2014", "2014")
    renamed(pole, "De 2016", "2016")
    corrects = {"kind": Kind.CORRECT, "corrects": first.meta.event_id}
    renamed(pole, "De 2014, relu", "2014", **corrects)

    told = in_effect(make.history(pole))

    names = [one.event.name for one in told if isinstance(one.event, Pole.Renamed)]
    assert names == ["De 2014, relu", "De 2016"]
    assert told[1].event.meta.event_id == first.meta.event_id


def test_a_correction_of_a_correction_tells_the_same_fact() -> None:
    pole = make.pole("2012")
    first = renamed(pole, "Un", "2014")
    second = renamed(pole, "Deux", "2014", kind=Kind.CORRECT, corrects=first.meta.event_id)
    renamed(pole, "Trois", "2014", kind=Kind.CORRECT, corrects=second.meta.event_id)

    told = in_effect(make.history(pole))

    names = [one.event.name for one in told if isinstance(one.event, Pole.Renamed)]
    assert names == ["Trois"]


def test_what_is_retracted_is_left_out_with_what_had_corrected_it() -> None:
    pole = make.pole("2012")
    first = renamed(pole, "Un", "2014")
    second = renamed(pole, "Deux", "2014", kind=Kind.CORRECT, corrects=first.meta.event_id)
    with make.on("2024-06-03"):
        pole.retract_fact(second.meta.event_id)

    told = in_effect(make.history(pole))

    assert [type(one.event) for one in told] == [Pole.Registered]
