"""A service's incident, read from a real Prometheus, from Loki and Tempo by their answers' shapes."""

from __future__ import annotations

import json
import math
import random
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from desk import incidents as incident_desk
from desk.views.incident import overview
from tests.graph.small import settings_of, write_books
from tests.incidents.recorded import SINCE, serving
from tests.ports import free_port
from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import UnreachableError
from tools.incidents.subject import IncidentBench, Subject
from tools.incidents.systems import clients, load, log_lines, metrics, scores
from tools.incidents.systems.series import ServiceSeries, series_of
from tools.incidents.systems.traversal import candidates
from tools.investigation.observation import Observation
from tools.store import Store, incidents, open_store

TOPOLOGY = {"shop": ["payments", "stock"], "payments": ["ledger"], "stock": []}
STEP, BEFORE = 30, 3000


def metrics_file(now: float, *, faulty: bool) -> str:
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
    (folder / "metrics").write_text(metrics_file(time.time(), faulty=request.param), encoding="utf-8")
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


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve recorded shapes of Loki and Tempo."""
    with serving() as url:
        for name in ("TIEOUT_LOKI_URL", "TIEOUT_TEMPO_URL"):
            monkeypatch.setenv(name, url)
        yield url


def why(store: Store) -> dict[str, Any]:
    """Ask what is wrong with the shop since fifteen minutes ago."""
    began = clock().now().fromtimestamp(time.time() - SINCE, tz=clock().now().tzinfo)
    row = incident_desk.open_system(store, ["shop"], since=began, opened_by="riley")
    incident_desk.investigate(store, row)
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


def test_sources_that_are_away_are_named(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no Prometheus set and Loki answering 503 nothing is claimed, and every reason is given."""
    with serving(status=503) as url:
        monkeypatch.setenv("TIEOUT_LOKI_URL", url)
        page = why(desk)
    assert page["result"]["outcome"] == "inconclusive"
    assert "does not answer" in page["result"]["missing"]["applications"]
    assert "TIEOUT_PROMETHEUS_URL" in page["result"]["missing"]["databases"]


