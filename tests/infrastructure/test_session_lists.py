"""The list of sessions: at a date, rebuilt, as the fold says; and nothing of what they decide."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from application.minutes import ApproveMinutes, DrawMinutes
from application.session import SESSIONS, ChangeAgenda, CloseSession, SessionListed
from domain.call import CallId
from domain.convocation import SessionId
from domain.deliberation import ProposedOutcome
from domain.dossier import DossierId
from domain.session import Session
from domain.session_refusals import UnknownSession
from infrastructure.read_models.session import SessionModel, find_session
from interfaces.wiring import Product
from tests import make
from tests.application import committees
from tests.application.committees import convene, decide, do, member, open_

MOTIVE = "Motif-Que-Personne-Ne-Lit"


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    with make.product(tmp_path) as made:
        yield made


@pytest.fixture
def call(product: Product) -> CallId:
    return committees.call(product.registry)


@pytest.fixture
def dossiers(product: Product, call: CallId) -> list[DossierId]:
    return committees.dossiers(product.registry, call, 1, 2)


def held(product: Product, call: CallId, dossiers: list[DossierId]) -> SessionId:
    """A session from its notice to its approval, each step on its day."""
    registry = product.registry
    session = convene(registry, call, dossiers[:1], place="Paris")
    do(registry, ChangeAgenda(session=session, add=(dossiers[1],)), on="2024-05-03")
    open_(registry, session)
    decide(registry, session, dossiers[0], amount="12345", motive=MOTIVE)
    decide(registry, session, dossiers[1], ProposedOutcome.REJECT, motive=MOTIVE)
    do(registry, CloseSession(session=session), on="2024-05-16")
    do(registry, DrawMinutes(session=session), on="2024-05-20")
    do(registry, ApproveMinutes(session=session), member("chair"), "2024-05-22")
    return session


def lines(product: Product, in_force: str, known: int | None = None) -> list[SessionListed]:
    product.follower.catch_up()
    moment = product.moment(in_force=in_force)
    if known:
        moment = moment.model_copy(update={"known": known})
    return product.listed(SESSIONS, moment)


def test_a_session_stands_in_the_list_as_it_did_on_the_day(
    product: Product, call: CallId, dossiers: list[DossierId]
) -> None:
    before = product.journal.size()
    held(product, call, dossiers)

    assert lines(product, "2024-05-01") == []
    told = {
        day: [(line.standing.value, line.dossiers) for line in lines(product, day)]
        for day in (
            "2024-05-02",
            "2024-05-03",
            "2024-05-15",
            "2024-05-16",
            "2024-05-20",
            "2024-05-22",
        )
    }
    assert told == {
        "2024-05-02": [("convened", 1)],
        "2024-05-03": [("convened", 2)],
        "2024-05-15": [("open", 2)],
        "2024-05-16": [("closed", 2)],
        "2024-05-20": [("minutes_drawn", 2)],
        "2024-05-22": [("approved", 2)],
    }
    assert lines(product, "2024-06-01", before) == []
    assert [x.standing for x in lines(product, "2024-06-01", before + 2)] == ["convened"]


def test_its_line_says_what_the_fold_does_and_is_found_by_its_code(
    product: Product, call: CallId, dossiers: list[DossierId]
) -> None:
    session = held(product, call, dossiers)
    (line,) = lines(product, "2024-06-01")
    fold = product.registry.load(Session, session)

    assert fold
    assert (line.code, line.call, line.wave) == (fold.code, call, fold.wave)
    assert (line.standing, line.dossiers) == (fold.standing, len(fold.agenda))
    assert line.held_at == fold.held_at.in_words()
    assert line.call_code == "essai-2024"
    assert (line.place, line.mode) == ("Paris", fold.mode)
    for name in (line.code, str(session)):
        assert find_session(product._engine, name) == session
        assert product.find_thing("session", name) == session
    with pytest.raises(UnknownSession, match="inconnue"):
        product.find_thing("session", "inconnue")
    with pytest.raises(UnknownSession):
        find_session(product._engine, "inconnue")


def test_no_table_keeps_anything_of_what_is_decided(
    product: Product, call: CallId, dossiers: list[DossierId]
) -> None:
    held(product, call, dossiers)
    product.follower.catch_up()
    read = set()
    with product._engine.connect() as tx:
        inspected = sa.inspect(tx)
        for table in inspected.get_table_names():
            columns = {column["name"] for column in inspected.get_columns(table)}
            if "known_from" not in columns:
                continue
            rows = tx.execute(sa.text(f'SELECT * FROM "{table}"')).all()
            read.add(table)
            said = " ".join(str(row) for row in rows)
            assert MOTIVE not in said, table
            assert "1234500" not in said, table
            assert "not_selected" not in said, table
    assert {"session", "call"} <= read


def test_a_rebuilt_list_is_the_one_kept_up_to_date(
    product: Product, call: CallId, dossiers: list[DossierId]
) -> None:
    held(product, call, dossiers)
    product.follower.catch_up()
    table = SessionModel.table

    def rows() -> list[tuple[object, ...]]:
        with product._engine.connect() as tx:
            found = tx.execute(sa.select(table).order_by(*table.c)).all()
            return sorted((tuple(row)[1:] for row in found), key=str)

    kept = rows()
    product.follower.rebuild()
    assert rows() == kept
    assert kept
