"""Feedback and rules from the command line."""

from __future__ import annotations

import json

import pytest

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import sound
from desk.cli import main
from tools.store import Store


def _run_tieout(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(arguments)
    return code, capsys.readouterr().out


def test_from_reviews_to_a_rollback(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A round waits for a person (exit code 3); approved, listed, and taken back."""
    sound(store)
    code, text = _run_tieout(capsys, "feedback", "--json")
    (proposed,) = json.loads(text)
    assert (code, proposed["status"], proposed["n"], proposed["hidden"]) == (3, "open", 20, "4,680.30 USD")
    monkeypatch.setenv("TIEOUT_TOKEN", scene.token_of("dana"))
    code, text = _run_tieout(capsys, "feedback", "approve", proposed["proposal_id"][:5], "--json")
    assert (code, json.loads(text)[0]["status"]) == (0, "applied")
    (change,) = json.loads(_run_tieout(capsys, "rules", "changes", "--json")[1])
    assert "Direct Power" in _run_tieout(capsys, "rules", "diff", change["digest"][:12])[1]
    assert len(json.loads(_run_tieout(capsys, "rules", "--json")[1])) == 2
    assert _run_tieout(capsys, "rules", "rollback", proposed["proposal_id"])[0] == 0
    (listed,) = json.loads(_run_tieout(capsys, "feedback", "list", "--json")[1])
    assert listed["status"] == "rolled_back"


def test_wrong_use_is_said_so(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing is named, with the command that lists it."""
    assert store.dialect == "sqlite"
    assert [_run_tieout(capsys, *words)[0] for words in (("feedback", "approve"), ("rules", "rollback"))] == [
        2,
        2,
    ]
    assert _run_tieout(capsys, "feedback", "--until", "soon")[0] == 2
    assert _run_tieout(capsys, "feedback", "reject", "p000")[0] == 1
