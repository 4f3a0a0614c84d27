"""A checkpointer from CHECKPOINT_URL: SQLite by default, PostgreSQL in production."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path

from langgraph.checkpoint.base import BaseCheckpointSaver
from sqlalchemy import make_url

from graph.runtime.checkpoint_order import ordered
from graph.runtime.compressed_serde import Compressed
from tools.core.errors import RunError, SettingsError
from tools.core.settings import load
from tools.store import failures

_SQLITE = "sqlite:///"


@contextmanager
def open_checkpointer(url: str | None = None) -> Iterator[BaseCheckpointSaver[str]]:
    """Open the checkpointer for `invoke` and `stream`. Raises SettingsError for an unknown scheme."""
    address = url or load().checkpoint_url
    saver = _postgres_saver if address.startswith("postgresql") else _sqlite_saver
    with _reached(address), saver(address) as opened:
        yield opened


def require_checkpoint(thread_id: str) -> None:
    """Raise RunError where a thread that was begun has no checkpoint any more."""
    with open_checkpointer() as checkpointer:
        if checkpointer.get_tuple({"configurable": {"thread_id": thread_id}}) is None:
            raise no_checkpoint(thread_id)


def no_checkpoint(thread_id: str) -> RunError:
    """Say that a thread's checkpoints are gone, and what helps."""
    return RunError(
        f"no checkpoint of this run is kept in {_place(load().checkpoint_url)}: it was removed, or was begun"
        " with another CHECKPOINT_URL.",
        place=thread_id,
        remedy="Put it back from a backup, or name the right one; else give the run up: tieout abandon RUN.",
    )


@contextmanager
def _sqlite_saver(address: str) -> Iterator[BaseCheckpointSaver[str]]:
    from langgraph.checkpoint.sqlite import SqliteSaver

    with closing(sqlite3.connect(_file(address), check_same_thread=False, timeout=30)) as connection:
        _durable(connection)
        yield ordered(SqliteSaver)(connection, serde=Compressed())


@contextmanager
def _reached(address: str) -> Iterator[None]:
    """Say of what a driver raises which setting names it, and what helps."""
    try:
        yield
    except Exception as error:
        if not _of_a_driver(error):
            raise
        failure = failures.of(
            error, f"setting CHECKPOINT_URL ({_place(address)})", "the checkpoints' database"
        )
        if failure is None:
            raise
        raise failure from error


def _of_a_driver(error: Exception) -> bool:
    """Say whether an error is the checkpointer's own: the store's come wrapped by SQLAlchemy."""
    psycopg = sys.modules.get("psycopg")
    return isinstance(error, sqlite3.Error) or (psycopg is not None and isinstance(error, psycopg.Error))


def _place(address: str) -> str:
    return make_url(address).render_as_string(hide_password=True)


@asynccontextmanager
async def server_checkpointer() -> AsyncIterator[BaseCheckpointSaver[str]]:
    """Open the checkpointer for LangGraph Server: named in langgraph.json."""
    address = load().checkpoint_url
    with _reached(address):
        async with _asynchronous(address) as saver:
            yield saver


@asynccontextmanager
async def _asynchronous(address: str) -> AsyncIterator[BaseCheckpointSaver[str]]:
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
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


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
