"""Metrics of the desk itself: models, notices, alerts."""

from __future__ import annotations

from typing import Final

from tools.operations import node_figures
from tools.operations.metric_definition import MetricDefinition

DESK_METRICS: Final = (
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
        "alerts",
        "gauge",
        "Alerts of the desk itself that stand, by name; `tieout tick` raises and clears them.",
        lambda figures: figures.alerts,
        ("alert",),
    ),
)
