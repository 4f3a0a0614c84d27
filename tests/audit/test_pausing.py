"""A run that needs what is away is put aside, and is open again once it is back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.audit.waiting_for_sources import pausing
from tools.core.errors import UnreachableError
from tools.core.retries import PausedError
from tools.core.settings import Settings
from tools.store import open_store, runs


def test_a_run_waits_for_its_engine_in_the_store(tmp_path: Path) -> None:
    """Away longer than the process sits out: paused, with the next try's time; back: open, with no error."""
    store = open_store(f"sqlite:///{tmp_path}/tieout.db")
    run = runs.start_audit(store, thread_id="t", started_by="dana")
    patient = Settings(retry_in_process_seconds=0)

    def away() -> str:
        raise UnreachableError("nobody answers.", place="postgresql://h/d")

    with pytest.raises(PausedError, match="Tried 1 times"):
        pausing(store, run.run_id, away, patient)
    paused = runs.get(store, run.run_id)
    assert (paused.status, paused.attempts, paused.next_try_at is None) == ("paused", 1, False)
    assert pausing(store, run.run_id, lambda: "tested", patient) == "tested"
    back = runs.get(store, run.run_id)
    assert (back.status, back.error, back.next_try_at) == ("open", "", None)
