"""What an engine did for a run is on its trail, stage by stage."""

from __future__ import annotations

from pathlib import Path

from tools.audit import engine_stages
from tools.audit.engine_stages import EngineStage
from tools.books.elsewhere import Stage
from tools.store import open_store


def test_a_stage_that_is_begun_anew_stands_twice(tmp_path: Path) -> None:
    """A driver that dies leaves a stage broken off; what another part does meanwhile is none of its own."""
    store = open_store(f"sqlite:///{tmp_path}/tieout.db")
    read, check = (engine_stages.teller(store, "r1", part) for part in ("reading", "quality"))
    read(Stage("reading", 3))
    check(Stage("queries", 9, 4.5))
    read(Stage("reading", 3))
    read(Stage("reading", 3, 2.0, 5.5))
    read(Stage("writing the snapshot", 1))
    assert engine_stages.of_run(store, "r1") == [
        EngineStage("reading", "reading", 3, None, 0.0, is_broken_off=True),
        EngineStage("quality", "queries", 9, 4.5, 0.0),
        EngineStage("reading", "reading", 3, 2.0, 5.5),
        EngineStage("reading", "writing the snapshot", 1, None, 0.0),
    ]
