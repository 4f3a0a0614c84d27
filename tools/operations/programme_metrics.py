"""Metrics of programmes and their workers."""

from __future__ import annotations

from typing import Final

from tools.operations import programme_figures
from tools.operations.metric_definition import MetricDefinition

PROGRAMME_METRICS: Final = (
    MetricDefinition(
        "programme_tasks",
        "gauge",
        "Tasks of programmes that have not ended, by programme and status.",
        programme_figures.tasks,
        ("programme", "status"),
    ),
    MetricDefinition(
        "programme_task_seconds",
        "gauge",
        "Mean time that machines' tasks of a programme took, in seconds.",
        programme_figures.seconds,
        ("programme",),
    ),
    MetricDefinition(
        "programme_task_memory_bytes",
        "gauge",
        "Mean memory that machines' tasks of a programme took.",
        programme_figures.memory,
        ("programme",),
    ),
    MetricDefinition(
        "programme_task_success_ratio",
        "gauge",
        "Share of a programme's ended tasks that are done.",
        programme_figures.success,
        ("programme",),
    ),
    MetricDefinition(
        "programme_coverage_ratio",
        "gauge",
        "Mean test coverage of a programme's tasks that measured it.",
        programme_figures.coverage,
        ("programme",),
    ),
    MetricDefinition(
        "programme_benchmark",
        "gauge",
        "What a task measured of the product itself, such as a speed-up.",
        programme_figures.benchmarks,
        ("programme", "task", "figure"),
    ),
    MetricDefinition(
        "programme_worker_memory_bytes",
        "gauge",
        "Memory of a worker.",
        programme_figures.worker_memory,
        ("worker",),
    ),
    MetricDefinition(
        "programme_worker_processor_percent",
        "gauge",
        "Share of a processor that a worker takes, in per cent.",
        programme_figures.worker_processor,
        ("worker",),
    ),
    MetricDefinition(
        "programme_worker_latency_seconds",
        "gauge",
        "How long a worker's last heartbeat to the store took.",
        programme_figures.worker_latency,
        ("worker",),
    ),
    MetricDefinition(
        "programme_worker_silence_seconds",
        "gauge",
        "Time since a worker showed that it lives.",
        programme_figures.worker_silence,
        ("worker",),
    ),
    MetricDefinition(
        "programme_worker_tasks",
        "gauge",
        "Tasks of a worker that lives, by how they ended: done, failed.",
        programme_figures.worker_tasks,
        ("worker", "outcome"),
    ),
)
