"""Migrations: complete, once, and only forward."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, DateTime, Float, Integer, MetaData, Numeric, String, Table, inspect, text
from sqlalchemy.types import TypeEngine

from tests.postgres import Cluster
from tests.store.conftest import KEY, start
from tests.store.test_flags import flag
from tools.approvals import requests
from tools.core.digest import digest
from tools.core.errors import SettingsError
from tools.store import Store, database, flags, open_store, outbox, runs
from tools.store.migrate import HEAD, MIGRATIONS, upgrade
from tools.store.models import metadata

TRIGGERS = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
}
OPEN = """
import sys
from tools.store import open_store, runs
store = open_store(sys.argv[1])
runs.start_audit(store, thread_id=sys.argv[2], started_by="dana", run_id=sys.argv[2])
"""


def test_the_tables_are_those_of_the_models(store: Store) -> None:
    """Migrating from nothing gives exactly what the models declare."""
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []


def test_a_new_store_is_what_all_migrations_come_to(url: str, tmp_path: Path, postgres: Cluster) -> None:
    """Tables made at once have the columns, keys, indexes and triggers of those that were migrated."""
    sqlite = url.startswith("sqlite")
    migrated = _migrated(f"sqlite:///{tmp_path / 'old.db'}" if sqlite else postgres.url(postgres.create()))
    new = database.connect(url)
    assert _schema(new) == _schema(migrated)
    new.close()
    migrated.close()


def _schema(store: Store) -> dict[str, list[str]]:
    with store.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, metadata()) == []
        seen = inspect(session.connection())
        schema = {
            table: sorted(
                str(part)
                for parts in (
                    [{**column, "comment": None, "default": None} for column in seen.get_columns(table)],
                    [seen.get_pk_constraint(table)["constrained_columns"]],
                    [_texts(index) for index in seen.get_indexes(table)],
                    seen.get_unique_constraints(table),
                    seen.get_check_constraints(table),
                    seen.get_foreign_keys(table),
                )
                for part in parts
            )
            for table in seen.get_table_names()
        }
        query = TRIGGERS[session.connection().dialect.name]
        schema["triggers"] = sorted(" ".join(str(row).split()) for row in session.execute(text(query)))
        schema["version"] = list(session.scalars(text("SELECT version_num FROM alembic_version")))
    return schema


def _texts(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an index says; SQLAlchemy's own texts do not compare."""
    return {name: _texts(value) if isinstance(value, dict) else str(value) for name, value in parts.items()}


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


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.exhaustive)])
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
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", OPEN, url, f"r{number}"],
            env=environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    errors = [process.communicate(timeout=60)[1] for process in processes]
    assert errors == [""] * 3
    store = open_store(url)
    assert len(runs.list_runs(store)) == 3
    store.close()


def _at(path: Path, version: str) -> Store:
    """Make a store as an older version of this code left it."""
    return _migrated(f"sqlite:///{path}", version)


def _migrated(url: str, version: str = "head") -> Store:
    store = database.connect(url)  # without the seals, of which it knew nothing
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    with store.begin() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, version)
    return store


def _opened_now(store: Store) -> Store:
    store.close()
    return open_store(f"sqlite:///{store.url.database}")


def _fill(store: Store, table: str, **values: object) -> None:
    """Write a row as an older version had it: what is not named is empty."""
    with store.begin() as session:
        reflected = Table(table, MetaData(), autoload_with=session.connection(), resolve_fks=False)
        row = {c.name: _empty(c.type) for c in reflected.columns if not c.nullable}
        session.execute(reflected.insert(), row | values)


def _empty(kind: TypeEngine[Any]) -> object:
    # Not by what a type gives in Python alone: SQLite's dates are naive there.
    values: tuple[tuple[type, object], ...] = (
        (String, ""),
        (Integer, 0),
        (JSON, {}),
        (DateTime, datetime(2025, 3, 1, 12, tzinfo=UTC)),
        (Numeric, 0.5),
        (Float, 0.5),
    )
    return next(value for of_type, value in values if isinstance(kind, of_type))


def test_flags_keep_their_ids_when_fingerprints_take_in_the_entity(tmp_path: Path) -> None:
    """What an older version raised is known to this one, under the id that the trail names."""
    store = _at(tmp_path / "tieout.db", "0006")
    _fill(store, "run", run_id="r1", thread_id="r1", entity="North Ltd", status="closed")
    old = {"tests": [], "documents": [], "severity": "WARNING", "risk": "HIGH", "status": "proposed"}
    _fill(store, "flag", flag_id="f1", run_id="r1", row_key="k1", fingerprint="a" * 64, **old)
    store = _opened_now(store)
    start(store, "r2", entity="North Ltd")
    now = digest(["North Ltd", "a" * 64])
    assert flags.propose(store, "r2", [flag(1, fingerprint=now)]) == flags.Proposed([], ["f1"])
    store.close()


def test_runs_requests_and_notices_of_an_older_store_are_carried_over(tmp_path: Path) -> None:
    """A run that waited still waits for the same; a round of feedback is a run, and its notice its own."""
    store = _at(tmp_path / "tieout.db", "0007")
    _fill(store, "run", run_id="r1", thread_id="t1", entity="North Ltd", status="waiting", started_by="riley")
    payload = {"reasons": ["1 flag waits"], "subjects": [{"subject": "c1"}], "flags": {"c1": ["f1"]}}
    needs, barred = {"f1": 2, "rules": 2}, {"f1": ["riley"]}
    approval = {"request_id": "r1-flags-1", "run_id": "r1", "kind": "flags", "attempt": 1, "status": "open"}
    _fill(store, "approval", **approval, payload=payload, needs=needs, barred=barred, risk="CRITICAL")
    decision = {"request_id": "r1-flags-1", "subject": "c1", "verdict": "approve", "by": "dana"}
    _fill(store, "decision", **decision, decision_id=7)
    notice = {"recipient": "seniors", "status": "queued", "run_id": "r1"}
    _fill(store, "outbox", message_id="m1", kind="ask-flags-1", **notice)
    _fill(store, "outbox", message_id="m2", kind="ask-feedback-rnd1", **notice)
    details = {"thread_id": "feedback-1", "barred": ["riley"]}
    _fill(
        store, "proposal", proposal_id="p1", round_id="rnd1", status="open", kind="suppress", details=details
    )
    store = _opened_now(store)
    run = runs.audit(store, "r1")
    assert (run.graph, run.entity, run.status) == ("audit", "North Ltd", "waiting")
    ballot = requests.ballot(store, "r1-flags-1")
    assert ballot.counts()["f1"].votes == {"approve": ["dana"]}
    assert ballot.barred("f1") == {"riley": "started"}
    assert {(m.message_id, m.origin_id) for m in outbox.pending(store)} == {("m1", "r1"), ("m2", "rnd1")}
    assert (runs.get(store, "rnd1").graph, runs.get(store, "rnd1").thread_id) == ("feedback", "feedback-1")
    changes = requests.open_for(store, "rnd1")
    assert changes is not None
    assert requests.ballot(store, changes.request_id).barred("p1") == {"riley": "reviewed"}
    requests.decide(store, "r1-flags-1", {"c1": "approve"}, by="omar", roles=["approver"])
    assert requests.ballot(store, "r1-flags-1").counts()["f1"].by == ("dana", "omar")
    store.close()