def test_a_slow_source_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer in time is named with its setting."""
    monkeypatch.setattr(clients, "SECONDS", 0.2)
    with serving(delay=1.0) as url, pytest.raises(UnreachableError, match=r"TIEOUT_LOKI_URL .*timed out"):
        clients.loki(url, '{job="ledger"}', time.time() - 3600, time.time())


@pytest.mark.parametrize(
    ("behaviour", "is_whole"), [({}, True), ({"cap": 50}, False), ({"cap": 50, "counts": False}, True)]
)
def test_what_loki_leaves_out_is_noticed(behaviour: dict[str, Any], is_whole: bool) -> None:
    """A server that cuts off and says nothing is caught by its own count; without one, nobody can tell."""
    with serving(**behaviour) as url:
        answer = clients.loki(url, '{job="ledger"}', time.time() - 3000, time.time() - 1)
    assert answer.is_whole is is_whole


@pytest.mark.parametrize("cap", [30, 10_000])
def test_lines_that_are_cut_off_still_say_how_frequent_they_are(
    desk: Store, monkeypatch: pytest.MonkeyPatch, cap: int
) -> None:
    """Of a busy log only the newest lines come: what was as frequent before is no news, an error is."""
    with serving(cap=cap) as url:
        monkeypatch.setenv("TIEOUT_LOKI_URL", url)
        began = clock().now().fromtimestamp(time.time() - SINCE, tz=clock().now().tzinfo)
        row = incident_desk.open_system(desk, ["ledger"], since=began, opened_by="riley")
        bench = IncidentBench(Subject.of(row), settings.load(), desk, Path())
        (line,) = log_lines.frequent(bench, "A")
    assert "out of memory in worker" in line.text
    assert line.deviation > 3
    assert line.quality == ("CIRCUMSTANTIAL" if cap == 30 else "DIRECT")


def test_an_answer_of_another_shape_is_refused() -> None:
    """A server that is no Loki is named with its setting; no KeyError reaches anybody."""
    with serving() as url, pytest.raises(UnreachableError, match=r"TIEOUT_PROMETHEUS_URL .* no answer"):
        clients.prometheus(url, "up", 0, 1)


ODD_ANSWERS = (
    {"status": "success", "data": {"result": [{"metric": {}, "stream": {}}]}, "traces": [{}]},
    {"status": "success", "data": {"result": ["a", 3, None]}, "traces": [3]},
    {"data": {"result": [{"metric": {}, "stream": {}, "values": [["a", "b"]]}]}, "traces": "abc"},
)


@pytest.mark.parametrize("body", ODD_ANSWERS, ids=["parts are missing", "no rows", "words for numbers"])
@pytest.mark.parametrize("name", ["prometheus", "loki", "tempo"])
def test_an_answer_whose_rows_have_another_shape_is_refused(name: str, body: dict[str, Any]) -> None:
    """Whatever stands where rows should, the setting of the server is named, and no Python error alone."""
    with serving(body=body) as url, pytest.raises(UnreachableError, match=f"TIEOUT_{name.upper()}_URL"):
        getattr(clients, name)(url, "shop", 0, 100)


def test_more_than_was_asked_for_is_left_out() -> None:
    """Points and lines of other times are none of the answer; no more traces than the bound are read."""
    values = [[at * 10**9, "1"] for at in range(1000)]
    body = {"data": {"result": [{"metric": {}, "stream": {}, "values": values}]}}
    with serving(body=body) as url:
        answer = clients.loki(url, "{}", 100, 200)
        assert [at // 10**9 for at, _, _ in answer.value] == list(range(100, 201))
    body["data"]["result"][0]["values"] = [[at, "1"] for at in range(1000)]
    with serving(body=body) as url:
        (row,) = clients.prometheus(url, "up", 100, 200).value
    assert [row["values"][0][0], row["values"][-1][0]] == [100, 215]
    with serving(body={"traces": [{"traceID": "a/b"}] * 500, "batches": []}) as url:
        assert len(clients.tempo(url, "shop", 0, 1).value) == clients.MOST_TRACES


def test_what_is_no_number_is_no_point() -> None:
    """A ratio by nothing is NaN or infinite: the others count, and a series of nothing else is none."""
    values = [1.0, float("inf"), float("nan"), 2.0]
    some, *none = series_of([series("ratio", values), series("empty", [float("inf")] * 4)])
    assert ([value for value in some.values if not math.isnan(value)], none) == ([1.0, 2.0], [])
    (fact,) = metrics.facts([some], "shop", (30.0, 45.0), network=False)
    assert (fact["value"], fact["expected"]) == (2.0, 1.0)


def series(name: str, values: list[float], **labels: str) -> dict[str, Any]:
    """Make a row of Prometheus' answer, a point every fifteen seconds."""
    points = [[15.0 * number, str(value)] for number, value in enumerate(values)]
    return {"metric": {"__name__": name, **labels}, "values": points}


def test_sums_by_counts_are_means_and_a_reset_counter_counts_on() -> None:
    """A histogram's sum and count give the mean of each step; a counter that falls began anew."""
    counts = [0.0, 30.0, 60.0, 15.0]
    mean, count = series_of(
        [series("latency_sum", [2 * value for value in counts]), series("latency_count", counts)]
    )
    assert (mean.name, list(mean.values)) == ("latency_mean", [2.0, 2.0, 2.0])
    assert list(count.values) == [2.0, 2.0, 1.0]


@given(st.integers(0, 10_000))
@hypothesis_settings(max_examples=25)
def test_a_fault_that_is_over_still_shows_and_noise_does_not(seed: int) -> None:
    """Twelve minutes of a fault an hour ago deviate; noise alone, and a drift, do not."""
    chance = random.Random(seed)
    noise = [100 + chance.gauss(0, 4) for _ in range(480)]
    fault = [value + 50 * (240 <= at < 288) for at, value in enumerate(noise)]
    assert abs(scores.since(noise[:240], noise[240:])) < scores.MOVED
    assert scores.since(fault[:240], fault[240:]) >= scores.MOVED


def test_a_single_point_is_no_rise() -> None:
    """What rises for two points beyond usual windows counts; one point does where it is far beyond all."""
    usual = [[10, 11, 12, 11, 10 + number % 3] for number in range(20)]
    assert scores.rise([10, 10, 30, 31, 11], usual) >= scores.MOVED
    assert scores.rise([10, 10, 15, 11, 11], usual) < scores.MOVED
    assert scores.rise([10, 10, 60, 11, 11], usual) >= scores.MOVED


