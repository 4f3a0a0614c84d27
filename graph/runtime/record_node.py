"""Every node of every graph goes through this: trail entry, counts, span, log context, the run's status."""

from __future__ import annotations

import functools
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from tools.core import settings
from tools.core.digest import digest
from tools.core.errors import TieoutError
from tools.core.full_disk import FullDiskError, is_full
from tools.core.retries import PausedError
from tools.operations import spans
from tools.operations.span import RunSpan, Span
from tools.store import Store, node_counts, open_store, runs, trail

Node = Callable[..., Any]
Outcome = Callable[[Mapping[str, Any]], str]
Attributes = Callable[[Mapping[str, Any], Mapping[str, Any]], Mapping[str, str | int]]
_log = structlog.get_logger(__name__)
DONE, FAILED, PAUSED, WAITING = "done", "failed", "paused", "waiting"


@dataclass(frozen=True)
class Traced:
    """How a graph's spans are named and what they carry: ids and counts, of the state and the update."""

    prefix: str = ""
    attributes: Attributes = lambda _state, _update: {}


def record_node(
    node: Node, graph: str, outcome: Outcome = lambda _: DONE, traced: Traced | None = None
) -> Node:
    """Wrap a node of a graph so that each finished execution leaves a trail entry, a count and a span.

    The run is the one whose `run_id` stands in the state or in the node's update; a node without one is
    counted, and on no trail. A failure also goes to the run's status. Waiting for a person has not finished:
    it leaves a span alone. outcome: how an update that came back ended, where "done" says too little.
    traced: its spans, where graph.node and no attributes say too little.
    """

    @functools.wraps(node)
    def wrapper(state: Mapping[str, Any], **injected: object) -> object:
        work = _Execution(graph, node.__name__, state, traced or Traced(graph))
        bound = {"graph": graph, "node": node.__name__, "run_id": work.run_id}
        with structlog.contextvars.bound_contextvars(**bound):
            try:
                update = node(state, **injected)
            except Exception as error:
                if _is_waiting(error):
                    work.emit_span(WAITING)
                    raise
                plain = FullDiskError(settings.load().workspace_url) if is_full(error) else error
                work.fail(plain)
                if plain is error:
                    raise
                raise plain from error
            work.finish(update, outcome(update))
            return update

    return wrapper


def _is_waiting(error: Exception) -> bool:
    """Say whether a node waits for a person; only LangGraph says so, where it was imported at all."""
    errors = sys.modules.get("langgraph.errors")
    return errors is not None and isinstance(error, errors.GraphBubbleUp)


@dataclass
class _Execution:
    """One execution of a node, from its beginning."""

    graph: str
    node: str
    state: Mapping[str, Any]
    traced: Traced
    update: Mapping[str, Any] = field(default_factory=dict)
    error: Exception | None = None
    begun: int = field(default_factory=time.time_ns)
    started: float = field(default_factory=time.perf_counter)

    @property
    def run_id(self) -> str:
        """The run that the update names, or the state; empty before one was opened."""
        return str(self.update.get("run_id") or self.state.get("run_id") or "")

    def finish(self, update: Mapping[str, Any], outcome: str) -> None:
        """Record an execution that gave its update."""
        self.update = update
        self._record(outcome)
        self.emit_span(outcome)

    def fail(self, error: Exception) -> None:
        """Record a failure; where even that fails, the error itself still reaches the caller."""
        self.error = error
        outcome = PAUSED if isinstance(error, PausedError) else FAILED
        try:
            self._record(outcome)
            if outcome == FAILED and self.run_id:
                store = open_store(settings.load().database_url)
                runs.set_status(store, self.run_id, "failed", error=str(error))
        except TieoutError as unrecorded:
            _log.error("a failure could not be recorded", error=str(unrecorded))
        self.emit_span(outcome)

    def emit_span(self, outcome: str) -> None:
        """Give the execution to whoever collects traces."""
        failure = type(self.error).__name__ if self.error else ""
        name = f"{self.traced.prefix}.{self.node}"
        carried = self.traced.attributes(self.state, self.update)
        spans.emit(Span(self.run_id, self.graph, self.node, outcome, self.begun, failure, name, carried))
        if spans.is_on() and self.run_id:
            try:
                self._emit_run()
            except TieoutError as error:  # the work is done and recorded: only its picture is not whole
                _log.warning("the run's span could not be sent", error=str(error))

    def _emit_run(self) -> None:
        run = runs.get(open_store(settings.load().database_url), self.run_id)
        if run.status in runs.FINAL:
            begun = int(run.started_at.timestamp() * 1e9)
            spans.emit_run(RunSpan(run.run_id, self.graph, run.outcome or run.status, begun))

    def _record(self, outcome: str) -> None:
        seconds = time.perf_counter() - self.started
        store = open_store(settings.load().database_url)
        with store.begin():  # the count and the entry stand or fall together
            if self.run_id:
                self._append(store, seconds)
            node_counts.add(store, self.graph, self.node, outcome, seconds)

    def _append(self, store: Store, seconds: float) -> None:
        error = self.error
        trail.append(
            store,
            self.run_id,
            _actor(self.state, self.update),
            self.node,
            inputs=digest(dict(self.state)),
            outputs="" if error else digest(dict(self.update)),
            sizes=dict(_sizes("", self.update)),
            duration_ms=round(seconds * 1000),
            error=f"{type(error).__name__}: {error}" if error else "",
            details={"traceback": _traceback(error)} if error else {},
        )


def _actor(state: Mapping[str, Any], update: Mapping[str, Any]) -> str:
    """Name the people whose answers an update carries; without any, whoever started the run."""
    people = sorted({answer["by"] for answer in update.get("answered") or []})
    return ", ".join(people) or str(update.get("started_by") or state.get("started_by") or "tieout")


def _sizes(name: str, value: object) -> Iterator[tuple[str, int]]:
    """Give the rows of every table that an update refers to, under the table's place in it."""
    if not isinstance(value, Mapping):
        return
    if {"uri", "rows"} <= value.keys():
        yield name, int(value["rows"])
        return
    for key, inner in value.items():
        yield from _sizes(f"{name}.{key}".removeprefix("."), inner)


def _traceback(error: Exception) -> str:
    # A user's error explains itself; a programmer's needs its lines.
    return "" if isinstance(error, TieoutError) else "".join(traceback.format_exception(error))
