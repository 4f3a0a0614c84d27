"""The store as an open database: its connections, its transactions, what happens when it is away."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from tools.core.clock import clock
from tools.core.errors import SettingsError
from tools.store import failures

BUSY_SECONDS = 10  # how long to wait for what another holds
STALLED_SECONDS = 60  # after which a client that says nothing in a transaction has lost it, and its locks
WAITS = (0.1, 0.3, 0.9)  # seconds between tries to reach the store; longer waits are the graph's


class Store:
    """An open store. Share it between threads; each thread has its own transactions."""

    def __init__(self, url: URL, engine: Engine) -> None:
        self.url, self.engine = url, engine
        self.secret: bytes | None = None  # the trail's key, once tools.trail has read it
        self.anchor_path: Path | None = None  # of the trail, once tools.store.anchor has looked it up
        self.writers = sessionmaker(engine.execution_options(write=True), expire_on_commit=False)
        self._read = sessionmaker(_snapshots(engine), expire_on_commit=False)
        self._here = threading.local()

    @property
    def dialect(self) -> str:
        """Give "sqlite" or "postgresql"."""
        return self.engine.dialect.name

    @property
    def place(self) -> str:
        """Give the URL without its password."""
        return self.url.render_as_string(hide_password=True)

    @property
    def folder(self) -> Path:
        """Give the folder of a SQLite store; for a server, the desk's own folder here."""
        return Path(self.url.database or "").parent if self.dialect == "sqlite" else Path(".tieout")

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction that commits at the end, or join the one that this thread is in.

        Raises UnreachableError when the store is locked or away for longer than a few tries.
        """
        yield from self._transaction("writing", self.writers)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction for reading, or join the one that this thread is in."""
        kind = "writing" if getattr(self._here, "writing", None) else "reading"
        yield from self._transaction(kind, self._read)

    def _transaction(self, kind: str, make: sessionmaker[Session]) -> Iterator[Session]:
        joined: Session | None = getattr(self._here, kind, None)
        if joined is not None:
            yield joined
            return
        with _reached(self.place), make() as session:
            _patiently(session.connection, session.rollback)
            setattr(self._here, kind, session)
            try:
                yield session
                session.commit()
            finally:
                setattr(self._here, kind, None)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _snapshots(engine: Engine) -> Engine:
    """Give the engine for reading: all that one transaction reads is of one moment, as on SQLite."""
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def connect(url: str) -> Store:
    """Make a store for a URL without touching its tables.

    Raises SettingsError for a URL that is neither SQLite in a file nor PostgreSQL.
    """
    parsed = _parsed(url)
    if parsed.get_backend_name() == "sqlite":
        return Store(parsed, _sqlite(parsed))
    try:
        return Store(parsed, create_engine(parsed, pool_pre_ping=True, connect_args=_limits(parsed)))
    except ImportError:
        raise SettingsError(
            "the driver for PostgreSQL is not installed.",
            place="DATABASE_URL",
            remedy="Run: pip install 'tieout[postgresql]'.",
        ) from None


def lock(session: Session, name: str) -> None:
    """Hold a named lock until the transaction ends. On SQLite a writer holds the only one already."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise _refused(url) from None
    if parsed.drivername in {"postgres", "postgresql"}:
        return parsed.set(drivername="postgresql+psycopg")
    named = parsed.database not in {None, "", ":memory:"}
    if parsed.drivername == "postgresql+psycopg" or (parsed.drivername == "sqlite" and named):
        return parsed
    raise _refused(parsed.render_as_string(hide_password=True))


def _limits(url: URL) -> dict[str, Any]:
    """Bound what a server may keep us waiting for, and we it; what the URL says itself stands.

    A machine that is stopped or cut off amid a transaction keeps the others from their rows no longer.
    """
    options = {
        "lock_timeout": f"{BUSY_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{STALLED_SECONDS}s",
        "tcp_keepalives_idle": "20",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
    }
    spelled = " ".join(f"-c {name}={value}" for name, value in options.items())
    limits = {"connect_timeout": "5", "options": spelled}
    return {name: value for name, value in limits.items() if name not in url.query}


def _refused(url: str) -> SettingsError:
    return SettingsError(
        f"'{url}' is not a store.",
        place="DATABASE_URL",
        remedy="Use sqlite:///path/to/file.db or postgresql+psycopg://user@host/database.",
    )


def _sqlite(url: URL) -> Engine:
    path = Path(url.database or "")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"cannot make its folder: {error}", place=str(path.parent)) from None
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, record: object) -> None:  # noqa: ANN401 - a raw sqlite3 connection
    del record
    connection.isolation_level = None  # BEGIN is ours to say: a writer takes its lock first
    # Switching a new file to WAL does not wait for another process that does the same.
    _patiently(lambda: connection.execute("PRAGMA journal_mode = WAL"))
    for pragma in ("synchronous = FULL", "foreign_keys = ON", "recursive_triggers = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _patiently(act: Callable[[], object], undo: Callable[[], object] = lambda: None) -> None:
    for wait in WAITS:
        try:
            act()
        except failures.AWAY:
            undo()
            clock().sleep(wait)
        else:
            return
    act()


@contextmanager
def _reached(place: str) -> Iterator[None]:
    try:
        yield
    except (DBAPIError, sqlite3.Error, *failures.AWAY) as error:
        failure = failures.of(error, f"store {place}")
        if failure is None:
            raise
        raise failure from error
    except (ValueError, TypeError) as error:
        failure = failures.unreadable(error, f"store {place}")
        if failure is None:
            raise
        raise failure from error
