"""What kills have done is counted from the store and from the effects, each in its own figure."""

from __future__ import annotations

from pathlib import Path

from benchmarks.kills import Losses, count
from tests.programme.conftest import store
from tests.programme.desks import PASSES, do_all, start, write
from tools.programme import records
from tools.store import Store

__all__ = ["store"]


def counted(store: Store, run_id: str, effects: Path) -> Losses:
    """Count one programme's losses."""
    losses = Losses()
    count(store, run_id, effects, losses)
    return losses


def test_each_kind_of_loss_is_counted(store: Store, tmp_path: Path) -> None:
    """No end, a second end, an effect under two keys, none at all; and nothing where nothing was lost."""
    effects = tmp_path / "effects"
    effects.mkdir()
    run_id = start(write(tmp_path, [{"id": "A1", "test": PASSES}])).run_id
    assert counted(store, run_id, effects).unended == ["A1 is queued: Waiting for a free worker: tieout work"]
    do_all(store)
    assert counted(store, run_id, effects).effects_missing == 1
    effect = effects / f"{run_id} A1"
    effect.write_text("key\nkey\n", encoding="utf-8")
    whole = counted(store, run_id, effects)
    assert (whole.none, whole.programmes, whole.started) == (True, 1, 1)
    effect.write_text("key\nother\n", encoding="utf-8")
    assert counted(store, run_id, effects).effects_twice == 1
    records.happened(store, run_id, "A1", "done", wake=False)
    assert counted(store, run_id, effects).ended_twice == 1
