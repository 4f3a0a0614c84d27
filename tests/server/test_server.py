"""The audit over a real LangGraph Server: schemas, a streamed run, the interrupt, a kill, the resume."""

from __future__ import annotations

import sqlite3
import time
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest
from langgraph_sdk.errors import ConflictError, PermissionDeniedError
from langgraph_sdk.schema import Command

from graph.audit import NODES
from tests import http
from tests.graph.small import TOKENS, settings_of, write_books
from tests.server.served import Served, serving, until


def _inputs(served: Served) -> dict[str, str]:
    return {"sources": str(served.folder / "sources.yaml")}


def _values(served: Served, thread_id: str) -> dict[str, Any]:
    return cast("dict[str, Any]", served.client(TOKENS["riley"]).threads.get_state(thread_id)["values"])


def _interrupts(served: Served, thread_id: str) -> list[dict[str, Any]]:
    state = served.client(TOKENS["riley"]).threads.get_state(thread_id)
    return [dict(interrupt) for task in state["tasks"] for interrupt in task["interrupts"]]


def _approve(served: Served, thread_id: str, user: str) -> None:
    (question,) = _interrupts(served, thread_id)
    subjects = [action["args"]["subject"] for action in question["value"]["action_requests"]]
    answer = {"decisions": [{"type": "approve", "subject": name} for name in subjects]}
    served.client(TOKENS[user]).runs.wait(thread_id, "audit", command={"resume": {question["id"]: answer}})


def test_studio_finds_the_graph_and_its_schemas(served: Served) -> None:
    """The assistant, the drawing and the input schema are what Studio reads: no decision can be put in."""
    client = served.client()
    (assistant,) = client.assistants.search(graph_id="audit")
    drawing = client.assistants.get_graph(assistant["assistant_id"])
    schemas = client.assistants.get_schemas(assistant["assistant_id"])
    assert {node["id"] for node in drawing["nodes"]} >= {node.__name__ for node in NODES}
    assert set((schemas["input_schema"] or {})["properties"]) == {"sources", "rules", "as_of", "again_from"}


def test_studio_s_form_says_what_a_run_takes_and_its_default_runs(served: Served) -> None:
    """Every input has a title and a description; what the form begins with is the sample, and it runs."""
    client = served.client(TOKENS["riley"])
    (assistant,) = client.assistants.search(graph_id="audit")
    schema: dict[str, Any] = client.assistants.get_schemas(assistant["assistant_id"])["input_schema"] or {}
    assert all(field["title"] and field["description"] for field in schema["properties"].values())
    filled = {name: field["default"] for name, field in schema["properties"].items()}
    assert filled == {"sources": "samples/sources.yaml", "rules": "", "as_of": "", "again_from": ""}
    thread_id = client.threads.create()["thread_id"]
    updates = (
        part.data
        for part in client.runs.stream(
            thread_id, "audit", input=filled, stream_mode="updates", on_disconnect="cancel"
        )
        if part.event == "updates"
    )
    assert "open_run" in next(updates)  # its books are read; that it goes on to people is shown elsewhere
    updates.close()


@pytest.mark.parametrize(
    ("put_in", "message"),
    [
        ({}, "input: sources: is missing"),
        ({"sources": 5}, "input: sources: Input should be a valid string"),
        ({"sources": ["a"]}, "input: sources: Input should be a valid string"),
        ({"sources": "samples/sources.yaml", "asof": "2025-01-01"}, "input: asof: is no input"),
        ({"sources": "samples/sources.yaml", "as_of": "31.12.2025"}, "as_of: '31.12.2025' is not a day"),
        (5, "the input is an object"),
        ("samples/sources.yaml", "the input is an object"),
        ([], "the input is an object"),
    ],
)
def test_what_is_no_input_is_refused_plainly(served: Served, put_in: object, message: str) -> None:
    """Whatever a client sends, it is told what a run takes; no run is begun."""
    before = _runs(served)
    answer = http.post(
        f"{served.url}/runs/wait",
        json={"assistant_id": "audit", "input": put_in},
        headers={"Authorization": f"Bearer {TOKENS['riley']}"},
        timeout=60,
    )
    assert message in answer.text
    assert "Traceback" not in answer.text
    assert _runs(served) == before


def _runs(served: Served) -> list[Any]:
    path = served.folder / "desk" / "tieout.db"
    with sqlite3.connect(path) as store:
        has_runs = store.execute("SELECT 1 FROM sqlite_master WHERE name = 'run'").fetchall()
        return store.execute("SELECT run_id FROM run ORDER BY 1").fetchall() if has_runs else []


