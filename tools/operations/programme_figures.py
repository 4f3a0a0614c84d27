"""What programmes and their workers are watched by: tasks that live programmes have, workers that live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from statistics import fmean
from typing import Final

from tools.operations.figures import Figures, Labels, Samples

_OF_EVERY_TASK: Final = frozenset(
    {"passed", "failed", "pass_rate", "execution_time", "memory", "coverage"}
)  # what the desk measures itself, or has a metric of its own for
_MEGABYTE: Final = 1 << 20


def tasks(figures: Figures) -> Samples:
    """Tasks of live programmes by programme and status."""
    counts: Counter[Labels] = Counter((step.run_id, step.status) for step in figures.live_steps)
    return {labels: float(number) for labels, number in counts.items()}


def seconds(figures: Figures) -> Samples:
    """Mean seconds of the tasks that machines have done, by programme."""
    return _means((step.run_id, step.figures.get("execution_time")) for step in figures.live_steps)


def memory(figures: Figures) -> Samples:
    """Mean bytes of the tasks that machines have done, by programme."""
    megabytes = _means((step.run_id, step.figures.get("memory")) for step in figures.live_steps)
    return {labels: value * _MEGABYTE for labels, value in megabytes.items()}


def coverage(figures: Figures) -> Samples:
    """Mean test coverage of the tasks that measured it, by programme."""
    return _means((step.run_id, step.figures.get("coverage")) for step in figures.live_steps)


def benchmarks(figures: Figures) -> Samples:
    """Figures that commands measured themselves, such as a speed-up, by programme, task and figure."""
    commands = [step for step in figures.live_steps if "execution_time" in step.figures]
    return {
        (step.run_id, step.step_id, name): float(value)
        for step in commands
        for name, value in step.figures.items()
        if name not in _OF_EVERY_TASK and isinstance(value, int | float)
    }


def success(figures: Figures) -> Samples:
    """Share of the ended tasks that are done, by programme."""
    ended = [s for s in figures.live_steps if s.status in {"done", "accepted", "failed", "escalated"}]
    return _means((step.run_id, float(step.status == "done")) for step in ended)


def worker_memory(figures: Figures) -> Samples:
    """Bytes of each worker that has not ended."""
    return {(worker.name,): float(worker.memory_mb * _MEGABYTE) for worker in figures.workers}


def worker_processor(figures: Figures) -> Samples:
    """Per cent of a processor of each worker that has not ended."""
    return {(worker.name,): float(worker.cpu_percent) for worker in figures.workers}


def worker_latency(figures: Figures) -> Samples:
    """Seconds of the last heartbeat to the store of each worker that has not ended."""
    return {(worker.name,): worker.latency_ms / 1000 for worker in figures.workers}


def worker_silence(figures: Figures) -> Samples:
    """Seconds since each worker that has not ended showed that it lives."""
    now = figures.now
    return {(w.name,): max(0.0, (now - w.heartbeat_at).total_seconds()) for w in figures.workers}


def worker_tasks(figures: Figures) -> Samples:
    """Tasks of each worker that has not ended, by how they ended."""
    return {
        (worker.name, end): float(getattr(worker, end))
        for worker in figures.workers
        for end in ("done", "failed")
    }


def _means(pairs: Iterator[tuple[str, object]]) -> Samples:
    values: dict[Labels, list[float]] = {}
    for run_id, value in pairs:
        if isinstance(value, int | float):
            values.setdefault((run_id,), []).append(float(value))
    return {labels: fmean(numbers) for labels, numbers in values.items()}
