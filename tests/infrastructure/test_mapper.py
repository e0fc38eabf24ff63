"""Bytes ↔ model: what is stored is canonical JSON, read back as it was."""

from uuid import uuid4

import orjson
import pytest
import rfc8785
from eventsourcing.persistence import JSONTranscoder, MapperDeserialisationError, StoredEvent
from hypothesis import given

from domain.kernel import Envelope, UnknownTopic
from domain.pole import Pole
from infrastructure.event_store.mapper import StateMapper, read_state, write_state
from tests import make
from tests.domain.strategies import lives
from tests.examples import settings

MAPPER = StateMapper(JSONTranscoder())


@settings(deadline=None, max_examples=40)
@given(pole=lives())
def test_every_event_comes_back_as_it_was_recorded(pole: Pole) -> None:
    for envelope in pole.collect_events():
        stored = MAPPER.to_stored_event(envelope)

        assert MAPPER.to_domain_event(stored) == envelope
        assert stored.state == rfc8785.dumps(orjson.loads(stored.state))


def test_the_identity_of_an_event_lies_beside_its_bytes() -> None:
    (envelope,) = make.pole().collect_events()

    stored = MAPPER.to_stored_event(envelope)

    assert stored.event_id == envelope.event.meta.event_id
    assert stored.topic == "pole.registered.v1"


def test_a_state_names_neither_its_class_nor_its_place() -> None:
    (envelope,) = make.pole().collect_events()

    state = write_state(envelope.event)

    assert b"Registered" not in state
    assert b"domain" not in state
    assert str(envelope.originator_id).encode() not in state


def test_a_step_is_stored_with_the_words_of_the_journey() -> None:
    pole = make.pole("2012", "pole@2011-09")
    with make.on("2014-09-19"):
        pole.migrate(
            make.journey("pole@2014-09-19").journey, occurred_on=pole.main.states[0].occurred_on
        )

    members = orjson.loads(write_state(pole.pending[-1]))

    assert (members["from"], members["to"]) == ("pole@2011-09", "pole@2014-09-19")


def test_an_event_of_a_newer_product_is_refused_in_words() -> None:
    with pytest.raises(UnknownTopic, match="installez la version qui l'a écrit"):
        read_state("pole.crowned.v7", b"{}")


@pytest.mark.parametrize(
    "state",
    [b"", b"{}", b"[]", b"not json", b'{"name":"x"}', b"\xff"],
)
def test_bytes_that_are_no_state_are_refused_with_their_place(state: bytes) -> None:
    stream = uuid4()

    with pytest.raises(MapperDeserialisationError, match=f"{stream} version 3"):
        MAPPER.to_domain_event(StoredEvent(stream, 3, "pole.renamed.v1", state))


def test_a_state_with_a_member_nobody_knows_is_refused() -> None:
    (envelope,) = make.pole().collect_events()
    state = write_state(envelope.event).replace(b"{", b'{"colour":"blue",', 1)

    with pytest.raises(ValueError, match="Extra inputs"):
        read_state("pole.registered.v1", state)


def test_an_envelope_says_where_an_event_goes() -> None:
    pole = make.pole()
    with make.on():
        pole.rename("Trézor")

    envelopes = pole.collect_events()

    assert all(isinstance(envelope, Envelope) for envelope in envelopes)
    assert [(e.originator_id, e.originator_version) for e in envelopes] == [
        (pole.id, 1),
        (pole.id, 2),
    ]