def test_from_streamed_run_over_a_kill_to_approved_flags(tmp_path: Path) -> None:
    """A run streams, stops at a person, survives kill -9 of the server, and is approved by two people."""
    write_books(tmp_path)
    settings = settings_of(tmp_path)
    with serving(tmp_path, settings) as first:
        client = first.client(TOKENS["riley"])
        thread_id = client.threads.create()["thread_id"]
        events = [
            part.event
            for part in client.runs.stream(
                thread_id, "audit", input=_inputs(first), stream_mode=["updates", "custom"]
            )
        ]
        assert {"updates", "custom"} <= set(events)
        before = _interrupts(first, thread_id)
        first.kill()
    with serving(tmp_path, settings) as second:
        # The in-memory server writes down which threads it knows every ten seconds; their state is ours.
        second.client(TOKENS["riley"]).threads.create(
            thread_id=thread_id, graph_id="audit", if_exists="do_nothing"
        )
        assert _interrupts(second, thread_id) == before
        _approve(second, thread_id, "dana")
        if _interrupts(second, thread_id):
            _approve(second, thread_id, "omar")
        assert _interrupts(second, thread_id) == []
        values = _values(second, thread_id)
    assert values["outcome"] == "flagged"
    with sqlite3.connect(tmp_path / "desk" / "tieout.db") as store:
        undecided = store.execute("SELECT count(*) FROM flag WHERE status = 'proposed'").fetchone()
        signed = store.execute("SELECT DISTINCT by FROM decision ORDER BY 1").fetchall()
    assert undecided == (0,)
    assert signed[0] == ("dana",)


def test_money_arrives_exact(served: Served) -> None:
    """Sums are decimal text, to the cent, on the other side of HTTP."""
    client = served.client(TOKENS["riley"])
    thread_id = client.threads.create()["thread_id"]
    client.runs.wait(thread_id, "audit", input=_inputs(served))
    totals = {total["source"]: total["sum"] for total in _values(served, thread_id)["totals"]}
    assert totals["bank"] == _bank_sum(served.folder)


def test_the_work_of_a_run_is_a_worker_s(served: Served) -> None:
    """A run of the API is a task in its starter's name; its steps are streamed, and what it asks."""
    client = served.client(TOKENS["riley"])
    inputs = {"sources": str(write_books(served.folder / "Worked Ltd", entity="Worked Ltd"))}
    thread_id = client.threads.create()["thread_id"]
    parts = list(client.runs.stream(thread_id, "audit", input=inputs, stream_mode=["updates", "values"]))
    steps = [name for part in parts if part.event == "updates" for name in part.data]
    assert steps[0] == "open_run"
    assert {"check_data_quality", "reconcile", "detect_anomalies", "propose_flags"} <= set(steps)
    assert steps[-1] == "__interrupt__"
    assert parts[-1].data["__interrupt__"][0]["value"]["action_requests"]
    with sqlite3.connect(served.folder / "desk" / "tieout.db") as store:
        task = "SELECT requested_by, status, worker FROM task WHERE idempotency_key LIKE ?"
        ((by, status, worker),) = store.execute(task, (f"served {thread_id} %",)).fetchall()
        ((pid,),) = store.execute("SELECT pid FROM worker WHERE name = ?", (worker,)).fetchall()
    assert (by, status) == ("riley", "succeeded")
    assert pid != served.process.pid


def test_a_run_that_is_called_off_is_taken_from_its_worker(served: Served) -> None:
    """Nothing goes on in the background; the worker ends with what it lost, and another takes its place."""
    client = served.client(TOKENS["riley"])
    inputs = {"sources": str(write_books(served.folder / "Off Ltd", entity="Off Ltd"))}
    thread_id = client.threads.create()["thread_id"]
    run = client.runs.create(thread_id, "audit", input=inputs)
    while not (tasks := _tasks(served, thread_id)):
        time.sleep(0.2)
    client.runs.cancel(thread_id, run["run_id"], wait=True)
    assert tasks[0] in ("ready", "running")
    assert _tasks(served, thread_id) == ["cancelled"]


def _tasks(served: Served, thread_id: str) -> list[str]:
    with sqlite3.connect(served.folder / "desk" / "tieout.db") as store:
        query = "SELECT status FROM task WHERE idempotency_key LIKE ?"
        return [status for (status,) in store.execute(query, (f"served {thread_id} %",))]


def _bank_sum(folder: Path) -> str:
    lines = (folder / "bank.csv").read_text().splitlines()[1:]
    return f"{sum(Decimal(line.rsplit(',', 1)[1]) for line in lines):.2f}"


def test_a_second_run_of_the_thread_is_refused(served: Served) -> None:
    """While one run works on a thread, another gets 409."""
    client = served.client(TOKENS["riley"])
    thread_id = client.threads.create()["thread_id"]
    client.runs.create(thread_id, "audit", input=_inputs(served))
    with pytest.raises(ConflictError):
        client.runs.create(thread_id, "audit", input=_inputs(served), multitask_strategy="reject")
    until(served, thread_id, "interrupted", "idle", "error", token=TOKENS["riley"])


def test_nobody_steers_from_outside(served: Served) -> None:
    """Writing state, and commands that update or jump, are refused for every role."""
    client = served.client(TOKENS["omar"])
    thread_id = client.threads.create()["thread_id"]
    with pytest.raises(PermissionDeniedError):
        client.threads.update_state(thread_id, {"outcome": "clean"}, as_node="close_run")
    steering: tuple[Command, ...] = ({"update": {"outcome": "clean"}}, {"goto": "close_run"})
    for command in steering:
        with pytest.raises(PermissionDeniedError):
            client.runs.create(thread_id, "audit", command=command)
