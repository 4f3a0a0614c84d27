"""Kill workers at any moment: `python -m benchmarks.kills [--kills 1000] [--seed 7] [--database URL]`.

Four worker processes take the tasks of one programme after another; every half second at most one of them is
killed, whatever it is at, and replaced. Each task leaves an effect outside the store, under its idempotency
key. Counted at the end: tasks that have no end, tasks that have two, effects that were brought about twice,
events that the trail does not bear out.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Final

import yaml

from benchmarks.dispatching import TOKEN, desk_variables, programme_file
from desk import logs
from desk.programme_steps import step_kind, wake_programme
from graph.runtime import session
from graph.runtime.worker import Job, TaskKind, Worker, work
from tools.core import settings
from tools.core.environment_variables import with_variables
from tools.programme import progress, records
from tools.programme.completion import Result, TaskStart
from tools.runs import tasks
from tools.store import Store, open_store, runs, trail

TASKS: Final = 30  # of a programme
WORKERS: Final = 4
HALF_SECONDS: Final = 0.1  # of a task, before its effect and after
MOST_SECONDS: Final = 180.0  # for a programme under kills
BETWEEN_SECONDS: Final = (0.0, 0.5)  # from a kill to the next
_PRELOADED: Final = ("desk.programme_steps", "graph.programme")


@dataclass
class Losses:
    """What so many kills have done. unended: why each task without an end waits, in words."""

    kills: int = 0
    programmes: int = 0
    started: int = 0
    ended_twice: int = 0
    effects_twice: int = 0
    effects_missing: int = 0
    trail_problems: int = 0
    unended: list[str] = field(default_factory=list)

    @property
    def none(self) -> bool:
        """Say whether nothing was lost or done twice."""
        counts = self.ended_twice, self.effects_twice, self.effects_missing, self.trail_problems
        return not (any(counts) or self.unended)

    def __str__(self) -> str:
        """Give all of it in a few lines."""
        tried = (
            f"{self.kills:,} kills over {self.programmes:,} programmes of {TASKS} tasks; "
            f"{self.programmes * TASKS:,} tasks were started {self.started:,} times:"
        )
        lost = (
            f"{len(self.unended)} without an end, {self.ended_twice} ended twice, "
            f"{self.effects_twice} effects twice, {self.effects_missing} missing, "
            f"{self.trail_problems} problems of the trail (to reach: 0 each)"
        )
        return "\n".join([tried, lost, *self.unended])


def with_effect(job: Job, begun: TaskStart) -> Result:
    """Ask for the task's effect amid its work, as of a service that carries out a key once."""
    time.sleep(HALF_SECONDS)
    job.check()
    folder = Path(settings.load().workspace_url).parent / "effects"
    with (folder / f"{begun.run_id} {begun.spec.id}").open("a", encoding="utf-8") as effects:
        effects.write(f"{begun.key}\n")
    time.sleep(HALF_SECONDS)
    return Result({"pass_rate": 1.0})


def measure(folder: Path, kills: int, seed: int) -> Losses:
    """Run programmes in a desk's folder until so many workers were killed, each programme to its end."""
    (folder / "effects").mkdir()
    programme = _programme(folder)
    store, losses, dice = open_store(settings.load().database_url), Losses(), random.Random(seed)
    pool = _Pool(store, _processes())
    try:
        while losses.kills < kills:
            run_id = session.start({"programme": str(programme)}, graph="programme", token=TOKEN).run_id
            losses.kills += _kill_while_it_runs(pool, run_id, kills - losses.kills, dice)
            count(store, run_id, folder / "effects", losses)
            print(f"{losses.kills:,} kills, {losses.programmes:,} programmes", file=sys.stderr, flush=True)
    finally:
        pool.stop()
    losses.trail_problems = len(list(trail.verify(store)))
    return losses


@dataclass
class _Pool:
    """So many living workers, whoever of them was killed."""

    store: Store
    processes: ForkServerContext
    alive: dict[str, ForkServerProcess] = field(default_factory=dict)
    number: int = 0

    def fill(self) -> None:
        """Start as many as are missing."""
        while len(self.alive) < WORKERS:
            self.number += 1
            name = f"w{self.number}"
            self.alive[name] = self.processes.Process(target=take_all, args=(name, dict(os.environ)))
            self.alive[name].start()

    def kill(self, name: str) -> None:
        """Kill a worker, and free its task as the pool of a desk does."""
        process = self.alive.pop(name)
        process.kill()
        process.join()
        tasks.expire_leases(self.store, name)

    def stop(self) -> None:
        """Kill all of them."""
        for name in list(self.alive):
            self.kill(name)


def take_all(name: str, environment: dict[str, str]) -> None:
    """Work until killed."""
    os.environ.update(environment)
    limits = settings.load()
    logs.configure(limits)
    kinds = (step_kind(with_effect), TaskKind(records.WAKE, wake_programme))
    work(Worker(name=name, store=open_store(limits.database_url), settings=limits, kinds=kinds))


def _processes() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(_PRELOADED))
    return context


def _programme(folder: Path) -> Path:
    path = programme_file(folder, TASKS, WORKERS)
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    content["recovery"] = {"retry_delay": 0}
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return path


def _kill_while_it_runs(pool: _Pool, run_id: str, most: int, dice: random.Random) -> int:
    killed, late = 0, time.monotonic() + MOST_SECONDS
    while runs.get(pool.store, run_id).status not in runs.FINAL and time.monotonic() < late:
        pool.fill()
        time.sleep(dice.uniform(*BETWEEN_SECONDS))
        if killed < most:
            pool.kill(dice.choice(sorted(pool.alive)))
            killed += 1
    return killed


def count(store: Store, run_id: str, effects: Path, losses: Losses) -> None:
    """Add what became of a programme's tasks and effects to the losses."""
    standing = records.load(store, run_id)
    events = Counter((event.kind, event.step_id) for event in records.events_after(store, run_id, 0))
    losses.programmes += 1
    losses.started += sum(number for (kind, _), number in events.items() if kind == "started")
    for name, step in standing.steps.items():
        losses.ended_twice += events["done", name] > 1
        if step.status != "done":
            losses.unended.append(f"{name} is {step.status}: {progress.why(standing, name)}")
            continue
        asked = effects / f"{run_id} {name}"
        keys = set(asked.read_text(encoding="utf-8").split("\n")) - {""} if asked.exists() else set()
        losses.effects_twice += len(keys) > 1
        losses.effects_missing += not keys


def main() -> int:
    """Print what was lost or done twice; give 1 where anything was."""
    parser = argparse.ArgumentParser(prog="benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--database", default="", help="an empty one; without it SQLite, in a folder")
    chosen = parser.parse_args()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as name, with_variables(desk_variables(Path(name), chosen.database)):
        losses = measure(Path(name), chosen.kills, chosen.seed)
    print(losses, f"{time.perf_counter() - started:.0f} s", sep="\n")
    return 0 if losses.none else 1


if __name__ == "__main__":
    sys.exit(main())
