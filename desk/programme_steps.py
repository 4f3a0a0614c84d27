"""What a worker does for programmes: a task of one, and waking one.

| kind | parameters | result |
|---|---|---|
| programme_step | run_id, step_id, tries | status |
| wake_programme | run_id, why | status |

A task runs in its own folder below the run's; its files are its evidence, kept with their digests.
"""

from __future__ import annotations

import hashlib
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desk.graph_tasks import was_started
from graph.runtime.worker import DeclinedError, Job, LastWord, TaskKind
from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.programme import commands, completion, dispatch, level_one, people_levels, records
from tools.programme.commands import CommandLimits, Ended, Watch
from tools.programme.completion import Evidence, Result, TaskStart
from tools.runs import workspace
from tools.runs.error_kinds import classify
from tools.runs.leases import Lease, LostLeaseError
from tools.runs.recovery_table import ErrorKind
from tools.runs.thread_lock import BusyThreadError
from tools.store import Store, runs, workers
from tools.store.models import Task

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState

_KEY: Final = "TIEOUT_TASK_KEY"
MOST_BYTES: Final = 50_000_000  # of a file that is kept as evidence


Work = Callable[[Job, TaskStart], Result]


def step_kind(work: Work) -> TaskKind:
    """Give the kind of a programme's tasks, each done by `work`.

    That it has begun stands in the store with the claim, and how it ended with the task's end: a worker
    writes twice.
    """

    def run(job: Job) -> LastWord | dict[str, Any]:
        begun = job.opened if isinstance(job.opened, TaskStart) else _begin(job.store, job.lease, job.worker)
        if begun is None:
            return {"status": "done before"}
        result = work(job, begun)
        job.check()
        return lambda: {"status": completion.end(job.store, job.lease, begun, job.worker, result)}

    return TaskKind(dispatch.STEP, run, _begin, wake_for_failed)


def wake_for_failed(store: Store, task: Task) -> None:
    """Wake the programme of a task that failed without its own word: its worker died, or could not end it."""
    records.wake_up(store, str(task.parameters["run_id"]), f"failed {task.task_id} {task.attempt}")


def _begin(store: Store, lease: Lease, worker: str) -> TaskStart | None:
    """Note that a worker has a task. Raises DeclinedError where another worker is to try it."""
    declined = _not_mine(store, lease, worker)
    if declined:
        raise DeclinedError(f"another worker than {worker} is to try it.", place=declined)
    return completion.begin(store, lease, worker)


def programme_step(job: Job, begun: TaskStart) -> Result:
    """Do a task of a programme: its command or its graph."""
    return _command(job, begun) if begun.spec.task.kind == "command" else _graph(job, begun)


def wake_programme(job: Job) -> dict[str, Any]:
    """Go on with a programme that waits for what has happened."""
    from graph.runtime import session  # noqa: PLC0415 - a worker that delivers notices needs no graph

    run = runs.get(job.store, str(job.lease.parameters["run_id"]))
    if run.status in runs.FINAL:
        return {"status": run.status}
    try:
        standing = session.wake(run.thread_id, watch=job.watch)
    except BusyThreadError as error:
        raise DeclinedError(error.message, place=run.run_id) from None
    return {"status": "waiting" if standing.asked else "open" if standing.next else "ended"}


def _not_mine(store: Store, lease: Lease, worker: str) -> str:
    """Say which task this worker leaves to another: it failed here, and others are there to try it."""
    run_id, name = str(lease.parameters["run_id"]), str(lease.parameters["step_id"])
    with store.read() as session:
        avoided = str(records.step_of(session, run_id, name).resources.get("not_worker", ""))
    alone = avoided != worker or not workers.others_alive(store, worker)
    return "" if alone else name


@dataclass
class _Attempt:
    """One try at a command, with what the worker itself has done about its failures."""

    job: Job
    begun: TaskStart
    folder: Path
    remedies: list[Mapping[str, Any]] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)

    def watch(self) -> Watch:
        """Give what is told while the command runs."""
        return Watch(progress=self._progress, late=self._late, check=self.job.check)

    def _progress(self, figures: Mapping[str, Any]) -> None:
        completion.tell_progress(self.job.store, self.job.lease, self.begun, self.job.worker, figures)

    def _late(self) -> float:
        """Extend the time once, by the grace."""
        grace = self.begun.programme.definition.recovery.timeout_grace
        if not grace or any(each["action"] == "extend_timeout" for each in self.remedies):
            return 0.0
        allowed = float(self.begun.step.resources["timeout_seconds"])
        extended = level_one.Remedied(
            "extend_timeout", {"timeout_seconds": allowed}, {"timeout_seconds": allowed + grace}
        )
        self.note("timeout", extended, "extended")
        return grace

    def note(self, kind: str, remedied: level_one.Remedied, result: str) -> None:
        """Note what the worker has done about a failure of a kind."""
        remedy = {
            "level": 1,
            "kind": kind,
            "action": remedied.action,
            "before": dict(remedied.before),
            "after": dict(remedied.after),
            "result": result,
        }
        self.remedies.append({**remedy, "at": clock().now().isoformat()})


