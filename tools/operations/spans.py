"""Traces of runs: a span for each execution of a node, one trace a run, sent over OTLP where a setting says.

emit(Span(...))        after the work is done; never waits, never raises
emit_run(RunSpan(...)) the span above all others of a run, once it has ended
trace_id_of(run_id), root_id_of(run_id) -> int

A trace's id follows from its run's, so that every process that goes on with a run joins its trace. Spans name
nodes and outcomes; no data of books or people. Without the setting OpenTelemetry is not even imported.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.core import settings

if TYPE_CHECKING:
    from tools.operations.span_exporter import SpanExporter

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Span:
    """One execution of a node. begun: nanoseconds since 1970. failure: the error's class, where it failed.

    name: where it is not graph.node. attributes: ids and counts, never data of books or people.
    """

    run_id: str
    graph: str
    node: str
    outcome: str
    begun: int
    failure: str = ""
    name: str = ""
    attributes: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class RunSpan:
    """A whole run. begun: nanoseconds since 1970."""

    run_id: str
    graph: str
    outcome: str
    begun: int


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


def trace_id_of(run_id: str) -> int:
    """Give a run's trace: 128 bits of its id's SHA-256."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:16])


def root_id_of(run_id: str) -> int:
    """Give the span under which a run's nodes hang: 64 bits of the same."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[16:24])


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
