"""Connections to the engine: each has an instance to itself, and leaves nothing behind in it."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tools.books import engine_pool
from tools.core.settings import Settings

LIMITS = Settings(engine_memory_limit="60MB", engine_threads=1)


def _names(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT table_name FROM duckdb_tables() UNION ALL SHOW TABLES").fetchall()


def test_what_was_made_in_a_connection_is_gone_with_it() -> None:
    """Tables, temporary ones, macros and settings of one are not seen by the next on the same instance."""
    engine_pool.close_idle()
    first = engine_pool.check_out(LIMITS)
    first.connection.execute("CREATE TABLE t AS SELECT 1 AS n")
    first.connection.execute("CREATE TEMP TABLE u AS SELECT 1 AS n")
    first.connection.execute("CREATE TEMP MACRO twice(n) AS 2 * n")
    first.connection.execute("SET preserve_insertion_order = true")
    first.close()
    with engine_pool.connection(LIMITS) as second:
        assert _names(second) == []
        assert second.execute("SELECT current_setting('preserve_insertion_order')").fetchall() == [(False,)]
        with pytest.raises(duckdb.CatalogException):
            second.execute("SELECT twice(1)")


def test_connections_that_are_open_at_once_share_nothing() -> None:
    """Two hold tables of one name, each its own."""
    with engine_pool.connection(LIMITS) as first, engine_pool.connection(LIMITS) as second:
        first.execute("CREATE TABLE t AS SELECT 1 AS n")
        second.execute("CREATE TABLE t AS SELECT 2 AS n")
        assert first.execute("SELECT n FROM t").fetchall() == [(1,)]
        assert second.execute("SELECT n FROM t").fetchall() == [(2,)]


def test_a_locked_instance_is_not_used_again() -> None:
    """Whoever shuts a connection's ways out shuts nobody else's."""
    pooled = engine_pool.check_out(LIMITS)
    pooled.connection.execute("SET enable_external_access = false")
    pooled.connection.execute("SET lock_configuration = true")
    pooled.close()
    with engine_pool.connection(LIMITS) as following:
        assert following.execute("SELECT current_setting('enable_external_access')").fetchall() == [(True,)]
        assert following.execute("SELECT current_setting('lock_configuration')").fetchall() == [(False,)]


def test_each_spills_to_its_own_folder(tmp_path: Path) -> None:
    """What does not fit in memory goes to the folder that was named, also after another one was used."""
    for name in ("first", "second"):
        with engine_pool.connection(LIMITS, spill=tmp_path / name) as connection:
            connection.execute(
                "CREATE TABLE t AS SELECT range AS n, md5(range::VARCHAR) AS s FROM range(2500000)"
            )
            assert list((tmp_path / name).glob("duckdb_temp*"))
        assert not list((tmp_path / name).glob("*"))


def test_the_limits_are_those_of_whoever_asks() -> None:
    """An instance of other limits is not lent."""
    with engine_pool.connection(LIMITS) as narrow:
        (limit,) = narrow.execute("SELECT current_setting('memory_limit')").fetchall()[0]
    with engine_pool.connection(LIMITS.model_copy(update={"engine_memory_limit": "1GB"})) as wide:
        assert wide.execute("SELECT current_setting('memory_limit')").fetchall()[0] != (limit,)