def _command(job: Job, begun: TaskStart) -> Result:
    run_id, name = begun.run_id, begun.spec.id
    folder = (
        workspace.run_folder(job.settings, run_id) / "tasks" / name / f"{begun.tries}-{job.lease.attempt}"
    )
    attempt = _Attempt(job, begun, folder)
    ended = _run(attempt)
    if kind := _kind(ended):
        ended = _remedied(attempt, kind, ended)
    result = _result(attempt, ended)
    try:
        return replace(result, evidence=_evidence(begun, folder, folder.parents[1]))
    except OSError as error:  # a full disk, mostly: what it reached is not kept, and so not reached
        return replace(
            result, error_kind=result.error_kind or classify(_as_output(error)), error=_as_output(error)
        )


def _remedied(attempt: _Attempt, kind: ErrorKind | str, ended: Ended) -> Ended:
    """Do what a worker does about a failure; give how the command ended then."""
    remedied = level_one.remedy(kind, attempt.begun, attempt.folder, attempt.environment, ended.output)
    if remedied is None:
        return ended
    if not remedied.again:
        attempt.note(kind, remedied, "reminded")
        people_levels.tell_preparer(attempt.job.store, attempt.begun, remedied.after["reminded"])
        return ended
    attempt.environment |= remedied.environment
    if remedied.wait_seconds:
        clock().sleep(remedied.wait_seconds * (0.5 + random.random()))  # noqa: S311 - jitter
    again = _run(attempt)
    attempt.note(kind, remedied, "failed" if _kind(again) else "succeeded")
    return again


def _result(attempt: _Attempt, ended: Ended) -> Result:
    kind = _kind(ended)
    return Result(
        figures=ended.figures,
        exit_code=ended.exit_code,
        error_kind=kind,
        error=_error(ended) if kind else "",
        failed_tests=ended.failed_tests,
        context=ended.context,
        remedies=attempt.remedies,
    )


def _run(attempt: _Attempt) -> Ended:
    """Run the command; what keeps this worker from it is how it ended."""
    resources, spec = attempt.begun.step.resources, attempt.begun.spec
    try:
        if _KEY not in attempt.environment:
            attempt.environment |= level_one.environment(attempt.begun, attempt.folder.parent)
            attempt.environment[_KEY] = attempt.begun.key
        shutil.rmtree(attempt.folder, ignore_errors=True)
        return commands.run(
            spec.task.command,
            CommandLimits(int(resources["memory_mb"]), float(resources["timeout_seconds"])),
            attempt.folder,
            Path(attempt.begun.source).parent,
            environment=attempt.environment,
            watch=attempt.watch(),
        )
    except OSError as error:
        return Ended(1, late=False, output=_as_output(error), seconds=0.0, memory_mb=0.0)


def _as_output(error: OSError) -> str:
    return f"{type(error).__name__}: {error}"


def _kind(ended: Ended) -> ErrorKind | str:
    if ended.exit_code == 0 and not ended.late:
        return ""
    if not ended.failed_tests:
        return classify(ended.output, exit_code=ended.exit_code, late=ended.late)
    return classify(f"{ended.output}\n{ended.context.get('message', '')}", late=ended.late)


def _error(ended: Ended) -> str:
    message = str(ended.context.get("message") or "")
    return (message or ended.output.strip()[-2000:]) or f"exit code {ended.exit_code}"


def _evidence(begun: TaskStart, folder: Path, root: Path) -> list[Evidence]:
    """Keep the files of a try under their digests; give them by name."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size <= MOST_BYTES)
    return [keep(path, f"{begun.spec.id}_{path.relative_to(folder)}", root) for path in files]


def keep(path: Path, name: str, root: Path) -> Evidence:
    """Copy a file to where its digest names it, whole or not at all."""
    content = path.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    target = root / "evidence" / sha256
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{sha256}.part")
        part.write_bytes(content)
        part.replace(target)
    return Evidence(name, sha256, len(content))


def _graph(job: Job, begun: TaskStart) -> Result:
    """Start the task's graph in the name of the programme's starter, or go on with it."""
    from graph import catalogue  # noqa: PLC0415 - a worker that runs commands needs no graph
    from graph.runtime import session  # noqa: PLC0415 - as above

    task, run_id = begun.spec.task, begun.run_id
    thread = f"{run_id}-{begun.spec.id}-{begun.tries}"
    values = _resolved(task.input, Path(begun.source).parent)
    try:
        name = catalogue.entry(task.graph).name
        if was_started(thread):
            state = session.resume(thread, claim=job.claim, watch=job.watch)
        else:
            state = session.start(values, graph=name, thread_id=thread, claim=job.claim, watch=job.watch)
    except (LostLeaseError, BusyThreadError):
        raise
    except TieoutError as error:
        return Result({}, 1, classify(f"{type(error).__name__}: {error}"), str(error))
    return Result(_figures(job, state), waits=state.run_id if state.asked is not None else "")


def _resolved(values: Mapping[str, Any], home: Path) -> dict[str, Any]:
    """Take files that a task names as lying beside the programme."""
    return {
        name: str(home / value) if isinstance(value, str) and (home / value).is_file() else value
        for name, value in values.items()
    }


def _figures(job: Job, state: ThreadState) -> dict[str, Any]:
    run = runs.get(job.store, state.run_id)
    counts = {name: value for name, value in run.counts.items() if isinstance(value, int | float)}
    return {"run_id": run.run_id, "run_status": run.status, "outcome": run.outcome, **counts}


KINDS: Final = (step_kind(programme_step), TaskKind(records.WAKE, wake_programme))
