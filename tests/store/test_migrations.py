"""Migrations: complete, once, and only forward."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.postgres import Cluster
from tests.store.conftest import KEY, start
from tests.store.test_flags import flag
from tools.core.digest import digest
from tools.core.errors import SettingsError
from tools.store import Store, connect, flags, open_store, runs, windows
from tools.store.columns import Base
from tools.store.migrate import HEAD, MIGRATIONS, upgrade
from tools.store.migrations.versions import v0007_fingerprints_by_entity

OPEN = """
import sys
from tools.store import open_store, runs
store = open_store(sys.argv[1])
runs.start(store, thread_id=sys.argv[2], started_by="dana", run_id=sys.argv[2])
"""


def test_the_tables_are_those_of_the_models(store: Store) -> None:
    """Migrating from nothing gives exactly what the models declare."""
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_the_head_is_the_newest_migration() -> None:
    """What the code takes for the newest version is the newest file."""
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_migrations_ship_in_the_package() -> None:
    """They lie inside the package, where a wheel carries them."""
    folder = resources.files("tools.store") / "migrations"
    assert {"env.py", "script.py.mako", "versions"} <= {entry.name for entry in folder.iterdir()}


def test_opening_again_changes_nothing(store: Store) -> None:
    """A store that is up to date is left alone."""
    upgrade(store)
    upgrade(store)
    assert runs.list_runs(store) == []


def test_a_newer_store_is_refused(store: Store) -> None:
    """A store that a later version of the code wrote is not touched."""
    with store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SettingsError, match=r"version 9999.*Upgrade tieout"):
        upgrade(store)


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_processes_may_open_a_new_store_together(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """First opens at the same moment make the tables once, and all of them work."""
    if engine == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'tieout.db'}"
    else:
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create())
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "TIEOUT_TRAIL_KEY": KEY}
    started = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN, url, f"r{number}"],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    told = [process.communicate(timeout=60)[1] for process in started]
    assert told == [""] * 3
    store = open_store(url)
    assert len(runs.list_runs(store)) == 3
    store.close()


def test_flags_keep_their_ids_when_fingerprints_take_in_the_entity(tmp_path: Path) -> None:
    """What an older version raised is known to this one, under the id that the trail names."""
    store = connect(f"sqlite:///{tmp_path / 'tieout.db'}")
    upgrade(store)
    start(store, entity="North Ltd")
    (flag_id,) = flags.propose(store, "r1", [flag(1, fingerprint="a" * 64)]).new
    with store.begin() as session, Operations.context(MigrationContext.configure(session.connection())):
        v0007_fingerprints_by_entity.upgrade()
    windows.close(store, "r1", outcome="flagged")
    start(store, "r2", entity="North Ltd")
    now = digest(["North Ltd", "a" * 64])
    assert flags.propose(store, "r2", [flag(1, fingerprint=now)]) == flags.Proposed([], [flag_id])
    store.close()
