"""Programmes for people: start one with its workers, look at it, sign, refuse, file."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.core.clock import clock
from tools.core.errors import UnreachableError
from tools.core.settings import Settings
from tools.programme import dispatch, progress, records, steps
from tools.programme.definition import Definition
from tools.programme.planning.plan import Planned, plan
from tools.programme.planning.relax import explain
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import ProgrammeSteps
from tools.runs import tasks, workspace
from tools.store import Store
from tools.store.models import Task

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState
    from graph.runtime.worker_pool import PoolScale

_LOOK_SECONDS: Final = 0.5
_WORK: Final = (dispatch.STEP, records.WAKE)
_TICK: Final = "tick "  # why a programme is woken that merely looks again


def start(path: Path, token: str | None) -> ThreadState:
    """Start a programme file as the bearer of a token."""
    from graph.runtime import session  # noqa: PLC0415 - who only looks needs no graph

    return session.start({"programme": str(path)}, graph=records.GRAPH, token=token)


def work_until_it_waits(
    settings: Settings, store: Store, run_id: str, workers: int | None, progress: Callable[[str], None]
) -> int:
    """Work until the programme has ended, or only people can go on with it.

    workers: so many processes; None: as many as the programme's pool says, more while they are busy.
    """
    from graph.runtime.worker_pool import WorkerPool  # noqa: PLC0415 - as above

    command = [sys.executable, "-m", "desk.worker_process"]
    definition = records.load(store, run_id).programme.definition
    environment = _environment(definition, workspace.run_folder(settings, run_id) / "logs")
    pool = WorkerPool(
        store, lambda name: [*command, name], _scale(definition, workers), environment=environment
    )
    watcher = threading.Thread(target=_watch, args=(store, run_id, pool.drain, progress), daemon=True)
    watcher.start()
    code = pool.run()
    pool.drain.set()
    watcher.join()
    return code


def _scale(definition: Definition, workers: int | None) -> PoolScale:
    from graph.runtime.worker_pool import PoolScale  # noqa: PLC0415 - as above

    pool = definition.pool
    least, most = (workers, 0) if workers else (pool.min_agents, pool.max_agents)
    return PoolScale(least, most, pool.scale_up_threshold, pool.scale_down_threshold, pool.agent_timeout)


def _environment(definition: Definition, logs: Path) -> dict[str, str]:
    """Give the settings of a programme's own workers: where they log, how often they show that they live."""
    monitoring = definition.monitoring
    return {
        "TIEOUT_LOG_FOLDER": str(logs),
        "TIEOUT_LOG_LEVEL": definition.log_level,
        "TIEOUT_LOG_ROTATION_MB": str(monitoring.log_rotation_mb),
        "TIEOUT_LOG_RETENTION_DAYS": str(monitoring.log_retention_days),
        "TIEOUT_METRICS_SECONDS": str(monitoring.metrics_interval),
    }


def _watch(store: Store, run_id: str, drain: threading.Event, progress: Callable[[str], None]) -> None:
    before = ""
    while not drain.wait(_LOOK_SECONDS):
        try:
            standing = records.load(store, run_id)
            idle = not any(
                _keeps_working(task) for kind in _WORK for task in tasks.open_of_run(store, run_id, kind)
            )
        except UnreachableError:  # the workers say so, and wait for it
            continue
        line = one_line(standing)
        if line != before:
            progress(line)
            before = line
        if not standing.live or idle:
            drain.set()


def _keeps_working(task: Task) -> bool:
    """Say whether a task is worth staying for: not a mere look, nor the end of a lag of hours."""
    return not str(task.parameters.get("why", "")).startswith((_TICK, dispatch.LAG))


def one_line(standing: ProgrammeStanding) -> str:
    """Say how far a programme is."""
    now = progress.progress(standing)
    active = ", ".join(now["active_tasks"]) or "none"
    return f"{now['overall_progress']:g}% in phase {now['phase']}; active: {active}"


def rows(standing: ProgrammeStanding) -> Iterator[dict[str, Any]]:
    """Give a programme's tasks as they stand, in the plan's order."""
    planned: dict[str, Any] = standing.plan.schedule["tasks"] if standing.plan else {}
    names = sorted(standing.steps, key=lambda name: str(planned.get(name, {}).get("start", "")))
    for name in names:
        step, spec = standing.steps[name], standing.programme.steps[name]
        yield {
            "task": name,
            "name": spec.task.name,
            "phase": spec.phase,
            "status": step.status,
            "who": step.person or step.worker or planned.get(name, {}).get("person"),
            "tries": step.tries,
            "why": progress.why(standing, name),
            **_planned(planned.get(name, {})),
        }


def planned_rows(programme: ProgrammeSteps, planned: Planned) -> Iterator[dict[str, Any]]:
    """Give the tasks of a plan that nobody has started, in its order."""
    every = planned.schedule["tasks"]
    for name in sorted(every, key=lambda each: str(every[each]["start"])):
        spec = programme.steps[name]
        blank = {"status": "waiting", "tries": 0, "why": _behind(spec.waits_for)}
        own = {"task": name, "name": spec.task.name, "phase": spec.phase, "who": every[name]["person"]}
        yield {**own, **blank, **_planned(every[name])}


def _behind(names: Sequence[str]) -> str:
    return f"after {', '.join(names)}" if names else ""


def _planned(task: dict[str, Any]) -> dict[str, Any]:
    short = {key: str(task.get(key, ""))[:16].replace("T", " ") for key in ("start", "finish")}
    return {
        **short,
        "when": _span(task),
        "critical": "yes" if task.get("critical") else "",
        "slack_hours": task.get("slack_hours"),
    }


def _span(task: dict[str, Any]) -> str:
    """Write from when to when a task is planned; the day stands once where it is the same."""
    if not task.get("start"):
        return ""
    start, finish = (datetime.fromisoformat(str(task[key])) for key in ("start", "finish"))
    last = f"{finish:%H:%M}" if start.date() == finish.date() else f"{finish:%d %b %H:%M}"
    return f"{start:%d %b %H:%M} to {last}"


def checked(path: Path, *, seconds: float) -> tuple[ProgrammeSteps, Planned, list[str]]:
    """Read a programme file and plan it from its start, or now; say what would help where it is late."""
    programme = steps.read(path)
    start_at = programme.definition.starts_at or clock().now().replace(second=0, microsecond=0)
    planned = plan(programme, start_at, seconds=seconds)
    return programme, planned, explain(programme, planned, start_at)


def mermaid(programme: ProgrammeSteps) -> str:
    """Draw what waits for what, as Mermaid."""
    lines = ["graph TD"]
    for phase in programme.definition.phases:
        lines.append(f"  subgraph {phase.id}")
        lines += [
            f'    {step.id}["{step.id}: {_quoted(step.task.name)}"]' for step in programme.in_phase(phase.id)
        ]
        lines.append("  end")
    for step in programme.steps.values():
        lines += [f"  {before} --> {step.id}" for before in step.waits_for]
    for before, after in zip(programme.phases, programme.phases[1:], strict=False):
        lines.append(f"  {before} -->|gate| {after}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return text.replace('"', "'")


def evidence_of(settings: Settings, run_id: str, name: str, paths: list[Path]) -> list[Any]:
    """Keep files that a person gives for a task, each under its digest."""
    from desk.programme_steps import keep  # noqa: PLC0415 - as above

    root = workspace.run_folder(settings, run_id) / "tasks"
    return [keep(path, f"{name}_{path.name}", root) for path in paths]
