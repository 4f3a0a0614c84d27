"""Traces of runs reach a collector; one that fails, hangs or is not there costs no run anything."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

from tests.desk.shell import tieout
from tests.graph.collector import Collector, collecting
from tests.graph.small import OURS, TOKENS, settings_of, write_books
from tests.ports import free_port
from tools.operations import spans
from tools.operations.span import root_id_of, trace_id_of
from tools.store import open_store, runs

WAITING, CLOSED = 3, 0  # exit codes


def _audit(folder: Path, **more: str) -> tuple[int, str]:
    completed = tieout("audit", str(folder / "sources.yaml"), cwd=folder, **settings_of(folder), **more)
    return completed.returncode, completed.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give small books."""
    write_books(tmp_path)
    return tmp_path


def test_one_run_is_one_trace_over_its_processes(folder: Path) -> None:
    """Nodes of the process that began and of the one that answered hang under the run, in one trace."""
    with collecting() as collector:
        endpoint = {"TIEOUT_OTLP_ENDPOINT": collector.url}
        assert _audit(folder, **endpoint)[0] == WAITING
        run = runs.list_runs(open_store(settings_of(folder)["DATABASE_URL"]))[0]
        for user in ("omar", "dana"):
            completed = tieout(
                "approve",
                run.run_id,
                "--all",
                cwd=folder,
                **settings_of(folder),
                **endpoint,
                TIEOUT_TOKEN=TOKENS[user],
            )
        assert completed.returncode == CLOSED, completed.stderr
        _assert_one_trace(collector, run.run_id)
    assert set(collector.paths) == {"/v1/traces"}


def _assert_one_trace(collector: Collector, run_id: str) -> None:
    trace, root = trace_id_of(run_id).to_bytes(16), root_id_of(run_id).to_bytes(8)
    assert {span.trace_id for span in collector.spans} == {trace}
    (whole,) = collector.named("run audit")
    assert (whole.span_id, whole.parent_span_id) == (root, b"")
    nodes = [span for span in collector.spans if span is not whole]
    assert {span.parent_span_id for span in nodes} == {root}
    assert {"audit.open_run", "audit.reconcile", "audit.await_approval", "audit.close_run"} <= {
        span.name for span in nodes
    }
    assert all(whole.start_time_unix_nano <= span.end_time_unix_nano for span in nodes)
    outcomes = [
        attribute.value.string_value
        for span in collector.named("audit.await_approval")
        for attribute in span.attributes
        if attribute.key == "tieout.outcome"
    ]
    assert {"waiting", "done"} <= set(outcomes)
    sent_bytes = b"".join(span.SerializeToString() for span in collector.spans)
    for private in (OURS, "omar", "dana", "Alder", "card.csv"):
        assert private.encode() not in sent_bytes


def test_a_failed_node_says_what_kind_of_error(folder: Path) -> None:
    """The error's class alone: its message may name people and vendors."""
    from graph.runtime.record_node import record_node  # noqa: PLC0415 - after the settings
    from tests.desk.seeded import RUN, seed_store  # noqa: PLC0415 - imported when used

    url = f"sqlite:///{folder}/other.db"
    seed_store(url).close()

    def act(_: dict[str, str]) -> None:
        raise ZeroDivisionError("of dana")

    with collecting() as collector, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", url)
        patch.setenv("TIEOUT_OTLP_ENDPOINT", collector.url)
        with pytest.raises(ZeroDivisionError):
            record_node(act, "small")({"run_id": RUN})
        exporter = spans._exporter(collector.url)  # noqa: SLF001 - what is sent at a process's end
        assert exporter
        exporter.close()
    (span,) = collector.named("small.act")
    assert (span.status.code, span.status.message) == (Status.STATUS_CODE_ERROR, "ZeroDivisionError")
    assert b"dana" not in span.SerializeToString()


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(name, marks=pytest.mark.exhaustive)
        for name in ("nonsense", "away", "refusing", "hanging")
    ],
)
def test_a_collector_that_fails_costs_a_run_nothing(folder: Path, fault: str) -> None:
    """The audit comes to the same, and ends while the collector still has not answered."""
    with collecting(503 if fault == "refusing" else 200, hangs=fault == "hanging") as collector:
        url = {"away": f"http://127.0.0.1:{free_port()}", "nonsense": "no address"}.get(fault, collector.url)
        code, errors = _audit(folder, TIEOUT_OTLP_ENDPOINT=url)
        assert not collector.released.is_set()
    assert (code, "Traceback" in errors) == (WAITING, False), errors
    assert errors.count("opentelemetry") <= 1, errors  # told once, not at each try
    assert collector.requested.is_set() == (fault in ("refusing", "hanging"))


@pytest.mark.exhaustive
def test_without_the_setting_nothing_is_imported(folder: Path) -> None:
    """The exporter costs who does not want it not even its import; LangSmith loads the SDK by itself."""
    script = (
        "import sys; from graph import audit; from tools.operations import span, spans;"
        "spans.emit(span.Span('r', 'g', 'n', 'done', 0));"
        "sys.exit(any(name.startswith('opentelemetry.exporter') for name in sys.modules))"
    )
    import subprocess  # noqa: PLC0415 - of this test alone

    completed = subprocess.run([sys.executable, "-c", script], cwd=Path.cwd(), check=False)
    assert completed.returncode == 0
    assert folder.is_dir()
