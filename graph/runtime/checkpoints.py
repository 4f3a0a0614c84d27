"""A checkpointer from CHECKPOINT_URL: SQLite by default, PostgreSQL in production."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver

from graph.runtime.checkpoint_order import ordered
from graph.runtime.compressed_serde import Compressed
from tools.core.errors import SettingsError
from tools.core.settings import load

_SQLITE = "sqlite:///"


@contextmanager
def open_checkpointer(url: str | None = None) -> Iterator[BaseCheckpointSaver[str]]:
    """Open the checkpointer for `invoke` and `stream`. Raises SettingsError for an unknown scheme."""
    address = url or load().checkpoint_url
    if address.startswith("postgresql"):
        with _postgres_saver(address) as saver:
            yield saver
        return
    from langgraph.checkpoint.sqlite import SqliteSaver

    with closing(sqlite3.connect(_file(address), check_same_thread=False, timeout=30)) as connection:
        _durable(connection)
        yield ordered(SqliteSaver)(connection, serde=Compressed())


@asynccontextmanager
async def server_checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """Open the checkpointer for LangGraph Server: named in langgraph.json."""
    address = load().checkpoint_url
    if address.startswith("postgresql"):
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

        async with ordered(AsyncPostgresSaver).from_conn_string(_plain(address)) as saver:
            await saver.setup()
            yield saver
        return
    import aiosqlite
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    path = _file(address)
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        _durable(connection)
    async with aiosqlite.connect(path) as asynchronous:
        await asynchronous.execute("PRAGMA synchronous=FULL")
        yield ordered(AsyncSqliteSaver)(asynchronous, serde=Compressed())


@contextmanager
def _postgres_saver(address: str) -> Iterator[BaseCheckpointSaver[str]]:
    try:
        from langgraph.checkpoint.postgres import PostgresSaver
    except ImportError:
        raise SettingsError(
            "PostgreSQL needs the extra 'postgresql'.",
            place="setting CHECKPOINT_URL",
            remedy="pip install 'tieout[postgresql]'",
        ) from None
    with ordered(PostgresSaver).from_conn_string(_plain(address)) as saver:
        saver.setup()
        yield saver


def _durable(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
    except sqlite3.Error as error:
        raise _unusable(error) from None


def _plain(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


def _file(address: str) -> str:
    if not address.startswith(_SQLITE):
        raise SettingsError(
            f"'{address.partition(':')[0]}' is not a kind of database this takes.",
            place="setting CHECKPOINT_URL",
            remedy="Give sqlite:///FILE or postgresql://...",
        )
    path = Path(address.removeprefix(_SQLITE))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(error) from None
    return str(path)


def _unusable(error: Exception) -> SettingsError:
    return SettingsError(
        f"the checkpoints cannot be kept there: {error}.",
        place=f"setting CHECKPOINT_URL ({load().checkpoint_url})",
        remedy="Name a file that can be written; a new one is made.",
    )
