"""Killed at random moments, whoever delivers notices queues each once and loses none."""

from __future__ import annotations

from pathlib import Path

from benchmarks.notices import kill_senders


def test_kills_lose_nothing(tmp_path: Path) -> None:
    """Sent twice is only what was accepted and not yet noted, and then it is the same message."""
    figures = kill_senders(tmp_path, kills=6, seed=1)
    assert figures.queued > 6
    assert (figures.twice, figures.lost, figures.doubled_after_commit) == (0, 0, 0)
    assert figures.same_text
    assert figures.doubled <= figures.kills
