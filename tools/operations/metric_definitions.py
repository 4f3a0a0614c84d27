"""Every metric of the desk, once, in the order of its page."""

from __future__ import annotations

from typing import Final

from tools.operations.audit_metrics import AUDIT_METRICS
from tools.operations.desk_metrics import DESK_METRICS
from tools.operations.metric_definition import MetricDefinition
from tools.operations.programme_metrics import PROGRAMME_METRICS
from tools.operations.review_metrics import REVIEW_METRICS

METRICS: Final[tuple[MetricDefinition, ...]] = (
    *AUDIT_METRICS,
    *REVIEW_METRICS,
    *DESK_METRICS,
    *PROGRAMME_METRICS,
)
