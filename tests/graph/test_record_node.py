"""Every node of every graph is recorded: on the trail, in the counts, in the run's status."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
import structlog
from langgraph.graph import START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import interrupt
from typing_extensions import TypedDict

from graph import audit, feedback, investigation
from graph.runtime.record_node import Node, record_node
from tests.desk.seeded import RUN, seed_store
from tools.core.errors import UsageError
from tools.store import Store, node_counts, runs, trail
from tools.store.models import Run


class Small(TypedDict):
    """A state of one run."""

    run_id: str
    answered: list[dict[str, str]]


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give the store of a desk with one run."""
    url = f"sqlite:///{tmp_path}/tieout.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return seed_store(url)


def _small(node: Node, **options: Any) -> object:  # noqa: ANN401 - record_node's own options
    small = StateGraph(Small)
    small.add_node("act", record_node(node, "small", **options))
    small.add_edge(START, "act")
    return small.compile().invoke({"run_id": RUN, "answered": []})


def _node_counts(store: Store) -> list[tuple[str, str, str, int]]:
    with store.read() as session:
        return [(row.graph, row.node, row.outcome, row.executions) for row in node_counts.totals(session)]


def test_a_finished_node_leaves_an_entry_and_a_count(store: Store) -> None:
    """Its people are the actor, the tables that it names are its sizes, and its log lines carry its place."""
    bound: list[dict[str, Any]] = []

    def act(state: Small) -> dict[str, Any]:
        bound.append(structlog.contextvars.get_contextvars())
        return {"answered": [{"by": "omar"}, {"by": "dana"}], "run_id": state["run_id"]}

    before = len(trail.entries(store, RUN))
    _small(act)
    (entry,) = trail.entries(store, RUN)[before:]
    assert (entry["actor"], entry["action"], entry["error"]) == ("dana, omar", "act", "")
    assert _node_counts(store) == [("small", "act", "done", 1)]
    assert bound == [{"graph": "small", "node": "act", "run_id": RUN}]
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize(("error", "lines"), [(UsageError("no such day."), 0), (ZeroDivisionError(), 1)])
def test_a_failure_goes_to_the_run(store: Store, error: Exception, lines: int) -> None:
    """The run fails with the error's words; a programmer's error has its traceback on the trail."""

    def act(_: Small) -> None:
        raise error

    with pytest.raises(type(error)):
        _small(act)
    entry = trail.entries(store, RUN)[-1]
    run = runs.get(store, RUN)
    assert (run.status, run.error) == ("failed", str(error))
    assert entry["error"].startswith(type(error).__name__)
    assert entry["details"].get("traceback", "").count("ZeroDivisionError") >= lines
    assert _node_counts(store) == [("small", "act", "failed", 1)]


def test_the_failure_itself_reaches_the_caller(store: Store) -> None:
    """A run that has ended takes no failure any more: the node's error is raised, the log says so."""
    runs.set_status(store, RUN, "open")

    def act(state: Small) -> None:
        with store.begin() as session:
            run = session.get(Run, state["run_id"])
            assert run
            run.status = "closed"
        raise ZeroDivisionError

    with structlog.testing.capture_logs() as lines, pytest.raises(ZeroDivisionError):
        _small(act)
    assert [line["error"] for line in lines] == [f"run {RUN} is closed. Start another with 'tieout audit'."]


def test_a_result_may_say_how_a_node_ended(store: Store) -> None:
    """A check never raises: its result says that it failed or is degraded."""

    def act(_: Small) -> dict[str, Any]:
        return {"answered": []}

    _small(act, outcome=lambda _: "degraded")
    assert _node_counts(store) == [("small", "act", "degraded", 1)]
    assert audit.check_outcome({"checks": {"quality": {"status": "degraded"}}}) == "degraded"
    assert audit.check_outcome({"checks": {"quality": {"status": "ran"}}}) == "done"
    assert audit.check_outcome({"merged": {}}) == "done"


def test_waiting_is_not_recorded(store: Store) -> None:
    """A node that asks a person has not finished."""

    def act(_: Small) -> dict[str, Any]:
        interrupt("what now?")
        return {}

    before = len(trail.entries(store, RUN))
    small = StateGraph(Small)
    small.add_node("act", record_node(act, "small"))
    small.add_edge(START, "act")
    from langgraph.checkpoint.memory import InMemorySaver  # noqa: PLC0415 - of this test alone

    graph = small.compile(checkpointer=InMemorySaver())
    graph.invoke({"run_id": RUN, "answered": []}, {"configurable": {"thread_id": "t"}})
    assert len(trail.entries(store, RUN)) == before
    assert _node_counts(store) == []


def test_a_node_without_a_run_is_counted(store: Store) -> None:
    """Before a run was opened there is no trail to write on, and the failure still counts."""

    def act(_: dict[str, str]) -> None:
        raise UsageError("no such file.")

    with pytest.raises(UsageError):
        record_node(act, "small")({})
    assert _node_counts(store) == [("small", "act", "failed", 1)]


def test_counts_are_exact_under_concurrency(store: Store) -> None:
    """Eight threads that record at once lose no execution: as many are counted as stand on the trail."""

    def act(_: Small) -> dict[str, str]:
        return {}

    recorded = record_node(act, "small")
    before = len(trail.entries(store, RUN))
    threads = [
        threading.Thread(target=lambda: [recorded({"run_id": RUN}) for _ in range(10)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as session:
        counted = sum(row.executions for row in node_counts.totals(session))
    assert (counted, len(trail.entries(store, RUN)) - before) == (80, 80)


def _wrapped(bound: object) -> bool:
    code = getattr(getattr(bound, "func", None), "__code__", None)
    return code is not None and Path(code.co_filename).name == "record_node.py"


@pytest.mark.parametrize(
    "built",
    [audit.build(), feedback.build(), investigation.build_investigation(), investigation.build_observer()],
    ids=["audit", "feedback", "investigation", "observer"],
)
def test_every_node_of_every_graph_is_recorded(built: CompiledStateGraph[Any, Any, Any, Any]) -> None:
    """Each goes through the wrapper; what is a graph itself has nodes of its own that do."""
    nodes = {name: node.bound for name, node in built.nodes.items() if name != START}
    inner = {name for name, bound in nodes.items() if isinstance(bound, CompiledStateGraph)}
    recorded = {name for name, bound in nodes.items() if _wrapped(bound)}
    assert inner | recorded == set(nodes)
    assert len(nodes) > 1
