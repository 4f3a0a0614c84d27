"""What programmes and their workers are watched by: tasks that live programmes have, workers that live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import fmean

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.operations.figures import Figures, Labels, Samples
from tools.store import runs
from tools.store.models import Run, Step, WorkerProcess


def tasks(figures: Figures) -> Samples:
    """Tasks of live programmes by programme and status."""
    counts: Counter[Labels] = Counter((step.run_id, step.status) for step in _live(figures.session))
    return {labels: float(number) for labels, number in counts.items()}


def seconds(figures: Figures) -> Samples:
    """Mean seconds of the tasks that machines have done, by programme."""
    return _means((step.run_id, step.figures.get("execution_time")) for step in _live(figures.session))


def memory(figures: Figures) -> Samples:
    """Mean megabytes of the tasks that machines have done, by programme."""
    return _means((step.run_id, step.figures.get("memory")) for step in _live(figures.session))


def coverage(figures: Figures) -> Samples:
    """Mean test coverage of the tasks that measured it, by programme."""
    return _means((step.run_id, step.figures.get("coverage")) for step in _live(figures.session))


def success(figures: Figures) -> Samples:
    """Share of the ended tasks that are done, by programme."""
    ended = [s for s in _live(figures.session) if s.status in {"done", "accepted", "failed", "escalated"}]
    return _means((step.run_id, float(step.status == "done")) for step in ended)


def worker_memory(figures: Figures) -> Samples:
    """Megabytes of each worker that has not ended."""
    return {(worker.name,): float(worker.memory_mb) for worker in _workers(figures.session)}


def worker_processor(figures: Figures) -> Samples:
    """Per cent of a processor of each worker that has not ended."""
    return {(worker.name,): float(worker.cpu_percent) for worker in _workers(figures.session)}


def worker_latency(figures: Figures) -> Samples:
    """Seconds of the last heartbeat to the store of each worker that has not ended."""
    return {(worker.name,): worker.latency_ms / 1000 for worker in _workers(figures.session)}


def worker_silence(figures: Figures) -> Samples:
    """Seconds since each worker that has not ended showed that it lives."""
    now = figures.now
    return {(w.name,): max(0.0, (now - w.heartbeat_at).total_seconds()) for w in _workers(figures.session)}


def worker_tasks(figures: Figures) -> Samples:
    """Tasks of each worker that has not ended, by how they ended."""
    every = _workers(figures.session)
    pairs = (((worker.name, end), getattr(worker, end)) for worker in every for end in ("done", "failed"))
    return {labels: float(number) for labels, number in pairs}


def _live(session: Session) -> Sequence[Step]:
    query = select(Step).join(Run, Run.run_id == Step.run_id).where(Run.status.not_in(runs.FINAL))
    return list(session.scalars(query))


def _workers(session: Session) -> Sequence[WorkerProcess]:
    return list(session.scalars(select(WorkerProcess).where(WorkerProcess.ended_at.is_(None))))


def _means(pairs: Iterator[tuple[str, object]]) -> Samples:
    values: dict[Labels, list[float]] = {}
    for run_id, value in pairs:
        if isinstance(value, int | float):
            values.setdefault((run_id,), []).append(float(value))
    return {labels: fmean(numbers) for labels, numbers in values.items()}
