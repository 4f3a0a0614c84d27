"""A service's incident, read from a real Prometheus, from Loki and Tempo by their answers' shapes."""

from __future__ import annotations

import json
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from desk import incidents as asked_of
from desk.views.incident import overview
from tests.graph.small import settings_of, write_books
from tests.ports import free_port
from tools.core import settings
from tools.core.clock import clock
from tools.incidents.systems import scores
from tools.incidents.systems.traversal import candidates
from tools.store import Store, incidents, open_store

TOPOLOGY = {"shop": ["payments", "stock"], "payments": ["ledger"], "stock": []}
STEP, BEFORE, SINCE = 30, 3000, 900


def metrics(now: float, *, faulty: bool) -> str:
    """Write an hour of metrics: from fifteen minutes ago the ledger's memory fills, and its callers wait."""
    lines: dict[str, list[str]] = {}
    for at in range(int(now) - BEFORE, int(now), STEP):
        broken = faulty and at >= now - SINCE
        for number, service in enumerate(("shop", "payments", "stock", "ledger")):
            noise = (at // STEP * 7 + number) % 5
            hit = broken and service != "stock"
            memory = 800 if broken and service == "ledger" else 100
            rows = {"mem_bytes": memory + noise, "latency_ms": (400 if hit else 20) + noise}
            for name, value in rows.items():
                lines.setdefault(name, []).append(f'{name}{{job="{service}"}} {value} {at}')
    blocks = [f"# TYPE {name} gauge\n" + "\n".join(rows) for name, rows in lines.items()]
    return "\n".join([*blocks, "# EOF\n"])


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a desk that knows what depends on what."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TIEOUT_TOPOLOGY", json.dumps(TOPOLOGY))
    write_books(tmp_path)
    return open_store(settings.load().database_url)


@pytest.fixture(params=[True, False], ids=["faulty", "quiet"])
def prometheus(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, bool]]:
    """Run Debian's Prometheus over metrics that were written for it."""
    folder, port = tmp_path / "prometheus", free_port()
    folder.mkdir()
    (folder / "metrics").write_text(metrics(time.time(), faulty=request.param), encoding="utf-8")
    (folder / "config.yml").write_text("scrape_configs: []\n", encoding="utf-8")
    fill = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "metrics", "data"]
    subprocess.run(fill, cwd=folder, check=True, capture_output=True)
    url = f"http://127.0.0.1:{port}"
    command = ["prometheus", "--config.file=config.yml", "--storage.tsdb.path=data"]
    command.append(f"--web.listen-address=127.0.0.1:{port}")
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL) as running:
        _await(f"{url}/-/ready")
        yield url, request.param
        running.terminate()


def _await(url: str) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer")


