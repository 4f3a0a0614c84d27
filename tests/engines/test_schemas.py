"""What an audit leaves in PostgreSQL: a schema for each run, its tables whole, gone with the run."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pyarrow as pa
import pytest

from tests.postgres import Cluster
from tools.books.elsewhere import LaidTable
from tools.checks.engines import schemas
from tools.checks.engines.postgresql import PostgreSQL
from tools.core.errors import EngineError, SettingsError, UnreachableError, UnsupportedError

COLUMNS = {"row_key": "VARCHAR", "n": "BIGINT"}


@pytest.fixture
def url(postgres: Cluster) -> Iterator[str]:
    """Give a database of its own."""
    name = postgres.create()
    yield postgres.url(name).replace("+psycopg", "")
    postgres.drop(name)


def laid_table(name: str, keys: list[str | None]) -> LaidTable:
    """Lay a table of these keys out."""
    rows = pa.table({"row_key": pa.array(keys, pa.string()), "n": pa.array(range(len(keys)), pa.int64())})
    return LaidTable(name, COLUMNS, rows.to_reader)


def test_a_table_is_carried_once_a_run_and_goes_with_it(url: str) -> None:
    """A second session reads what the first carried; texts are as they were, but for NUL."""
    with PostgreSQL(url, "tieout_r1") as first, PostgreSQL(url, "tieout_r1") as second:
        first.hold(laid_table("txn", ["", None, 'a"b', "x\0y"]))
        second.hold(laid_table("txn", ["not carried again"]))
        keys = second.query("SELECT row_key FROM txn ORDER BY n", {})["row_key"].to_pylist()
    assert keys == ["", None, 'a"b', "xy"]
    assert schemas.run_ids(url) == ["r1"]
    schemas.drop(url, ["r1", "r2"])
    assert schemas.run_ids(url) == []


def test_a_table_that_breaks_off_is_not_there(url: str) -> None:
    """What was carried by halves is carried anew, whole."""

    def broken_reader() -> pa.RecordBatchReader:
        def batches() -> Iterator[pa.RecordBatch]:
            yield pa.record_batch({"row_key": ["a"], "n": [1]})
            raise OSError("the file is gone")

        return pa.RecordBatchReader.from_batches(
            pa.schema({"row_key": pa.string(), "n": pa.int64()}), batches()
        )

    with PostgreSQL(url, "tieout_r1") as engine:
        with pytest.raises(OSError, match="the file is gone"):
            engine.hold(LaidTable("txn", COLUMNS, broken_reader))
        engine.hold(laid_table("txn", ["a", "b"]))
        assert engine.query("SELECT count(*) AS n FROM txn", {})["n"].to_pylist() == [2]


def test_faults_are_told_apart(url: str) -> None:
    """What cannot be said there, what went wrong there, and a server that is away are three things."""
    with PostgreSQL(url, "tieout_r1") as engine:
        with pytest.raises(UnsupportedError, match="no_such"):
            engine.query("SELECT no_such(1) AS n", {})
        with pytest.raises(EngineError, match="division by zero") as wrong:
            engine.query("SELECT 1 // 0 AS n", {})
        assert not isinstance(wrong.value, UnsupportedError)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        with pytest.raises(UnreachableError):
            engine.query("SELECT 1 AS n", {})


def test_who_may_not_make_schemas_is_told_before(url: str, postgres: Cluster) -> None:
    """The error says what to grant; a database that is not there is a setting to correct."""
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute("DROP ROLE IF EXISTS reader")
        owner.execute("CREATE ROLE reader LOGIN")
    with pytest.raises(SettingsError, match="GRANT CREATE ON DATABASE"):
        schemas.require_admission(url.replace("tieout@", "reader@"))
    with pytest.raises(SettingsError, match="createdb"):
        schemas.require_admission(postgres.url("nowhere").replace("+psycopg", ""))
