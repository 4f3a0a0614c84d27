"""Machines whose clocks differ decide on one run: what came later in the store is later."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, write_books
from tests.postgres import Cluster
from tests.processes import run_process
from tools.core import settings
from tools.store import open_store, runs

LETTER = {"TIEOUT_GRAPHS": '["tests.letter_graph:ENTRY"]'}
BEHIND = 90 * 1_000_000_000  # nanoseconds


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a desk that knows the letter's graph."""
    values = settings_of(tmp_path) | LETTER
    if request.param == "postgresql":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.url(cluster.create())
        values |= {"DATABASE_URL": url, "CHECKPOINT_URL": url}
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    write_books(tmp_path)
    yield tmp_path
    open_store(settings.load().database_url).close()


def _approve_behind(user: str) -> None:
    now = time.time_ns
    with patch("langgraph.checkpoint.base.id.time.time_ns", lambda: now() - BEHIND):
        session.answer("apart", [{"type": "approve"}], token=TOKENS[user])


def test_a_signer_whose_clock_is_behind_is_heard(desk: Path) -> None:
    """The first signature comes from a machine a minute and a half behind; the second ends the run."""
    run_id = session.start({}, graph="letter", thread_id="apart", token=TOKENS["riley"]).run_id
    signed = run_process(_approve_behind, "dana", cwd=desk, environment=dict(os.environ))
    assert signed.returncode == 0, signed.stderr
    waiting = session.look("apart")
    assert waiting.asked is not None
    assert waiting.asked["action_requests"][0]["args"]["signed"] == ["dana: approve"]
    session.answer("apart", [{"type": "approve"}], token=TOKENS["omar"])
    assert runs.get(open_store(settings.load().database_url), run_id).outcome == "approve"
