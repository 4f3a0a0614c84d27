"""A collector of traces, as OpenTelemetry's own receives them: OTLP over HTTP, in protobuf."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """What arrived. status: what it answers. hangs: it takes requests and says nothing until it is let go."""

    def __init__(self, status: int = 200, *, hangs: bool = False) -> None:
        self.spans: list[Span] = []
        self.paths: list[str] = []
        self.status, self.hangs = status, hangs
        self.requested, self.released = threading.Event(), threading.Event()
        self.url = ""

    def named(self, name: str) -> list[Span]:
        """Give the spans of a name."""
        return [span for span in self.spans if span.name == name]

    def take(self, path: str, body: bytes) -> None:
        """Read a request."""
        self.paths.append(path)
        self.requested.set()
        request = ExportTraceServiceRequest.FromString(body)
        for resource in request.resource_spans:
            for scope in resource.scope_spans:
                self.spans += scope.spans


@contextmanager
def collecting(status: int = 200, *, hangs: bool = False) -> Iterator[Collector]:
    """Listen for the enclosed code."""
    collector = Collector(status, hangs=hangs)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.take(self.path, body)
            if collector.hangs:
                collector.released.wait()
            self.send_response(collector.status)
            self.send_header("Content-Type", "application/x-protobuf")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    collector.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield collector
    finally:
        collector.released.set()
        server.shutdown()
        server.server_close()
