"""The whole path with store and checkpoints in a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.runtime import session
from graph.runtime.session import ThreadState
from tests.graph.small import TOKENS
from tests.postgres import Cluster
from tools.core import settings
from tools.store import flags, open_store, trail


@pytest.fixture
def database(postgres: Cluster, monkeypatch: pytest.MonkeyPatch, books: Path) -> Iterator[Path]:
    """Put the desk of small books into a database of its own."""
    names = postgres.create(), postgres.create()
    monkeypatch.setenv("DATABASE_URL", postgres.url(names[0]))
    monkeypatch.setenv("CHECKPOINT_URL", postgres.url(names[1]))
    yield books
    for name in names:
        postgres.drop(name)


def test_a_run_is_approved_in_postgresql(database: Path) -> None:
    """Started, left, looked at, answered by two people and closed; the trail verifies."""
    standing = session.start({"sources": str(database)}, thread_id="pg", token=TOKENS["riley"])
    for user in ("dana", "omar"):
        standing = session.answer("pg", _approvals(standing), token=TOKENS[user])
    assert (standing.asked, standing.values["outcome"]) == (None, "flagged")
    store = open_store(settings.load().database_url)
    assert {flag.status for flag in flags.find(store, limit=1000)} - {"noted"} == {"approved"}
    assert trail.verify(store) == []


def _approvals(standing: ThreadState) -> list[dict[str, object]]:
    assert standing.asked is not None
    subjects = [action["args"]["subject"] for action in standing.asked["action_requests"]]
    return [{"type": "approve", "subject": name} for name in subjects]
