"""Rules that a caller brings may look, but close and approve nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.runtime import session
from graph.runtime.session import ThreadState
from tests.desk.shell import tieout
from tests.graph.small import TOKENS, settings_of
from tools.core import settings
from tools.rules.severity import DEFAULT_FLOORS
from tools.store import Store, flags, open_store, runs, windows

BLIND: dict[str, Any] = {
    "severity": {
        "bands": {"critical": 100, "warning": 99, "info": 98},
        "floors": {family: [] for family in DEFAULT_FLOORS},
    }
}
OURS = "Small Books Ltd"


def _store() -> Store:
    return open_store(settings.load().database_url)


def _start(books: Path, rules: dict[str, Any] | None, thread: str) -> ThreadState:
    inputs = {"sources": str(books)}
    if rules is not None:
        path = books.with_name(f"{thread}.yaml")
        path.write_text(yaml.safe_dump(rules), encoding="utf-8")
        inputs["rules"] = str(path)
    return session.start(inputs, thread_id=thread, token=TOKENS["dana"])


def _approve(standing: ThreadState, user: str) -> ThreadState:
    assert standing.asked is not None
    subjects = [action["args"]["subject"] for action in standing.asked["action_requests"]]
    decisions = [{"type": "approve", "subject": name} for name in subjects]
    return session.answer(standing.thread_id, decisions, token=TOKENS[user])


def _assert_everything_says_so(folder: Path, run_id: str) -> None:
    """Look at the runs' list, the run's page as text and JSON, and the weekly report."""
    desk = settings_of(folder)
    (row,) = json.loads(tieout("runs", "--json", cwd=folder, **desk).stdout)
    assert row["other_rules"] == str(folder / "blind.yaml")
    assert "under other rules" in row["outcome"]
    assert "under other rules" in " ".join(tieout("runs", cwd=folder, **desk).stdout.split())
    page_text = tieout("show", run_id, cwd=folder, **desk).stdout
    assert "blind.yaml" in page_text
    assert "under other rules" in page_text
    page = json.loads(tieout("show", run_id, "--json", cwd=folder, **desk).stdout)
    assert page["run"]["other_rules"] == row["other_rules"]
    report = json.loads(tieout("report", "--json", cwd=folder, **desk).stdout)
    assert any("under other rules" in outcome for outcome in report["runs"]["by_outcome"])
    assert report["transactions"]["count"] == 0


def test_a_blind_rules_file_closes_nothing_and_approves_nothing(books: Path, tmp_path: Path) -> None:
    """Bands of 100, 99 and 98 ask nobody; no watermark moves, no flag stands, and the desk's run asks all.

    Until then everything says whose rules they were.
    """
    blind = _start(books, BLIND, "blind")
    assert blind.asked is None
    assert "under other rules" in blind.values["outcome"]
    assert "clean" not in blind.values["outcome"]
    assert windows.watermarks(_store(), OURS) == {}
    assert flags.find(_store(), status="approved") == []
    _assert_everything_says_so(tmp_path, blind.run_id)
    ours = _start(books, None, "ours")
    assert ours.values["merged"]["rows_in_window"] == blind.values["merged"]["rows_in_window"]
    assert ours.asked is not None
    assert {action["args"]["risk"] for action in ours.asked["action_requests"]} >= {"CRITICAL"}


@pytest.mark.exhaustive
def test_rules_that_say_what_the_desk_s_say_are_the_desk_s(books: Path) -> None:
    """A copy of the desk's rules judges as they do; who has to approve is not the copy's to say."""
    standing = _start(books, {"approval": {"quorum": {"CRITICAL": 2, "HIGH": 1}}}, "copy")
    assert runs.get(_store(), standing.run_id).counts.get("other_rules") is None


@pytest.mark.exhaustive
def test_under_other_rules_every_flag_is_signed_as_the_gravest(books: Path) -> None:
    """Whoever brought rules that call all of it WARNING neither signs it nor finds one who does it alone."""
    lenient = {"severity": {"bands": {"critical": 100, "warning": 40, "info": 1}}}
    standing = _start(books, lenient, "lenient")
    assert standing.asked is not None
    assert "other rules" in standing.asked["reasons"][0]
    assert "started this run" in str((_approve(standing, "dana").asked or {})["notice"])
    assert _approve(standing, "omar").asked is not None


@pytest.mark.exhaustive
@pytest.mark.parametrize("rules", [BLIND, {"tests": {"duplicate_payment": {"enabled": False}}}])
def test_its_window_is_audited_whole_by_the_next_run(books: Path, rules: dict[str, Any]) -> None:
    """The desk's run reads every row as new: none counts as audited by the run under other rules."""
    first = _start(books, rules, "other")
    for user in ("omar", "alma"):
        first = _approve(first, user) if first.asked is not None else first
    assert first.asked is None
    ours = _start(books, None, "ours")
    assert ours.values["merged"]["rows_in_window"] == first.values["merged"]["rows_in_window"]
