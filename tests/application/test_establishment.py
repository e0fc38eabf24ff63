"""Establishments in a registry: who notes that one closed, what is refused then, and the list."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.establishment import (
    ESTABLISHMENT_LIST,
    CloseEstablishment,
    NotAnEstablishmentKeeper,
    ReopenEstablishment,
)
from domain.errors import JalonError
from domain.establishment import ESTABLISHMENTS, EstablishmentClosed, Establishments
from domain.recording import NotYetHappened
from tests.application import desk as desks
from tests.application import support
from tests.application.desk import Desk
from tests.application.support import CARRIER, POLE, SIRET
from tests.examples import settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with support.opened(tmp_path) as made:
        yield made


@pytest.mark.parametrize("siret", [SIRET, CARRIER])
def test_nothing_is_decided_for_or_by_an_establishment_that_closed(desk: Desk, siret: str) -> None:
    pole = desk.pole()
    desk.do(CloseEstablishment(siret=siret), "2024-01-15")
    before = desk.size

    with pytest.raises(EstablishmentClosed, match="15 janvier 2024"):
        support.decide(desk, pole, on="2024-01-15")
    assert desk.size == before
    support.decide(desk, pole, on="2024-01-14")
    desk.do(ReopenEstablishment(siret=siret, motive="erreur de saisie"), "2024-01-15")
    support.decide(desk, pole, on="2024-01-15")


def test_it_is_noted_once_it_happened_by_whom_it_concerns(desk: Desk) -> None:
    with pytest.raises(NotAnEstablishmentKeeper):
        desk.do(CloseEstablishment(siret=SIRET), "2024-01-15", POLE)
    with pytest.raises(NotYetHappened):
        desk.do(CloseEstablishment(siret=SIRET), "2024-06-04")


DAYS = st.dates(date(2022, 1, 1), date(2022, 3, 1))
ACTS = st.tuples(st.booleans(), st.sampled_from([SIRET, CARRIER]), DAYS)


@settings(max_examples=20, deadline=None)
@given(acts=st.lists(ACTS, max_size=10), asked=st.lists(DAYS, min_size=1, max_size=4))
def test_the_list_is_the_fold_at_any_known_and_in_force(
    acts: list[tuple[bool, str, date]], asked: list[date]
) -> None:
    with TemporaryDirectory() as folder, desks.desk(Path(folder)) as at:
        sizes = [at.size]
        for closes, siret, day in acts:
            command = (
                CloseEstablishment(siret=siret)
                if closes
                else ReopenEstablishment(siret=siret, motive="?")
            )
            with suppress(JalonError):
                at.do(command, day.isoformat())
            sizes.append(at.size)
        for known in {sizes[0], sizes[len(sizes) // 2], sizes[-1]}:
            found = at.registry.load(Establishments, ESTABLISHMENTS, known)
            for day in [*asked, *(on for _, _, on in acts)]:
                told = {
                    (siret, since)
                    for siret in (SIRET, CARRIER)
                    if found and (since := found.closed_since(siret, day))
                }
                lines = at.lines(ESTABLISHMENT_LIST, day.isoformat(), known)
                assert {(line.siret, line.closed_on) for line in lines} == told
        assert at.rebuilt()
