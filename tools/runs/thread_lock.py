"""One runner a thread: a lock that ends with the process that has it, across machines on PostgreSQL."""

from __future__ import annotations

import fcntl
import hashlib
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tools.core.errors import RunError, SettingsError, UnreachableError
from tools.core.settings import Settings
from tools.store import Store, connect

POLL = 0.1  # seconds between looks at a locked file
_LOCKS = "locks"
_MOST_NAME = 63  # PostgreSQL cuts an application's name
_LOCK_TIMEOUT = "55P03"  # SQLSTATE lock_not_available
# A machine that loses its power says no goodbye: the server finds out within a minute.
_SESSION = (
    "SET tcp_keepalives_idle = 20",
    "SET tcp_keepalives_interval = 10",
    "SET tcp_keepalives_count = 3",
    "SET idle_session_timeout = 0",
)
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    " WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low LIMIT 1"
)


class BusyThreadError(RunError):
    """Another runner has the thread: it is worth another try when that one has ended.

    holder: "pid 12 on machine"; "" where nobody knows.
    """

    def __init__(self, message: str, *, place: str = "", remedy: str = "", holder: str = "") -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.holder = holder


@contextmanager
def thread_lock(settings: Settings, thread_id: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock of a thread: concurrent runners of one thread lose updates without an error.

    On SQLite a locked file beside the store; on PostgreSQL an advisory lock on a connection of its own.
    Either ends when the process dies. Raises BusyThreadError when another runner has it for longer than
    `wait_seconds`, UnreachableError when PostgreSQL is away, SettingsError when no file can be made.
    """
    store = connect(settings.database_url)
    try:
        lock = _file_lock if store.dialect == "sqlite" else _session_lock
        with lock(store, thread_id, wait_seconds):
            yield
    finally:
        store.close()


@contextmanager
def _file_lock(store: Store, thread_id: str, wait_seconds: float) -> Iterator[None]:
    path = store.folder / _LOCKS / hashlib.sha256(thread_id.encode()).hexdigest()[:32]
    descriptor = _open_lock(path)
    try:
        end = time.monotonic() + wait_seconds
        while not _flocked(descriptor):
            if time.monotonic() >= end:
                raise _busy(thread_id, os.pread(descriptor, 200, 0).decode(errors="replace"))
            time.sleep(POLL)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, _signature().encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _open_lock(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise SettingsError(
            f"a run's lock cannot be made there: {error.strerror}.",
            place=str(path.parent),
            remedy="Make the folder of DATABASE_URL writable, or name another.",
        ) from None


def _flocked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _session_lock(store: Store, thread_id: str, wait_seconds: float) -> Iterator[None]:
    key = int.from_bytes(hashlib.sha256(f"runner:{thread_id}".encode()).digest()[:8], signed=True)
    connection = _session(store)
    try:
        if not _locked(connection, key, wait_seconds):
            raise _busy(thread_id, _holder(connection, key))
        yield
    finally:
        connection.invalidate()  # closed, not given back: the lock ends with its session
        connection.close()


def _session(store: Store) -> Connection:
    try:
        connection = store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        for statement in _SESSION:
            connection.exec_driver_sql(statement)
        name = f"tieout {_signature()}"[:_MOST_NAME]
        connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
    except (DBAPIError, PoolTimeoutError) as error:
        cause = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()[0]
        raise UnreachableError(
            f"away: {cause}.", place=f"store {store.place}", remedy="Try again when it is back."
        ) from None
    return connection


def _locked(connection: Connection, key: int, wait_seconds: float) -> bool:
    if connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one():
        return True
    if wait_seconds <= 0:
        return False
    timeout = f"{max(1, round(wait_seconds * 1000))}ms"
    connection.execute(text("SELECT set_config('lock_timeout', :timeout, false)"), {"timeout": timeout})
    try:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != _LOCK_TIMEOUT:
            raise
        return False
    return True


def _holder(connection: Connection, key: int) -> str:
    unsigned = key & 0xFFFF_FFFF_FFFF_FFFF
    name = connection.execute(_HOLDER, {"high": unsigned >> 32, "low": unsigned & 0xFFFF_FFFF}).scalar()
    return str(name or "").removeprefix("tieout ")


def _signature() -> str:
    return f"pid {os.getpid()} on {socket.gethostname()}"


def _busy(thread_id: str, holder: str) -> BusyThreadError:
    name = f" ({holder})" if holder else ""
    return BusyThreadError(
        f"another process{name} is working on this run.", place=thread_id,
        remedy="Wait until it has ended.", holder=holder,
    )  # fmt: skip


def holder_of(settings: Settings, thread_id: str) -> str | None:
    """Say which process works on a thread, "pid 12 on machine"; None where none does."""
    try:
        with thread_lock(settings, thread_id):
            return None
    except BusyThreadError as busy:
        return busy.holder or "a process"
