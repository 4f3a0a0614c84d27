"""Send spans over OTLP/HTTP from a thread of its own: whoever works neither waits for it nor hears of it.

Imports OpenTelemetry, of the extra `telemetry`: import it where traces are wanted alone.
"""

from __future__ import annotations

import atexit
import logging
from threading import Thread, local
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from tools.operations.span import RunSpan, Span, root_id_of, trace_id_of

PATH: Final = "/v1/traces"
SEND_SECONDS: Final = 5.0  # one request's time, its repeats included
GATHER_MILLISECONDS: Final = 1000  # how long spans wait for one another
EXIT_SECONDS: Final = 2.0  # how long a process that is done waits for its last spans to go out
MOST: Final = 4096  # spans in memory; beyond them the newest are dropped, and the log says so


class FirstFailure(logging.Filter):
    """Lets the exporter say once that it fails; each of its tries is no news to whoever audits."""

    def __init__(self) -> None:
        super().__init__()
        self._passed = False

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the first error."""
        if self._passed or record.levelno < logging.ERROR:
            return False
        self._passed = True
        return True


class SpanExporter:
    """Spans of one process on their way to one collector."""

    def __init__(self, endpoint: str) -> None:
        self._ids = _RunIds()
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": "tieout"}),
            id_generator=self._ids,
            shutdown_on_exit=False,  # it would wait for half a minute
        )
        logging.getLogger(OTLPSpanExporter.__module__).addFilter(FirstFailure())
        sender = OTLPSpanExporter(_address(endpoint), timeout=SEND_SECONDS)
        self._provider.add_span_processor(
            BatchSpanProcessor(sender, max_queue_size=MOST, schedule_delay_millis=GATHER_MILLISECONDS)
        )
        self._tracer = self._provider.get_tracer("tieout")
        atexit.register(self.close)

    def node(self, span: Span) -> None:
        """Add the span of a node that ends now, under its run's."""
        root = SpanContext(
            trace_id_of(span.run_id), root_id_of(span.run_id), is_remote=True, trace_flags=TraceFlags(1)
        )
        started = self._tracer.start_span(
            span.name or f"{span.graph}.{span.node}",
            set_span_in_context(NonRecordingSpan(root)),
            SpanKind.INTERNAL,
            {
                "tieout.run_id": span.run_id,
                "tieout.graph": span.graph,
                "tieout.node": span.node,
                "tieout.outcome": span.outcome,
                **span.attributes,
                **({"error.type": span.failure} if span.failure else {}),
            },
            start_time=span.begun,
        )
        if span.failure:
            started.set_status(Status(StatusCode.ERROR, span.failure))
        started.end()

    def run(self, span: RunSpan) -> None:
        """Add the span of a run that ends now, with no other above it."""
        with self._ids.of_run(span.run_id):
            started = self._tracer.start_span(
                f"run {span.graph}",
                Context(),
                SpanKind.INTERNAL,
                {
                    "tieout.run_id": span.run_id,
                    "tieout.graph": span.graph,
                    "tieout.outcome": span.outcome,
                },
                start_time=span.begun,
            )
        started.end()

    def close(self) -> None:
        """Send what is left, for a bounded time: a collector that hangs keeps nobody."""
        closing = Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(EXIT_SECONDS)


class _RunIds(RandomIdGenerator):
    """Random ids, but for the span of a run: the ids of that follow from the run's."""

    def __init__(self) -> None:
        self._here = local()

    def of_run(self, run_id: str) -> _RunIds:
        """Give a run's ids in the enclosed code."""
        self._here.run_id = run_id
        return self

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, *_: object) -> None:
        """Give random ids again."""
        self._here.run_id = ""

    def generate_trace_id(self) -> int:
        """Give a trace's id."""
        run_id = getattr(self._here, "run_id", "")
        return trace_id_of(run_id) if run_id else super().generate_trace_id()

    def generate_span_id(self) -> int:
        """Give a span's id."""
        run_id = getattr(self._here, "run_id", "")
        return root_id_of(run_id) if run_id else super().generate_span_id()


def _address(endpoint: str) -> str:
    """Give where spans go: the setting names the collector, or the whole path."""
    base = endpoint.rstrip("/")
    return base if base.endswith(PATH) else base + PATH
