"""A large journal: what holds for a hundred events holds for two hundred thousand."""

from pathlib import Path
from uuid import uuid4

import pytest

from application.claim import RecordClaim
from infrastructure.audit_log import verify
from infrastructure.event_store.mapper import StoredState, write_state
from tests import make

EVENTS = 200_000
BATCH = 2_000


@pytest.mark.long
def test_two_hundred_thousand_events_verify_and_are_listed(tmp_path: Path) -> None:
    with make.product(tmp_path) as product:
        command = RecordClaim(
            statement="Plus de cinquante pôles.", author="un réseau", source="une revue"
        )
        (event,) = product.registry.do(command, make.by(), dry_run=True).events
        state = write_state(event)
        before = product.journal.size()
        for _ in range(EVENTS // BATCH):
            claims = [
                StoredState(uuid4(), 1, event.TOPIC, state, event.meta.event_id)
                for _ in range(BATCH)
            ]
            product.registry.recorder.insert_events(claims)

        verified = verify(product.journal)
        product.follower.catch_up()

        assert verified.size == before + EVENTS
        assert verified.root == product.journal.root()
        assert len(product.claims.lines(product.moment())) == EVENTS
