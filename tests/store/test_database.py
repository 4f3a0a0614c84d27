"""Transactions, what engines forget, and what happens when the store is away."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Cluster
from tests.store.conftest import start
from tools.core.errors import SettingsError, UnreachableError
from tools.store import Store, close_stores, connect, database, open_store, runs


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the store give up at once."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(database, "WAITS", (0.01,))


def test_times_come_back_aware_in_utc(store: Store) -> None:
    """A time keeps its instant and its microseconds, and comes back in UTC."""
    moment = datetime(2025, 3, 1, 1, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    runs.pause(store, start(store), attempts=1, next_try_at=moment, error="away")
    next_try = runs.get(store, "r1").next_try_at
    assert (next_try, next_try and next_try.tzinfo) == (moment, UTC)


def test_a_naive_time_is_refused(store: Store) -> None:
    """A time without a zone is a programmer's error."""
    start(store)
    with pytest.raises(Exception, match="naive time"):
        runs.pause(store, "r1", attempts=1, next_try_at=datetime(2025, 3, 1), error="")  # noqa: DTZ001 - the point


def test_text_that_no_engine_keeps_is_replaced(store: Store) -> None:
    """A NUL or a broken surrogate out of somebody's books does not stop a write."""
    start(store)
    assert runs.record(store, "r1", error="a\x00b\ud800c\U0001f600").error == "a\x00b\ud800c\U0001f600"
    with store.read() as session:
        session.expire_all()
    assert runs.get(store, "r1").error == "a\ufffdb\ufffdc\U0001f600"


def test_a_transaction_is_all_or_nothing(store: Store) -> None:
    """What is called inside a transaction joins it, and goes with it when it fails."""

    def fail() -> None:
        with store.begin():
            start(store)
            assert runs.get(store, "r1").status == "open"
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert runs.list_runs(store) == []


def test_one_store_a_process(url: str) -> None:
    """The same URL gives the same store until it is closed."""
    first = open_store(url)
    assert open_store(url) is first
    close_stores()
    assert open_store(url) is not first
    close_stores()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "nonsense"])
def test_what_is_no_store_is_refused(url: str) -> None:
    """The message says what to write instead, and keeps a password to itself."""
    with pytest.raises(SettingsError, match="Use sqlite:///path") as caught:
        connect(url)
    assert "secret" not in str(caught.value)


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    """Another file under the store's name is named, not overwritten."""
    path = tmp_path / "notes.db"
    path.write_text("these are my notes" * 100)
    with pytest.raises(SettingsError, match="the store is no database"):
        open_store(f"sqlite:///{path}")
    assert path.read_text().startswith("these are my notes")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """The store needs a folder; the error says which."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="file: cannot make its folder"):
        open_store(f"sqlite:///{tmp_path / 'file' / 't.db'}")


@pytest.mark.usefixtures("short_waits")
def test_a_locked_store_is_unreachable(tmp_path: Path) -> None:
    """When another holds the lock too long, the error says that it is worth another try."""
    path = tmp_path / "t.db"
    store = open_store(f"sqlite:///{path}")
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnreachableError, match=r"database is locked\. Try again when it is back"):
        start(store)
    holder.execute("COMMIT")
    holder.close()
    assert start(store) == "r1"
    store.close()


@pytest.mark.usefixtures("short_waits")
def test_a_server_that_is_away_is_unreachable() -> None:
    """Nobody listens: one sentence, without the password."""
    with pytest.raises(UnreachableError, match="locked or away") as caught:
        open_store("postgresql://tieout:secret@127.0.0.1:9/tieout")
    assert "secret" not in str(caught.value)


def test_a_lost_connection_is_unreachable_and_the_next_one_works(postgres: Cluster, migrated: str) -> None:
    """A server that restarts in the middle of a transaction loses it whole; the store goes on after."""
    name = postgres.create(migrated)
    store = open_store(postgres.url(name))

    def cut_off() -> None:
        with store.begin():
            start(store)
            with psycopg.connect(
                f"host=127.0.0.1 port={postgres.port} user=tieout dbname=postgres"
            ) as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
                )
            runs.get(store, "r2")

    with pytest.raises(UnreachableError, match="locked or away"):
        cut_off()
    assert runs.list_runs(store) == []
    assert start(store) == "r1"
    store.close()
    postgres.drop(name)


def test_a_client_that_stalls_amid_a_transaction_loses_it(
    postgres: Cluster, migrated: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its locks go to whoever waits for them, nothing that it wrote stands, and it can begin anew."""
    monkeypatch.setattr("tools.store.database.STALLED_SECONDS", 1)
    name = postgres.create(migrated)
    store, other = open_store(postgres.url(name)), connect(postgres.url(name))

    def stall() -> None:
        with store.begin() as session:
            start(store)
            database.lock(session, "both")
            with other.begin() as second:
                database.lock(second, "both")
            runs.get(store, "r1")

    with pytest.raises(UnreachableError, match="idle-in-transaction"):
        stall()
    assert runs.list_runs(store) == []
    assert start(store) == "r1"
    for each in (store, other):
        each.close()
    postgres.drop(name)
