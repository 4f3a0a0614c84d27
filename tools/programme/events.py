"""Take what has happened since the graph looked last, find what nobody could report, and say what comes next.

take(run_id) -> Next
"""

from __future__ import annotations

from typing import Final, Literal

from tools.core import settings
from tools.core.clock import clock
from tools.programme import alerts, asking, dispatch, gate, overdue, records
from tools.programme.records import ProgrammeStanding
from tools.runs import tasks
from tools.store import Store, open_store, runs

Next = Literal["dispatch", "recover", "gate"]
# A worker has done what follows of these.
ORDINARY: Final = ("queued", "started", "given", "put_off", "due_soon", "remedy", "done")
_LOST: Final = ("failed", "cancelled")


def unseen(run_id: str) -> bool:
    """Say whether something to decide on happened, or is due, that the graph has not taken."""
    store = open_store(settings.load().database_url)
    standing = records.load(store, run_id)
    fresh = records.events_after(store, run_id, standing.row.taken)
    if any(event.kind not in ORDINARY for event in fresh):
        return True
    due = dispatch.next_retry(standing)
    return due is not None and due <= clock().now()


def take(run_id: str) -> Next:
    """Take the events, reconcile tasks with workers, runs, act on alerts, remind people; say what is next."""
    store = open_store(settings.load().database_url)
    records.take(store, run_id)
    reconcile(store, run_id)
    alerts.act(store, run_id)
    overdue.remind(store, run_id)
    return upcoming(store, run_id)


def upcoming(store: Store, run_id: str) -> Next:
    """Say what comes next: something to recover, a gate, or what may start."""
    standing = records.load(store, run_id)
    if "failed" in standing.statuses.values() or asking.unasked(store, standing):
        return "recover"
    return "gate" if gate.ended(standing) else "dispatch"


def reconcile(store: Store, run_id: str) -> None:
    """Fail tasks whose workers died for good, and end those whose own runs have ended."""
    standing = records.load(store, run_id)
    keys = {
        f"{dispatch.STEP} {run_id} {name} {step.tries}": name
        for name, step in standing.steps.items()
        if step.status in dispatch.RUNNING
    }
    with store.begin() as session:
        for key, task in tasks.of_keys(store, list(keys)).items():
            if task.status in _LOST:
                step = records.step_of(session, run_id, keys[key])
                step.status, step.error_kind, step.error = "failed", "system_error", task.error
                step.ended_at = clock().now()
                session.flush()
                records.happened(
                    store, run_id, keys[key], "failed", details={"error": task.error}, wake=False
                )
        _own_runs(store, standing)


def _own_runs(store: Store, standing: ProgrammeStanding) -> None:
    for name, step in standing.steps.items():
        own = str(step.figures.get("run_id", ""))
        if step.status != "with_person" or not own:
            continue
        run = runs.get(store, own)
        if run.status not in runs.FINAL:
            continue
        spec = standing.programme.steps[name]
        with store.begin() as session:
            row = records.step_of(session, standing.run.run_id, name)
            row.figures = {**row.figures, "run_status": run.status, "outcome": run.outcome}
            if run.status == "abandoned":
                row.status, row.error_kind, row.error = "failed", "logic_error", f"run {own} was abandoned"
            elif not (spec.task.signed or spec.task.reviewer):
                row.status, row.ended_at = "done", clock().now()
            else:
                continue
            session.flush()
            records.happened(store, standing.run.run_id, name, row.status, details={"run": own}, wake=False)
