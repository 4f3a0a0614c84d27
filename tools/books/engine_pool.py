"""DuckDB instances of this process, used again: starting one takes forty milliseconds, checking one out one.

Each connection that is checked out has an instance to itself, with its limits, and an empty database in it;
the database is dropped when the connection is closed. An instance that was locked, or that has spilled to
a folder, is not used again.
"""

from __future__ import annotations

import atexit
import itertools
import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from tools.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_IDLE: Final = 4  # three checks at once, and who looks on
_START: Final = (
    "SET parquet_metadata_cache = true",  # each query names the same files again
    "SET preserve_insertion_order = false",
)
_Limits = tuple[int, str, int]  # process, memory, threads: an instance does not survive a fork

_idle: dict[_Limits, list[duckdb.DuckDBPyConnection]] = {}
_idle_lock = threading.Lock()
_numbers = itertools.count(1)


@dataclass
class PooledConnection:
    """A connection to an instance of its own; close() drops what was made in it."""

    connection: duckdb.DuckDBPyConnection
    _instance: duckdb.DuckDBPyConnection
    _database: str
    _limits: _Limits
    _spill: Path | None
    _is_open: bool = True

    def close(self) -> None:
        """Drop the tables and views, and leave the instance to whoever comes next."""
        if not self._is_open:
            return
        self._is_open = False
        self.connection.close()
        try:
            self._instance.execute(f"DETACH {self._database}")
            (locked,) = self._instance.execute("SELECT current_setting('lock_configuration')").fetchall()[0]
        except duckdb.Error:
            locked = True  # a fatal error leaves an instance that nothing runs on
        has_spilled = self._spill is not None and self._spill.is_dir()
        if locked or has_spilled:  # DuckDB's own files lie in the folder until its instance ends
            self._instance.close()
        else:
            _check_in(self._limits, self._instance)


def check_out(settings: Settings, spill: Path | None = None) -> PooledConnection:
    """Give a connection within the settings' limits, spilling to `spill`."""
    limits = (os.getpid(), settings.engine_memory_limit, settings.engine_threads)
    while (instance := _next_idle(limits)) is not None:
        if _spills_to(instance, spill):
            return _new_connection(instance, limits, spill)
        instance.close()
    instance = _started(settings)
    _spills_to(instance, spill)
    return _new_connection(instance, limits, spill)


@contextmanager
def connection(settings: Settings, spill: Path | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Give a connection as check_out does, and close it."""
    pooled = check_out(settings, spill)
    try:
        yield pooled.connection
    finally:
        pooled.close()


def _new_connection(
    instance: duckdb.DuckDBPyConnection, limits: _Limits, spill: Path | None
) -> PooledConnection:
    database = f"books_{next(_numbers)}"
    cursor = instance.cursor()
    for statement in (*_START, f"ATTACH ':memory:' AS {database}", f"USE {database}"):
        cursor.execute(statement)
    return PooledConnection(cursor, instance, database, limits, spill)


def _started(settings: Settings) -> duckdb.DuckDBPyConnection:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.engine_memory_limit,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
    }
    if settings.engine_threads:
        config["threads"] = settings.engine_threads
    return duckdb.connect(":memory:", config=config)


def _spills_to(instance: duckdb.DuckDBPyConnection, spill: Path | None) -> bool:
    """Name the folder to spill to; say whether that can still be done: not once another one was used."""
    try:
        if spill is None:
            instance.execute("RESET temp_directory")
        else:
            instance.execute("SET temp_directory = $folder", {"folder": str(spill)})
    except duckdb.NotImplementedException:
        return False
    return True


def _next_idle(limits: _Limits) -> duckdb.DuckDBPyConnection | None:
    with _idle_lock:
        idle = _idle.get(limits)
        return idle.pop() if idle else None


def _check_in(limits: _Limits, instance: duckdb.DuckDBPyConnection) -> None:
    with _idle_lock:
        idle = _idle.setdefault(limits, [])
        idle.append(instance)
        surplus = idle.pop(0) if len(idle) > _MOST_IDLE else None
    if surplus is not None:
        surplus.close()


def close_idle() -> None:
    """Close the instances of this process that nobody uses: DuckDB complains of those that outlive it."""
    with _idle_lock:
        instances = [each for limits in list(_idle) if limits[0] == os.getpid() for each in _idle.pop(limits)]
    for instance in instances:
        instance.close()


atexit.register(close_idle)
