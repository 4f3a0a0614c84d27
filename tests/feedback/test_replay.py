"""A replay judges past runs again: what a moved threshold would have hidden, and found again."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from benchmarks.reviewers import scene
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import clock
from tools.feedback import replay
from tools.rules.learned import Learned, Threshold
from tools.rules.model import Rules
from tools.store import Store, runs

TEST = "amount_against_vendor"
MOVED: replay.Moved = [("anomaly", TEST)]
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def _rules(steps: int) -> Rules:
    moved = Threshold(
        test=TEST,
        parameters={"z": 3.5 + steps / 2, "strong_z": 5.0 + steps / 2},
        most=Decimal(10000),
        expires=date.max,
    )
    return Rules(learned=Learned(thresholds=[moved]))


def _replayed(store: Store, now: Rules, then: Rules) -> replay.Replayed:
    past = replay.Past(store, settings.load(), LATER, runs.list_runs(store))
    return replay.replay(past, now, then, MOVED)


def test_what_a_loosened_test_hides_is_counted_in_money(store: Store) -> None:
    """The one odd amount is hidden four steps up; unseen until somebody confirms it, missed then."""
    unseen = _replayed(store, load_rules(None), _rules(4))
    scene.say(store, "ana", "confirmed", *scene.of_vendor(store, scene.OTHER))
    missed = _replayed(store, load_rules(None), _rules(4))
    assert (unseen.unseen.minor, unseen.missed.minor) == ({"USD": 491337}, {})
    assert (missed.unseen.minor, missed.missed.minor) == ({}, {"USD": 491337})
    assert missed.as_dict()["missed"]["amounts"] == {"USD": "4913.37"}


def test_what_a_tightened_test_finds_again_is_counted(store: Store) -> None:
    """A step back finds the confirmed one again; further steps find no more."""
    scene.say(store, "ana", "confirmed", *scene.of_vendor(store, scene.OTHER))
    back = _replayed(store, _rules(4), _rules(3))
    assert (back.regained.minor, back.hidden.flags) == ({"USD": 491337}, 0)
    assert _replayed(store, _rules(3), _rules(2)).shown.flags == 0


def test_what_is_not_kept_is_not_guessed(store: Store, folder: Path) -> None:
    """A run whose folder is gone is named, and counts for nothing."""
    (run,) = runs.list_runs(store)
    shutil.rmtree(folder / "desk" / "runs")
    replay = _replayed(store, load_rules(None), _rules(4))
    assert (replay.runs, replay.not_kept, replay.hidden.flags) == ([], [run.run_id], 0)


def test_a_replay_changes_nothing(store: Store, folder: Path) -> None:
    """Judging again leaves every file of the run as it was."""
    before = {path: path.stat().st_mtime_ns for path in (folder / "desk" / "runs").rglob("*.parquet")}
    _replayed(store, load_rules(None), _rules(4))
    after = {path: path.stat().st_mtime_ns for path in (folder / "desk" / "runs").rglob("*.parquet")}
    assert before == after


def test_what_was_damaged_is_left_out(store: Store, folder: Path) -> None:
    """A run with a table that somebody replaced is named, and counts for nothing either."""
    (run,) = runs.list_runs(store)
    (table,) = (folder / "desk" / "runs" / run.run_id).glob("evidence-*/evidence.parquet")
    table.write_bytes(bytes(reversed(table.read_bytes())))
    replayed = _replayed(store, load_rules(None), _rules(4))
    assert (replayed.runs, replayed.not_kept) == ([], [run.run_id])


def test_questions_push_no_audit_out_of_a_replay(store: Store) -> None:
    """However many questions and changes were closed since, the audits are what is judged again."""
    (audit,) = runs.list_audits(store)
    rules = load_rules(None)
    for number in range(rules.feedback.replay_runs + 1):
        asked = runs.start(store, graph="front_desk", thread_id=f"q{number}", started_by="ana", details={})
        runs.close(store, asked.run_id, "answered")
    past = replay.past(store, settings.load(), rules, clock().now() + timedelta(days=1))
    assert [run.run_id for run in past.runs] == [audit.run_id]
