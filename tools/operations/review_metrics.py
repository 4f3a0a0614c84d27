"""Metrics of what people are asked: flags, reviews, requests."""

from __future__ import annotations

from typing import Final

from tools.core.severity_levels import SEVERITIES
from tools.operations.figures import PEOPLE_BOUNDS, VERDICTS
from tools.operations.metric_definition import MetricDefinition

REVIEW_METRICS: Final = (
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
)
