"""A whole audit with a model raises the flags that it raises without one; only the words differ."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from graph.runtime import session
from tests.graph.small import settings_of, write_books
from tests.honest_model import model
from tests.openai_server import serve
from tests.waiting_desk import copy_waiting_desk
from tools.core import settings
from tools.store import flags, open_store, trail


def _audit(
    folder: Path, monkeypatch: pytest.MonkeyPatch, model: dict[str, str]
) -> tuple[str, list[dict[str, Any]]]:
    sources = write_books(folder)
    for name, value in {**settings_of(folder), **model}.items():
        monkeypatch.setenv(name, value)
    standing = session.start({"sources": str(sources)}, thread_id=f"audit-{folder.name}")
    store = open_store(settings.load().database_url)
    run_id = standing.values["run_id"]
    return run_id, [flag.as_dict() for flag in flags.find(store, run_id=run_id)]


def _substance(flag_rows: list[dict[str, Any]]) -> list[list[Any]]:
    same = ("fingerprint", "severity", "risk", "score", "confidence", "exposure_minor", "tests", "documents")
    rows = [[*(flag[name] for name in same), flag["components"]["steps"]] for flag in flag_rows]
    return sorted(rows, key=str)


def test_only_the_words_differ_and_each_call_is_on_the_trail(
    waiting_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Severity, score, risk and what was found are the same to the flag."""
    plain_store = open_store(copy_waiting_desk(waiting_desk, tmp_path / "plain")["DATABASE_URL"])
    plain = [flag.as_dict() for flag in flags.find(plain_store)]
    with serve(then=model) as server:
        named = {"TIEOUT_MODEL": "small", "TIEOUT_MODEL_BASE_URL": server.url}
        run_id, worded = _audit(tmp_path / "worded", monkeypatch, named)
    assert _substance(plain) == _substance(worded)
    assert {flag["explanation"] for flag in plain} != {flag["explanation"] for flag in worded}
    store = open_store(settings.load().database_url)
    calls = [entry for entry in trail.entries(store, run_id) if entry["action"] == "model call"]
    purposes = Counter(call["details"]["purpose"] for call in calls)
    assert purposes == {"explain_case": 1, "investigate_case": 18}  # 2 cases, 3 observers, 3 turns
    assert {call["details"]["outcome"] for call in calls} == {"ok"}
    assert trail.spent(store, run_id).tokens_in > 0
