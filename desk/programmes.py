"""Programmes for people: start one with its workers, look at it, sign, refuse, file."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tools.core.clock import clock
from tools.core.errors import UnreachableError
from tools.core.settings import Settings
from tools.programme import dispatch, progress, records, steps
from tools.programme.planning.plan import Planned, plan
from tools.programme.planning.relax import explain
from tools.programme.records import ProgrammeStanding
from tools.programme.steps import ProgrammeSteps
from tools.runs import tasks
from tools.store import Store

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState

_LOOK_SECONDS: Final = 0.5
_WORK: Final = (dispatch.STEP, records.WAKE)


def start(path: Path, token: str | None) -> ThreadState:
    """Start a programme file as the bearer of a token."""
    from graph.runtime import session  # noqa: PLC0415 - who only looks needs no graph

    return session.start({"programme": str(path)}, graph=records.GRAPH, token=token)


def work_until_it_waits(store: Store, run_id: str, workers: int, progress: Callable[[str], None]) -> int:
    """Work with so many processes until the programme has ended, or only people can go on with it."""
    from graph.runtime.worker_pool import WorkerPool  # noqa: PLC0415 - as above

    command = [sys.executable, "-m", "desk.worker_process"]
    pool = WorkerPool(store, lambda name: [*command, name], workers)
    watcher = threading.Thread(target=_watch, args=(store, run_id, pool.drain, progress), daemon=True)
    watcher.start()
    code = pool.run()
    pool.drain.set()
    watcher.join()
    return code


def _watch(store: Store, run_id: str, drain: threading.Event, progress: Callable[[str], None]) -> None:
    before = ""
    while not drain.wait(_LOOK_SECONDS):
        try:
            standing = records.load(store, run_id)
            idle = not any(tasks.open_of_run(store, run_id, kind) for kind in _WORK)
        except UnreachableError:  # the workers say so, and wait for it
            continue
        line = one_line(standing)
        if line != before:
            progress(line)
            before = line
        if not standing.live or idle:
            drain.set()


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
            "who": step.person or step.worker,
            "tries": step.tries,
            "why": progress.why(standing, name),
            **_planned(planned.get(name, {})),
        }


def planned_rows(programme: ProgrammeSteps, planned: Planned) -> Iterator[dict[str, Any]]:
    """Give the tasks of a plan that nobody has started, in its order."""
    every = planned.schedule["tasks"]
    for name in sorted(every, key=lambda each: str(every[each]["start"])):
        spec = programme.steps[name]
        blank = {"status": "waiting", "tries": 0, "why": ", ".join(spec.waits_for)}
        own = {"task": name, "name": spec.task.name, "phase": spec.phase, "who": every[name]["person"]}
        yield {**own, **blank, **_planned(every[name])}


def _planned(task: dict[str, Any]) -> dict[str, Any]:
    short = {key: str(task.get(key, ""))[:16].replace("T", " ") for key in ("start", "finish")}
    return {
        **short,
        "critical": "yes" if task.get("critical") else "",
        "slack_hours": task.get("slack_hours"),
    }


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
    from tools.runs import workspace  # noqa: PLC0415 - as above

    root = workspace.run_folder(settings, run_id) / "tasks"
    return [keep(path, f"{name}_{path.name}", root) for path in paths]
