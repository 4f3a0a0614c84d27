"""Traces of runs: a span for each execution of a node, one trace a run, sent over OTLP where a setting says.

emit(Span(...))        after the work is done; never waits, never raises
emit_run(RunSpan(...)) the span above all others of a run, once it has ended

Without the setting OpenTelemetry is not even imported.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.core import settings
from tools.operations.span import RunSpan, Span

if TYPE_CHECKING:
    from tools.operations.span_exporter import SpanExporter

_log = logging.getLogger(__name__)


def is_on() -> bool:
    """Say whether somebody collects traces."""
    return bool(settings.load().otlp_endpoint)


def emit(span: Span) -> None:
    """Hand on the span of a node that ends now; of one without a run, nothing."""
    exporter = _exporter(settings.load().otlp_endpoint) if span.run_id else None
    if exporter:
        exporter.node(span)


def emit_run(span: RunSpan) -> None:
    """Hand on the span of a run that ends now."""
    exporter = _exporter(settings.load().otlp_endpoint)
    if exporter:
        exporter.run(span)


@lru_cache(maxsize=1)
def _exporter(endpoint: str) -> SpanExporter | None:
    """Make the exporter of this process once; a run goes on without one."""
    if not endpoint:
        return None
    try:
        from tools.operations.span_exporter import SpanExporter  # noqa: PLC0415 - of the extra `telemetry`
    except ImportError:
        _log.warning("No traces are sent to %s: pip install 'tieout[telemetry]'", endpoint)
        return None
    return SpanExporter(endpoint)
