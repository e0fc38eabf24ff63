"""Alembic owns the schema; the tables in the code are the ones it makes."""

import pytest
import sqlalchemy as sa
from alembic.config import Config
from alembic.script import ScriptDirectory

from infrastructure.database import (
    MIGRATIONS,
    NewerStore,
    NoStore,
    check_schema,
    connect,
    migrate,
    revisions,
)
from infrastructure.read_models.intervals import METADATA
from interfaces.wiring import Product as Product  # declares every table


def test_every_table_in_the_code_is_the_one_alembic_makes(database_url: str) -> None:
    engine = connect(database_url)
    found = sa.inspect(engine)

    for table in METADATA.sorted_tables:
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
    engine.dispose()


def test_an_event_is_found_by_its_identity_without_reading_the_journal(database_url: str) -> None:
    engine = connect(database_url)
    explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"

    with engine.connect() as tx:
        if explain == "EXPLAIN":
            tx.exec_driver_sql("SET enable_seqscan = off")  # as the journal does
        plan = tx.exec_driver_sql(f"{explain} SELECT position FROM event WHERE event_id = 'x'")
        said = [str(row) for row in plan]

    assert any("event_event_id" in line for line in said), said
    engine.dispose()


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    engine = connect(database_url)

    migrate(engine)

    check_schema(engine, "ici")
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE alembic_version SET version_num = '9999'", NewerStore),
        ("DELETE FROM alembic_version", NoStore),
    ],
)
def test_a_schema_of_another_version_is_refused(
    database_url: str, statement: str, refusal: type[Exception]
) -> None:
    engine = connect(database_url)
    with engine.connect().execution_options(writes=True) as tx, tx.begin():
        tx.execute(sa.text(statement))

    with pytest.raises(refusal):
        check_schema(engine, "ici")
    engine.dispose()


def test_the_names_of_the_files_tell_the_revisions_that_alembic_reads_in_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")

    walked = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]

    assert revisions() == walked[::-1]
