"""What an engine beside DuckDB does for a run, stage by stage, kept on the run's trail as it happens."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.books.elsewhere import Stage, Tell
from tools.store import Store, trail

ACTION = "engine stage"


@dataclass(frozen=True)
class EngineStage:
    """One stage of a part of the audit (reading, or a check). seconds: None while it is not done.

    task_seconds: of all tasks together. is_broken_off: begun and never done, for its part went on anew.
    """

    part: str
    name: str
    units: int
    seconds: float | None
    task_seconds: float
    is_broken_off: bool = False


def teller(store: Store, run_id: str, part: str) -> Tell:
    """Give what puts the stages of a part of the audit on the trail."""

    def tell(stage: Stage) -> None:
        trail.append(
            store,
            run_id,
            "tieout",
            ACTION,
            duration_ms=round(1000 * (stage.seconds or 0)),
            details={
                "part": part,
                "stage": stage.name,
                "units": stage.units,
                "seconds": stage.seconds,
                "task_seconds": stage.task_seconds,
            },
        )

    return tell


def of_run(store: Store, run_id: str) -> list[EngineStage]:
    """Give a run's stages in the order in which they began; one that was begun again stands once for each."""
    stages: list[EngineStage] = []
    for entry in trail.entries(store, run_id):
        if entry["action"] != ACTION:
            continue
        facts = entry["details"]
        stage = EngineStage(
            facts["part"], facts["stage"], facts["units"], facts["seconds"], facts["task_seconds"]
        )
        begun = [at for at, earlier in enumerate(stages) if _is_begun(earlier, stage)]
        if stage.seconds is not None and begun:
            stages[begun[-1]] = stage
        else:
            stages.append(stage)
    return [
        replace(stage, is_broken_off=stage.seconds is None and _goes_on(stage, stages[at + 1 :]))
        for at, stage in enumerate(stages)
    ]


def _goes_on(stage: EngineStage, later: list[EngineStage]) -> bool:
    """Whether the part of the audit that a stage is of has gone on behind it."""
    return any(following.part == stage.part for following in later)


def _is_begun(earlier: EngineStage, stage: EngineStage) -> bool:
    """Whether an entry says that the other one's stage has begun."""
    return earlier.seconds is None and (earlier.part, earlier.name) == (stage.part, stage.name)
