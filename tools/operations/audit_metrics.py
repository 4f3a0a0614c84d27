"""Metrics of audits: runs, checks, nodes, the postings that they read."""

from __future__ import annotations

from typing import Final

from tools.operations import node_figures
from tools.operations.figures import AGENTS, AUDIT_BOUNDS
from tools.operations.metric_definition import MetricDefinition
from tools.store import node_counts

AUDIT_METRICS: Final = (
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
        "missed_audits",
        "gauge",
        "Business days that have gone by without an audit, by the calendar of the entity audited last.",
        lambda figures: {(): float(figures.missed_days)},
    ),
)
