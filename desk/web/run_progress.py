"""How far a run is, node by node: from its trail, and from its checkpoint while it works."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from graph import catalogue
from graph.catalogue import GraphEntry
from graph.runtime import session
from tools.core.errors import TieoutError
from tools.store import Store, trail
from tools.store.models import Run

State = Literal["done", "running", "waiting", "failed", "ahead", "skipped"]
_MADE = {
    "snapshot": ("row", "rows"),
    "finding": ("finding", "findings"),
    "match": ("match", "matches"),
    "break": ("break", "breaks"),
    "learned_alias": ("other name learned", "other names learned"),
    "suspects": ("suspect", "suspects"),
    "evidence": ("hit in documents", "hits in documents"),
    "judged": ("row judged", "rows judged"),
    "tables.evidence": ("match weighed", "matches weighed"),
    "tables.weight": ("weight learned", "weights learned"),
}
_ENDED = ("closed", "abandoned")


class ProgressStep(TypedDict):
    """One node: its state, how often and how long it worked, what came of it."""

    node: str
    label: str
    state: State
    times: int
    seconds: float
    made: list[str]  # what came of it: "1,816 findings"
    error: str


def steps_of(store: Store, run: Run, *, asks: str = "") -> list[ProgressStep]:
    """Give the state of every node of a run. asks: the kind of the request at which it waits."""
    graph = catalogue.entry(run.graph)
    entries = [entry for entry in trail.entries(store, run.run_id) if entry["action"] in graph.labels]
    nexts = _next(graph, run, asks)
    steps = [_step(node, label, entries, nexts, run) for node, label in graph.labels.items()]
    return [_passed_by(step, steps[number + 1 :]) for number, step in enumerate(steps)]


def _passed_by(step: ProgressStep, later: list[ProgressStep]) -> ProgressStep:
    """Mark a node that the run went past: it is not ahead any more."""
    if step["state"] == "ahead" and any(
        later_step["state"] not in ("ahead", "skipped") for later_step in later
    ):
        step["state"] = "skipped"
    return step


def _step(
    node: str, label: str, entries: list[dict[str, Any]], nexts: Mapping[str, State], run: Run
) -> ProgressStep:
    mine = [entry for entry in entries if entry["action"] == node]
    state: State = "ahead" if run.status not in _ENDED else "skipped"
    if mine:
        state = "failed" if mine[-1]["error"] else "done"
    if node in nexts:
        state = (
            "failed"
            if nexts[node] == "running" and state == "failed" and run.status == "failed"
            else nexts[node]
        )
    return ProgressStep(
        node=node,
        label=label,
        state=state,
        times=len(mine),
        seconds=round(sum(entry["duration_ms"] for entry in mine) / 1000, 1),
        made=_table_sizes(mine[-1]["sizes"] or {}) if mine else [],
        error=mine[-1]["error"] if mine else "",
    )


def _table_sizes(sizes: Mapping[str, int]) -> list[str]:
    """Word how many rows a node wrote, by what they are."""
    phrases = []
    for name, rows in sizes.items():
        table = name.rpartition(".")[2]
        words = _MADE.get(".".join(name.split(".")[-2:])) or _MADE.get(table)
        singular, many = words or (table.replace("_", " "),) * 2
        phrases.append(f"{rows:,} {singular if rows == 1 else many}")
    return phrases


def _next(graph: GraphEntry, run: Run, asks: str) -> dict[str, State]:
    """Say which nodes are at work, or hold the run."""
    if run.status in _ENDED:
        return {}
    if asks:
        return {graph.waits[asks]: "waiting"} if asks in graph.waits else {}
    try:
        standing = session.look(run.thread_id)
    except TieoutError:  # nothing is kept of it yet, or any more
        return {next(iter(graph.labels)): "running"} if run.status == "open" else {}
    states: dict[str, State] = {"open": "running", "paused": "waiting"}
    return dict.fromkeys(standing.next, states.get(run.status, "failed"))
