"""Every metric once: its name, kind, labels, what it says, and where its figure is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from tools.core.severity_levels import SEVERITIES
from tools.operations import node_figures, programme_figures
from tools.operations.figures import AGENTS, AUDIT_BOUNDS, PEOPLE_BOUNDS, VERDICTS, Figures, Labels
from tools.store import node_counts

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True)
class MetricDefinition:
    """One metric. name: without the prefix. always: label values that are there from the beginning."""

    name: str
    kind: Kind
    help: str
    read: Callable[[Figures], Any]  # Samples; of a histogram, Times
    labels: Labels = ()
    bounds: Sequence[float] = ()
    always: tuple[Labels, ...] = ()


METRICS: Final[tuple[MetricDefinition, ...]] = (
    MetricDefinition(
        "audit_completion_time_seconds",
        "histogram",
        "Time from the start of an audit to its close, people's answers included.",
        lambda figures: figures.audit_times,
        bounds=AUDIT_BOUNDS,
    ),
    MetricDefinition(
        "runs_started_total",
        "counter",
        "Runs that were started, by graph.",
        node_figures.runs_started,
        ("graph",),
    ),
    MetricDefinition(
        "runs",
        "gauge",
        "Runs by graph and present status.",
        lambda figures: figures.runs,
        ("graph", "status"),
    ),
    MetricDefinition(
        "oldest_working_run_age_seconds",
        "gauge",
        "Age of the oldest run that is open, paused or failed; 0 where there is none.",
        lambda figures: figures.working,
        ("graph",),
    ),
    MetricDefinition(
        "agent_success_rate_ratio",
        "gauge",
        "Share of the last 7 days' executions of a check that ran whole: neither degraded nor failed.",
        lambda figures: figures.success,
        ("agent",),
    ),
    MetricDefinition(
        "agent_results_total",
        "counter",
        "Executions of the checks, by how they ended: done, degraded, failed.",
        node_figures.check_outcomes,
        ("agent", "outcome"),
        always=tuple((agent, end) for agent in AGENTS.values() for end in ("done", "degraded", "failed")),
    ),
    MetricDefinition(
        "node_duration_seconds",
        "histogram",
        "Time that the executions of a node took.",
        node_figures.node_times,
        ("graph", "node"),
        bounds=node_counts.BUCKETS,
    ),
    MetricDefinition(
        "node_executions_total",
        "counter",
        "Executions of a node, by how they ended: done, degraded, failed, paused.",
        node_figures.node_outcomes,
        ("graph", "node", "outcome"),
    ),
    MetricDefinition(
        "node_errors_total",
        "counter",
        "Executions of a node that failed.",
        node_figures.node_errors,
        ("graph", "node"),
    ),
    MetricDefinition(
        "transactions_processed_total",
        "counter",
        "Postings that were audited, by the domain and kind of their source.",
        lambda figures: figures.transactions,
        ("domain", "kind"),
    ),
    MetricDefinition(
        "completeness_ratio",
        "gauge",
        "Share of the postings of an entity's last audit that have every required field.",
        lambda figures: figures.completeness,
        ("entity",),
    ),
    MetricDefinition(
        "match_rate_ratio",
        "gauge",
        "Share of the rows of an entity's last audit that were matched, by pair of sources.",
        lambda figures: figures.match_rates,
        ("entity", "pair"),
    ),
    MetricDefinition(
        "flags_created_total",
        "counter",
        "Flags that were raised, by the severity that they were raised with.",
        lambda figures: figures.raised,
        ("severity",),
        always=tuple((severity,) for severity in SEVERITIES),
    ),
    MetricDefinition(
        "flags",
        "gauge",
        "Flags by present severity and status.",
        lambda figures: figures.flags,
        ("severity", "status"),
    ),
    MetricDefinition(
        "unreviewed_flags",
        "gauge",
        "Flags that nobody has reviewed, by severity; rejected and withdrawn ones are left out.",
        lambda figures: {(name,): float(many) for name, (many, _) in figures.unreviewed.items()},
        ("severity",),
        always=tuple((severity,) for severity in SEVERITIES),
    ),
    MetricDefinition(
        "oldest_unreviewed_flag_age_seconds",
        "gauge",
        "Age of the flag that waits longest for a review, by severity; 0 where none waits.",
        lambda figures: {(name,): figures.oldest_unreviewed(name) for name in SEVERITIES},
        ("severity",),
    ),
    MetricDefinition(
        "flag_reviews_total",
        "counter",
        "Reviews that people gave, by verdict.",
        lambda figures: figures.reviews,
        ("verdict",),
        always=tuple((verdict,) for verdict in VERDICTS),
    ),
    MetricDefinition(
        "false_positive_rate_ratio",
        "gauge",
        "Share of the flags reviewed in the last 7 days that were false positives.",
        lambda figures: figures.false_positives,
    ),
    MetricDefinition(
        "flag_review_time_seconds",
        "histogram",
        "Time from raising a flag to its first review.",
        lambda figures: figures.review_times,
        bounds=PEOPLE_BOUNDS,
    ),
    MetricDefinition(
        "open_requests",
        "gauge",
        "Requests that wait for people, by kind and age: 1h, 24h, 72h (younger than that), older.",
        lambda figures: figures.requests_by_age,
        ("kind", "age"),
    ),
    MetricDefinition(
        "oldest_open_request_age_seconds",
        "gauge",
        "Age of the oldest request that waits for people, by kind.",
        lambda figures: figures.request_ages,
        ("kind",),
    ),
    MetricDefinition(
        "request_time_seconds",
        "histogram",
        "Time from asking people to the close of the request, by kind.",
        lambda figures: figures.request_times,
        ("kind",),
        bounds=PEOPLE_BOUNDS,
    ),
    MetricDefinition(
        "model_calls_total",
        "counter",
        "Calls of language models, by model.",
        lambda figures: {(model,): float(calls) for model, calls, *_ in figures.models},
        ("model",),
    ),
    MetricDefinition(
        "model_tokens_total",
        "counter",
        "Tokens that models took (in) and gave (out).",
        node_figures.model_tokens,
        ("model", "direction"),
    ),
    MetricDefinition(
        "model_cost_dollars_total",
        "counter",
        "Dollars that models cost, by the price table.",
        lambda figures: {(model,): dollars for model, *_, dollars in figures.models},
        ("model",),
    ),
    MetricDefinition(
        "model_spent_dollars",
        "gauge",
        "Dollars that models cost in the last 24 hours.",
        lambda figures: {(): figures.spent},
    ),
    MetricDefinition(
        "model_spending_limit_dollars",
        "gauge",
        "Dollars in 24 hours above which whoever runs the desk is told (TIEOUT_ALERT_DOLLARS).",
        lambda figures: {(): float(figures.settings.alert_dollars)},
    ),
    MetricDefinition(
        "notices",
        "gauge",
        "Notices that are not delivered, by status: queued, given up.",
        node_figures.unsent_notices,
        ("status",),
        always=tuple((status,) for status in node_figures.UNSENT),
    ),
    MetricDefinition(
        "notices_queued_total",
        "counter",
        "Notices that were ever queued.",
        lambda figures: {(): sum(figures.notices.values())},
    ),
    MetricDefinition(
        "notices_sent_total",
        "counter",
        "Notices that were delivered.",
        lambda figures: {(): figures.notices.get(("sent",), 0.0)},
    ),
    MetricDefinition(
        "missed_audits",
        "gauge",
        "Business days that have gone by without an audit, by the calendar of the entity audited last.",
        lambda figures: {(): float(figures.missed_days)},
    ),
    MetricDefinition(
        "alerts",
        "gauge",
        "Alerts of the desk itself that stand, by name; `tieout tick` raises and clears them.",
        lambda figures: figures.alerts,
        ("alert",),
    ),
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
        "programme_task_memory_megabytes",
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
        "programme_worker_memory_megabytes",
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
