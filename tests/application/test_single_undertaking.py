"""De minimis aid in a registry: what commitments may grant, and the lists at any moment."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from application.command import Command
from application.single_undertaking import (
    AttestAids,
    DayWanted,
    DeclareAid,
    LinkUndertakings,
    LowerAid,
    NoSirenToCount,
    NotADeclarer,
    PartUndertakings,
)
from application.single_undertaking_list import AIDS, ATTESTATIONS
from application.single_undertaking_sheet import de_minimis_sheet
from domain.de_minimis import DeMinimis
from domain.errors import JalonError
from domain.roles import Role
from domain.single_undertaking import SingleUndertaking, undertaking_of
from domain.single_undertaking_refusals import (
    AboveCeiling,
    HeadroomUnknown,
    NotAnUndertaking,
    UndertakingWithoutName,
)
from tests import make
from tests.application import support
from tests.application.desk import Desk, person
from tests.application.support import DAY, SIREN, SISTER
from tests.examples import settings

NAME = "Association d'essai"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with support.opened(tmp_path) as made:
        yield made


def declare(at: Desk, amount: str, on: str, siren: str = SIREN, **more: Any) -> UUID:
    given = {"authority": "Région fictive", "name": NAME, **more}
    return at.do(DeclareAid(siren=siren, amount=amount, **given), on)


def attest(at: Desk, on: str = DAY, siren: str = SIREN, **more: Any) -> None:
    at.do(AttestAids(siren=siren, name=NAME, **more), on)


def left(at: Desk, on: str = DAY, known: int | None = None) -> list[int | None]:
    sheet = de_minimis_sheet(at.registry, SIREN, at.moment(on, known))
    return [line.headroom_cents for line in sheet.headroom]


def test_a_commitment_grants_what_is_left_and_not_a_cent_more(desk: Desk) -> None:
    pole = desk.pole()
    declare(desk, "250000", "2023-06-01")
    attest(desk)

    with pytest.raises(AboveCeiling, match="50\u202f000\u00a0€"):
        support.decide(desk, pole, amount="50000,01", regime="de_minimis")
    before = desk.size
    support.decide(desk, pole, amount="50000", regime="de_minimis")

    assert left(desk) == [0, 750_000_00]
    assert left(desk, known=before) == [50_000_00, 750_000_00]
    assert left(desk, on="2026-06-01") == [None, None]
    with pytest.raises(AboveCeiling):
        support.decide(desk, pole, amount="0,01", regime="de_minimis")
    support.decide(desk, pole, amount="750000", regime="sgei_de_minimis")
    assert left(desk) == [0, 0]


def test_nothing_is_granted_while_what_is_left_is_unknown(desk: Desk) -> None:
    pole = desk.pole()
    declare(desk, "1000", "2023-06-01")
    before = desk.size

    with pytest.raises(HeadroomUnknown, match="inconnu"):
        support.decide(desk, pole, regime="de_minimis")
    assert desk.size == before
    assert left(desk) == [None, None]
    (line, _) = de_minimis_sheet(desk.registry, SIREN, desk.moment(DAY)).headroom
    assert (line.headroom, line.counted_cents) == ("inconnu", 1_000_00)


def test_a_sourced_grant_of_the_past_is_entered_with_what_was_left_unknown(desk: Desk) -> None:
    pole = desk.pole()
    more: dict[str, Any] = {"regime": "de_minimis", "source": "convention n° 12", "by": make.by()}
    support.decide(desk, pole, on="2022-03-01", **more)

    part = desk.registry.load(SingleUndertaking, undertaking_of(SIREN))
    assert part
    assert [aid.cents_on(make.TODAY) for aid in part.aids.values()] == [60_000_00]
    granted = [e.event for e in desk.registry.history(part.id)][-1]
    assert isinstance(granted, SingleUndertaking.AidGranted)
    assert granted.headroom_cents is None


def test_whoever_has_no_siret_is_granted_no_de_minimis_aid(desk: Desk) -> None:
    pole = desk.pole()

    with pytest.raises(NoSirenToCount):
        support.decide(
            desk, pole, regime="de_minimis", beneficiary_siret=None, beneficiary_rna="W751234567"
        )


def test_enterprises_that_are_linked_share_one_ceiling(desk: Desk) -> None:
    pole = desk.pole()
    declare(desk, "200000", "2023-06-01", SISTER, name="Filiale d'essai")
    attest(desk, on="2024-01-02")
    desk.do(LinkUndertakings(siren=SIREN, other=SISTER, why="majorité des voix"), "2024-01-10")

    with pytest.raises(HeadroomUnknown):
        support.decide(desk, pole, regime="de_minimis")
    attest(desk, others=(SISTER,))
    with pytest.raises(AboveCeiling):
        support.decide(desk, pole, regime="de_minimis", amount="100001")
    desk.do(PartUndertakings(siren=SISTER, other=SIREN, why="cession"), "2024-02-01")
    support.decide(desk, pole, regime="de_minimis", amount="300000", on="2024-02-01")

    sheets = [de_minimis_sheet(desk.registry, SIREN, desk.moment(on)) for on in ("2024-01-31", DAY)]
    assert [[m.siren for m in sheet.members] for sheet in sheets] == [[SIREN, SISTER]] * 2
    assert [len(sheet.aids) for sheet in sheets] == [1, 1]


def test_what_is_wanting_is_said_in_one_sentence_and_nothing_is_recorded(desk: Desk) -> None:
    before = desk.size

    with pytest.raises(UndertakingWithoutName):
        declare(desk, "1000", DAY, name=None)
    with pytest.raises(DayWanted):
        declare(desk, "1000", "2023-06")
    with pytest.raises(NotADeclarer):
        desk.do(AttestAids(siren=SIREN, name=NAME), DAY, person(5, Role.AUDITOR))
    with pytest.raises(NotAnUndertaking):
        left(desk)
    assert desk.size == before


@pytest.mark.parametrize("amount", ["-1", "0", "12,345", "1e3", "100 $", "9" * 20, "", 0.3])
def test_an_amount_is_exact_and_in_euros(amount: object) -> None:
    with pytest.raises(ValueError, match="amount"):
        DeclareAid(siren=SIREN, amount=amount, authority="Région")


# --- the lists ----------------------------------------------------------------------------------

DAYS = st.dates(date(2022, 1, 1), date(2024, 6, 3))
AMOUNTS = st.integers(1, 400_000)
SIRENS = st.sampled_from([SIREN, SISTER])
COMMANDS = st.one_of(
    st.builds(
        lambda siren, amount, regime: DeclareAid(
            siren=siren, name=NAME, amount=amount, regime=regime, authority="Région"
        ),
        SIRENS,
        AMOUNTS,
        st.sampled_from(DeMinimis),
    ),
    st.tuples(SIRENS, st.integers(0, 5), st.integers(0, 300_000)),
    st.builds(lambda siren, until: AttestAids(siren=siren, name=NAME, until=until), SIRENS, DAYS),
    st.just(LinkUndertakings(siren=SIREN, other=SISTER, other_name="Filiale", why="?")),
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    acts=st.lists(st.tuples(COMMANDS, DAYS), min_size=3, max_size=10),
    asked=st.lists(DAYS, min_size=1, max_size=3),
)
def test_the_lists_are_the_fold_at_any_known_and_in_force(
    acts: list[tuple[Any, date]], asked: list[date]
) -> None:
    with TemporaryDirectory() as folder, support.opened(Path(folder)) as at:
        sizes, aids = [at.size], list[tuple[str, UUID]]()
        for act, day in acts:
            with suppress(JalonError):
                _do(at, act, day, aids)
            sizes.append(at.size)
        for known in {sizes[0], sizes[len(sizes) // 2], sizes[-1]}:
            for day in [*asked, *(on for _, on in acts)]:
                _compare(at, day, known)
        assert at.rebuilt()


def _do(at: Desk, act: Any, day: date, aids: list[tuple[str, UUID]]) -> None:
    if isinstance(act, Command):
        answer = at.do(act, day.isoformat())
        aids += [(act.siren, answer)] if isinstance(act, DeclareAid) else []
        return
    _, number, to = act
    if number < len(aids):
        siren, aid = aids[number]
        at.do(LowerAid(siren=siren, aid=aid, to=to, motive="?"), day.isoformat())


def _compare(at: Desk, day: date, known: int) -> None:
    parts = [
        part
        for siren in (SIREN, SISTER)
        if (part := at.registry.load(SingleUndertaking, undertaking_of(siren), known))
    ]
    told = {
        (aid.id, aid.cents_on(day))
        for part in parts
        for aid in part.aids.values()
        if aid.granted_on <= day and aid.cents_on(day)
    }
    lines = at.lines(AIDS, day.isoformat(), known)
    assert {(line.id, line.amount_cents) for line in lines} == told
    attested = at.lines(ATTESTATIONS, day.isoformat(), known)
    assert {line.siren for line in attested} == {p.siren for p in parts if p.attests_on(day)}
    assert all(line.relied_on_until >= day for line in attested)