def test_a_cause_is_the_deepest_that_deviates() -> None:
    """What its callers alone saw weighs less; where nothing that it waits for deviates there is no cause."""
    moved = {"shop": 9.0, "payments": 20.0, "ledger": 30.0, "stock": 0.5}
    first = candidates("shop", moved, TOPOLOGY)[0]
    assert (first.node, first.path) == ("ledger", ("ledger", "payments", "shop"))
    assert candidates("shop", moved, TOPOLOGY, outside=["ledger"])[0].node == "payments"
    assert candidates("shop", {"shop": 1.0, "payments": 3.5, "other": 30.0}, TOPOLOGY) == []


def test_a_cause_may_be_too_small_a_part_of_the_symptom_to_show_there() -> None:
    """What is plain by itself, or by two series together, is a cause though its callers are quiet."""
    quiet = {"shop": 1.0, "payments": 1.0, "ledger": 13.0}
    assert [item.path for item in candidates("shop", quiet, TOPOLOGY)] == [("ledger", "payments", "shop")]
    faint = {**quiet, "ledger": 3.9}
    assert candidates("shop", faint, TOPOLOGY, together=faint) == []
    assert [item.node for item in candidates("shop", faint, TOPOLOGY, together={"ledger": 5.4})] == ["ledger"]
    loud = {**quiet, "shop": 9.0, "stock": 9.0}
    assert candidates("shop", loud, TOPOLOGY)[0].node == "stock"


def test_what_waits_for_a_cause_behind_quiet_ones_is_not_it() -> None:
    """The shop is slow, payments are quiet, and the ledger takes its time by traces: it is the ledger."""
    moved = {"shop": 100.0, "payments": 1.0, "ledger": 100.0}
    assert [item.node for item in candidates("shop", moved, TOPOLOGY)] == ["ledger", "shop"]


@pytest.mark.parametrize(("last", "is_silent"), [(2400, True), (3800, True), (4400, False), (4500, False)])
def test_a_service_that_is_no_longer_measured_is_named(last: int, is_silent: bool) -> None:
    """Whether its last point came before the incident or since; the newest minutes may still be to come."""
    times = [float(at) for at in range(0, last + 1, 15)]
    gone = ServiceSeries("cpu_usage", "", times, [1.0] * len(times))
    seen = metrics.facts([gone], "ledger", (3600.0, 4500.0), network=False)
    assert [fact["what"] for fact in seen] == [*["measured"] * is_silent, "cpu_usage"]


def measurement(what: str, expected: float, value: float, moved: float, labels: str = "") -> Observation:
    """Give what was seen of a series of the shop."""
    return Observation(
        what, "databases", what, "", node="shop", value=value, expected=expected, deviation=moved,
        details={"labels": labels},
    )  # fmt: skip


def test_what_follows_from_load_is_no_fault() -> None:
    """More requests, and a CPU that rises with them, blame nobody; a CPU that rises further does."""
    asked = measurement("requests_rate", 100, 300, 20)
    victim = load.unexplained([asked, measurement("cpu_usage", 0.2, 0.65, 15)])
    assert victim.farthest == {"shop": 0.0}
    culprit = load.unexplained([asked, measurement("cpu_usage", 0.2, 0.9, 15)])
    assert culprit.farthest == {"shop": 15.0}
    errors = measurement("http_requests_total", 1, 30, 12, "code=500")
    assert load.unexplained([asked, errors]).farthest == {"shop": 12.0}
    starved = load.unexplained(
        [measurement("requests_rate", 100, 40, -8), measurement("cpu_usage", 1, 0.42, -6)]
    )
    assert starved.farthest == {"shop": 0.0}


def test_an_odd_first_point_is_no_beginning() -> None:
    """A series that stays high began to be so where it rose, whatever its first point was."""
    values = [0.25, *[0.1] * 60, *[0.31] * 60]
    assert scores.begins([15.0 * at for at in range(121)], values) == 15.0 * 61


def test_what_is_over_again_began_before_its_end() -> None:
    """Of a pulse the beginning is given, though its end may explain more; of a step the step."""
    times = [float(minute) for minute in range(120)]
    pulse = [1.0 + minute % 3 / 10 + (60 <= minute < 90) for minute in range(120)]
    assert scores.begins(times, pulse) == 60
    step = [1.0 + minute % 3 / 10 + (minute >= 60) for minute in range(120)]
    assert scores.begins(times, step) == 60


def test_memory_that_is_short_drives_the_cpu() -> None:
    """Where both jump, memory is named first; a busy CPU alone is itself."""
    assert scores.by_resource({"x_cpu": 500.0, "x_mem": 60.0})[0][0] == "x_mem"
    assert scores.by_resource({"x_cpu": 500.0, "x_mem": 2.0})[0][0] == "x_cpu"
