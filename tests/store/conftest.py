"""A store for each test: the same tests on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster
from tests.postgres_copies import Copies
from tools.store import Store, connect, open_store, runs, upgrade

KEY = "a key for tests only"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIEOUT_TRAIL_KEY", KEY)
    monkeypatch.setenv("TIEOUT_TRAIL_ANCHOR", f"{tmp_path}/")  # beside a SQLite store, as without it


@pytest.fixture(scope="session")
def migrated(postgres: Cluster) -> str:
    """Give a PostgreSQL database with our tables, to be copied."""
    name = postgres.create()
    _migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def copies(postgres: Cluster, migrated: str) -> Copies:
    """Give copies of that database, used by one test after another."""
    return Copies.of(postgres, migrated)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite file with our tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "tieout.db"
    _migrate(f"sqlite:///{path}")
    return path


def _migrate(url: str) -> None:
    store = connect(url)
    upgrade(store)
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of a store with our tables and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "tieout.db")
        yield f"sqlite:///{tmp_path / 'tieout.db'}"
        return
    databases: Copies = request.getfixturevalue("copies")
    name = databases.lend()
    yield databases.cluster.url(name)
    databases.take_back(name)


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give an open store."""
    opened = open_store(url)
    yield opened
    opened.close()


def start(store: Store, run_id: str = "r1", *, thread_id: str = "", entity: str = "E") -> str:
    """Start a run under a name."""
    thread_id = thread_id or run_id
    return runs.start_audit(
        store, thread_id=thread_id, started_by="dana", run_id=run_id, entity=entity
    ).run_id
