"""The desk's metrics in Prometheus' text format, counted in the store: runs of every way in show.

exposition(store, settings) -> bytes       what /metrics answers and `tieout metrics` prints
METRICS                                    every metric once: name, labels, what it says

Counters only rise, over restarts and from whatever process: they are sums of rows that are never taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.core.severity_levels import SEVERITIES
from tools.operations import programme_figures
from tools.operations.figures import (
    AGENTS,
    AUDIT_BOUNDS,
    PEOPLE_BOUNDS,
    VERDICTS,
    Figures,
    Labels,
    Samples,
    Times,
)
from tools.operations.times import cumulated, padded
from tools.store import Store, node_counts

PREFIX: Final = "tieout_"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
Kind = Literal["counter", "gauge", "histogram"]
_STATUSES: Final = ("queued", "given_up")


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


def exposition(store: Store, settings: Settings) -> bytes:
    """Give every metric as of now, of one moment. Raises UnreachableError when the store is away."""
    with store.read() as session:
        registry = CollectorRegistry()
        registry.register(_Reading(Figures(session, settings, clock().now())))
        return generate_latest(registry)


class _Reading(Collector):
    """Collector of the store's figures."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def describe(self) -> Iterable[Metric]:
        """Say nothing before it is asked: registering reads nothing."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read every metric."""
        for measure in METRICS:
            yield _family(measure, measure.read(self._figures))


def _family(measure: MetricDefinition, samples: Samples | Times) -> Metric:
    name = PREFIX + measure.name
    if measure.kind == "histogram":
        return _histogram(name, measure, cast("Times", samples))
    make = CounterMetricFamily if measure.kind == "counter" else GaugeMetricFamily
    family: Any = make(name, measure.help, labels=measure.labels)
    figures = {**dict.fromkeys(measure.always, 0.0), **cast("Samples", samples)}
    for labels, value in sorted(figures.items()):
        family.add_metric(labels, value)
    return cast("Metric", family)


def _histogram(name: str, measure: MetricDefinition, times: Times) -> Metric:
    family = HistogramMetricFamily(name, measure.help, labels=measure.labels)
    for labels, distribution in sorted(times.items()):
        whole = padded(distribution, measure.bounds)
        family.add_metric(labels, buckets=list(whole.buckets), sum_value=whole.seconds)
    return family


def _node_times(figures: Figures) -> Times:
    rows = [
        ((node.graph, node.node), node.most_seconds, node.executions, node.milliseconds / 1000)
        for node in figures.nodes
    ]
    return cumulated(rows)


def _node_outcomes(figures: Figures) -> Samples:
    counts: dict[Labels, float] = {}
    for node in figures.nodes:
        labels = (node.graph, node.node, node.outcome)
        counts[labels] = counts.get(labels, 0.0) + node.executions
    return counts


def _node_errors(figures: Figures) -> Samples:
    counts: dict[Labels, float] = {(node.graph, node.node): 0.0 for node in figures.nodes}
    for node in figures.nodes:
        if node.outcome == "failed":
            counts[node.graph, node.node] += node.executions
    return counts


def _checks(figures: Figures) -> Samples:
    counts: dict[Labels, float] = {}
    for node in figures.nodes:
        if node.graph == "audit" and node.node in AGENTS:
            labels = (AGENTS[node.node], node.outcome)
            counts[labels] = counts.get(labels, 0.0) + node.executions
    return counts


def _started(figures: Figures) -> Samples:
    counts: dict[Labels, float] = {}
    for (graph, _), number in figures.runs.items():
        counts[graph,] = counts.get((graph,), 0.0) + number
    return counts


def _tokens(figures: Figures) -> Samples:
    return {
        (model, direction): number
        for model, _, put_in, put_out, _ in figures.models
        for direction, number in (("in", put_in), ("out", put_out))
    }


def _notices(figures: Figures) -> Samples:
    return {labels: number for labels, number in figures.notices.items() if labels[0] in _STATUSES}


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
        _started,
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
        _checks,
        ("agent", "outcome"),
        always=tuple((agent, end) for agent in AGENTS.values() for end in ("done", "degraded", "failed")),
    ),
    MetricDefinition(
        "node_duration_seconds",
        "histogram",
        "Time that the executions of a node took.",
        _node_times,
        ("graph", "node"),
        bounds=node_counts.BUCKETS,
    ),
    MetricDefinition(
        "node_executions_total",
        "counter",
        "Executions of a node, by how they ended: done, degraded, failed, paused.",
        _node_outcomes,
        ("graph", "node", "outcome"),
    ),
    MetricDefinition(
        "node_errors_total",
        "counter",
        "Executions of a node that failed.",
        _node_errors,
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
        _tokens,
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
        _notices,
        ("status",),
        always=tuple((status,) for status in _STATUSES),
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