class _Recorded(BaseHTTPRequestHandler):
    """Answers as Loki and Tempo do."""

    broken = False

    def do_GET(self) -> None:
        """Answer one question."""
        asked = urlsplit(self.path)
        if self.broken:
            self.send_error(503)
            return
        query = {name: values[0] for name, values in parse_qs(asked.query).items()}
        body = json.dumps(self._body(asked.path, query)).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:  # noqa: ANN401 - http.server's own
        """Say nothing."""

    def _body(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        now = time.time()
        if path.startswith("/loki"):
            service = query["query"].split('"')[1]
            lines = [[f"{(now - 2000 + n) * 1e9:.0f}", f"request {n} served in 12 ms"] for n in range(40)]
            if service == "ledger" and "timeout" not in query["query"]:
                lines += [
                    [f"{(now - 600 + n) * 1e9:.0f}", f"error: out of memory in worker {n}"] for n in range(30)
                ]
            return {"status": "success", "data": {"result": [{"stream": {"job": service}, "values": lines}]}}
        if path == "/api/search":
            return {"traces": [{"traceID": str(number)} for number in range(12)]}
        number = int(path.rsplit("/", 1)[1])
        start = now - 2400 + number * 200
        slow = 4.0 if start >= now - SINCE else 0.2
        spans = [
            ("shop", "a", "", slow + 0.2),
            ("payments", "b", "a", slow + 0.1),
            ("ledger", "c", "b", slow),
        ]
        return {"batches": [_batch(*span, start=start) for span in spans]}


def _batch(service: str, name: str, parent: str, seconds: float, *, start: float) -> dict[str, Any]:
    span = {
        "spanId": name, "parentSpanId": parent, "name": "work", "status": {},
        "startTimeUnixNano": f"{start * 1e9:.0f}", "endTimeUnixNano": f"{(start + seconds) * 1e9:.0f}",
    }  # fmt: skip
    attribute = {"key": "service.name", "value": {"stringValue": service}}
    return {"resource": {"attributes": [attribute]}, "scopeSpans": [{"spans": [span]}]}


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[_Recorded]]:
    """Serve recorded shapes of Loki and Tempo."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Recorded)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name in ("TIEOUT_LOKI_URL", "TIEOUT_TEMPO_URL"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{server.server_port}")
    yield _Recorded
    _Recorded.broken = False
    server.shutdown()
    server.server_close()


def why(store: Store) -> dict[str, Any]:
    """Ask what is wrong with the shop since fifteen minutes ago."""
    began = clock().now().fromtimestamp(time.time() - SINCE, tz=clock().now().tzinfo)
    row = asked_of.open_system(store, ["shop"], since=began, opened_by="riley")
    asked_of.investigate(store, row)
    return overview(store, incidents.get(store, row.incident_id))


@pytest.mark.usefixtures("recorded")
def test_the_cause_is_found_down_the_graph(
    desk: Store, prometheus: tuple[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger's memory is behind the shop's latency, by metrics, logs and traces; quiet metrics say so."""
    url, faulty = prometheus
    monkeypatch.setenv("TIEOUT_PROMETHEUS_URL", url)
    if not faulty:
        for name in ("TIEOUT_LOKI_URL", "TIEOUT_TEMPO_URL"):
            monkeypatch.delenv(name)
    page = why(desk)
    first = page["hypotheses"][0]
    if not faulty:
        assert (first["cause"], page["result"]["outcome"]) == ("innocent", "nothing unusual")
        assert "TIEOUT_LOKI_URL" in page["result"]["missing"]["applications"]
        return
    assert page["result"]["missing"] == {}
    assert (first["subject"], first["details"]["metric"]) == ("ledger", "mem_bytes")
    assert first["path"] == ["ledger", "payments", "shop"]
    texts = " ".join(item["text"] for item in page["observations"])
    assert "out of memory in worker" in texts
    assert "of its own in traces" in texts


def test_sources_that_are_away_are_named(desk: Store, recorded: type[_Recorded]) -> None:
    """With no Prometheus set and Loki answering 503 nothing is claimed, and every reason is given."""
    recorded.broken = True
    page = why(desk)
    assert page["result"]["outcome"] == "inconclusive"
    assert "does not answer" in page["result"]["missing"]["applications"]
    assert "TIEOUT_PROMETHEUS_URL" in page["result"]["missing"]["databases"]


def test_a_cause_is_the_deepest_that_deviates() -> None:
    """What its callers alone saw weighs less; where the symptom does not deviate there is no cause."""
    moved = {"shop": 9.0, "payments": 20.0, "ledger": 30.0, "stock": 0.5}
    first = candidates("shop", moved, TOPOLOGY)[0]
    assert (first.node, first.path) == ("ledger", ("ledger", "payments", "shop"))
    assert candidates("shop", moved, TOPOLOGY, outside=["ledger"])[0].node == "payments"
    assert candidates("shop", {**moved, "shop": 1.0}, TOPOLOGY) == []


def test_memory_that_is_short_drives_the_cpu() -> None:
    """Where both jump, memory is named first; a busy CPU alone is itself."""
    assert scores.by_resource({"x_cpu": 500.0, "x_mem": 60.0})[0][0] == "x_mem"
    assert scores.by_resource({"x_cpu": 500.0, "x_mem": 2.0})[0][0] == "x_cpu"
