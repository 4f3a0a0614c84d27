"""Loki and Tempo by the shapes of their answers, over HTTP: whole, or failing, slow, cut off, or lying."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.listening import listening

SINCE = 900  # seconds ago that the fault began


class Recording(BaseHTTPRequestHandler):
    """Answers as Loki and Tempo do. cap: the server's own limit of lines, of which it says nothing.

    body: what it answers to whatever is asked.
    """

    status, delay, cap, counts = 200, 0.0, 10_000, True
    body: dict[str, Any] | None = None

    def do_GET(self) -> None:
        """Answer one question."""
        url = urlsplit(self.path)
        time.sleep(self.delay)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        if self.status != 200 or (url.path == "/loki/api/v1/query" and not self.counts):
            self.send_error(self.status if self.status != 200 else 404)
            return
        body = json.dumps(self._body(url.path, query) if self.body is None else self.body).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _body(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        if path == "/loki/api/v1/query":
            end = float(query["time"]) / 1e9
            seconds = float(query["query"].rsplit("[", 1)[1].split("s]")[0])
            count = len(_lines(query["query"], end - seconds, end))
            return _loki([{"metric": {}, "value": [end, str(count)]}])
        if path == "/loki/api/v1/query_range":
            lines = _lines(query["query"], float(query["start"]) / 1e9, float(query["end"]) / 1e9)
            lines = lines[-min(self.cap, int(query["limit"])) :]
            return _loki([{"stream": {"job": "ledger"}, "values": list(reversed(lines))}])
        if path == "/api/search":
            starts = [start for start in _starts() if float(query["start"]) <= start < float(query["end"])]
            return {"traces": [{"traceID": f"{start:.0f}"} for start in starts[-int(query["limit"]) :]]}
        if path.startswith("/api/v1/"):  # it is no Prometheus
            return {"status": "success"}
        start = float(path.rsplit("/", 1)[1])
        slow = 4.0 if start >= time.time() - SINCE else 0.2
        spans = [
            ("shop", "a", "", slow + 0.2),
            ("payments", "b", "a", slow + 0.1),
            ("ledger", "c", "b", slow),
        ]
        return {"batches": [_batch(*span, start=start) for span in spans]}


@contextmanager
def serving(**behaviour: object) -> Iterator[str]:
    """Serve a recording of such a behaviour; give its address."""
    handler = type("Serving", (Recording,), behaviour)
    with listening(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as port:
        yield f"http://127.0.0.1:{port}"


def _lines(query: str, begin: float, end: float) -> list[list[str]]:
    """Give the ledger's lines: a request every ten seconds, and since the fault an error every ten."""
    now = time.time()
    if '"ledger"' not in query or "timeout" in query:
        return []
    usual = [(now - 4000 + 10 * n, f"request {n} served in 12 ms") for n in range(400)]
    wrong = [(now - SINCE + 10 * n, f"error: out of memory in worker {n}") for n in range(80)]
    return [[f"{at * 1e9:.0f}", line] for at, line in sorted(usual + wrong) if begin <= at < end]


def _starts() -> list[float]:
    now = time.time() // 100 * 100
    return [now - 3000 + 150 * n for n in range(20)]


def _loki(result: list[Any]) -> dict[str, Any]:
    return {"status": "success", "data": {"result": result}}


def _batch(service: str, name: str, parent: str, seconds: float, *, start: float) -> dict[str, Any]:
    span = {
        "spanId": name, "parentSpanId": parent, "name": "work", "status": {},
        "startTimeUnixNano": f"{start * 1e9:.0f}", "endTimeUnixNano": f"{(start + seconds) * 1e9:.0f}",
    }  # fmt: skip
    attribute = {"key": "service.name", "value": {"stringValue": service}}
    return {"resource": {"attributes": [attribute]}, "scopeSpans": [{"spans": [span]}]}
