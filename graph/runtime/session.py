"""Start, answer, resume and look at a thread of any graph, outside a server: one runner a thread."""

from __future__ import annotations

import signal
import threading
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.serde.types import INTERRUPT
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command

from graph import catalogue
from graph.runtime.checkpoints import no_checkpoint, open_checkpointer
from graph.runtime.context import CallerContext
from tools.core import settings, stopping
from tools.core.errors import RunError
from tools.runs import run_files
from tools.runs.requesters import TaskClaim
from tools.runs.thread_lock import thread_lock
from tools.store import open_store, runs

Watch = Callable[[str, Any], None]
ANSWER_WAIT = 120.0  # seconds that an answer waits for another one
AUDIT = "audit"


@dataclass(frozen=True)
class ThreadState:
    """Where a thread is: its state, what it asks a person, and which nodes come next."""

    thread_id: str
    values: Mapping[str, Any]
    asked: Mapping[str, Any] | None
    interrupt_id: str | None
    next: tuple[str, ...]
    waits_for: str = ""  # what happens elsewhere, and goes on with it: see wake

    @property
    def left(self) -> bool:
        """Say whether the next node could run now: nobody is asked, and nothing has to happen before."""
        return bool(self.next) and self.asked is None and not self.waits_for

    @property
    def run_id(self) -> str:
        """The run in the store; empty before it was opened."""
        return str(self.values.get("run_id", ""))


def start(
    values: Mapping[str, Any],
    *,
    graph: str = AUDIT,
    thread_id: str | None = None,
    token: str | None = None,
    claim: TaskClaim | None = None,
    watch: Watch | None = None,
) -> ThreadState:
    """Start a graph on a new thread and run it to its end, or to a person.

    values: the graph's input; an audit's: sources, and optionally rules and as_of. token: who starts it;
    claim: a worker's, who then starts it for whoever asked for its task. watch gets (stream mode, chunk).
    """
    caller = CallerContext(token=token, claim=claim)
    return _run(thread_id or str(uuid.uuid4()), dict(values), caller, watch, graph)


def answer(
    thread_id: str,
    decisions: list[dict[str, Any]],
    *,
    token: str | None = None,
    watch: Watch | None = None,
    leave_work: bool = False,
) -> ThreadState:
    """Answer what a thread asks, after whoever is answering it. Raises RunError when it asks nothing.

    leave_work: act on the answer, and stop before a node that does work: `left` says whether there is one.
    """
    with thread_lock(settings.load(), thread_id, ANSWER_WAIT):
        graph = graph_of(thread_id)
        thread = _look(thread_id, graph)  # not before: another answer moves the question on
        if thread.asked is None:
            raise RunError(
                "this run asks nothing.", place=thread.run_id, remedy="See it with: tieout show RUN"
            )
        command: Command[Any] = Command(resume={thread.interrupt_id: {"decisions": decisions}})
        _go(thread_id, command, CallerContext(token=token), watch, graph, leave_work=leave_work)
        return _look(thread_id, graph)


def resume(
    thread_id: str,
    *,
    token: str | None = None,
    claim: TaskClaim | None = None,
    watch: Watch | None = None,
    within_folders: bool = False,
) -> ThreadState:
    """Go on with a thread that was killed or paused. One that waits for a person, or is done, stays so.

    within_folders: what is read of files that a caller named lies in the desk's folders.
    """
    graph = graph_of(thread_id)
    thread = _look(thread_id, graph)
    if thread.asked is not None or not thread.next:
        return thread
    if thread.waits_for:
        return wake(thread_id, watch=watch)
    return _run(thread_id, None, CallerContext(token, claim, within_folders), watch, graph)


def wake(thread_id: str, *, watch: Watch | None = None) -> ThreadState:
    """Go on with a thread that waits for what happens elsewhere; one that waits for a person alone stays so.

    Whoever runs the thread now is waited for: they may have looked before it happened.
    """
    with thread_lock(settings.load(), thread_id, ANSWER_WAIT):
        graph = graph_of(thread_id)
        thread = _look(thread_id, graph)
        if not thread.next or (thread.asked is not None and not thread.waits_for):
            return thread
        woken = _woken(thread.interrupt_id) if thread.waits_for else None
        _go(thread_id, woken, CallerContext(), watch, graph)
        return _look(thread_id, graph)


def _woken(interrupt_id: str | None) -> Command[Any]:
    return Command(resume={interrupt_id or "": {"woken": True}})


def look(thread_id: str) -> ThreadState:
    """Read where a thread is. Raises RunError for one that nobody started."""
    return _look(thread_id, graph_of(thread_id))


def graph_of(thread_id: str) -> str:
    """Name the graph of a thread: as its run has it, else as the Server does, else the audit."""
    run = runs.of_thread(open_store(settings.load().database_url), thread_id)
    return run.graph if run else served_graph_of(thread_id) or AUDIT


def _look(thread_id: str, graph: str) -> ThreadState:
    with open_checkpointer() as checkpointer:
        snapshot = catalogue.entry(graph).read(checkpointer).get_state(_config(thread_id))
    if snapshot.created_at is None:
        raise no_checkpoint(thread_id)
    pending = snapshot.interrupts[0] if snapshot.interrupts else None
    waits_for = str(pending.value.get("waits_for", "")) if pending else ""
    asks = pending is not None and (not waits_for or "request_id" in pending.value)
    return ThreadState(
        thread_id,
        snapshot.values,
        pending.value if pending and asks else None,
        pending.id if pending else None,
        # Not snapshot.next: it leaves out a task that had finished when the process died.
        tuple(task.name for task in snapshot.tasks),
        waits_for,
    )


def served_graph_of(thread_id: str) -> str:
    """Name the graph that last ran on a thread, as the Server knows it; empty where no Server ran it."""
    with open_checkpointer() as checkpointer:
        saved = checkpointer.get_tuple(_config(thread_id))
    metadata: Mapping[str, Any] = saved.metadata if saved else {}
    return str(metadata.get("graph_id", ""))


def interrupts_of(thread_id: str) -> frozenset[str]:
    """Give the ids of the interrupts at which a thread waits, of whatever graph; none for a stranger."""
    with open_checkpointer() as checkpointer:
        saved = checkpointer.get_tuple(_config(thread_id))
    written = (saved.pending_writes or []) if saved else []
    return frozenset(value.id for _, channel, values in written if channel == INTERRUPT for value in values)


def _run(
    thread_id: str, values: object, caller: CallerContext, watch: Watch | None, graph: str
) -> ThreadState:
    with thread_lock(settings.load(), thread_id):
        _go(thread_id, values, caller, watch, graph)
        return _look(thread_id, graph)  # as it was left: the next runner may wait for the lock already


def _go(
    thread_id: str,
    values: object,
    caller: CallerContext,
    watch: Watch | None,
    graph: str,
    *,
    leave_work: bool = False,
) -> None:
    run_files.require_thread(settings.load(), thread_id)  # before anything is recorded
    control = RunControl()
    entry = catalogue.entry(graph)
    with _draining(control), open_checkpointer() as checkpointer:
        built = entry.read(checkpointer)
        stream = built.stream(
            values,
            _config(thread_id),
            context=caller,
            stream_mode=["updates", "custom", "tasks"],
            interrupt_before=entry.work(built) if leave_work else None,
            durability="sync",
            control=control,
        )
        try:
            # Closed before the checkpointer is: threads of the graph may still write to it.
            with closing(cast("Generator[tuple[str, Any]]", stream)) as chunks:
                for mode, chunk in chunks:
                    if watch:
                        watch(mode, chunk)
        except GraphDrained:
            raise stopping.StoppedError(
                "stopped on request at the end of a step.", place=thread_id, remedy="Go on: tieout resume RUN"
            ) from None


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}


@contextmanager
def _draining(control: RunControl) -> Iterator[None]:
    """Stop on SIGTERM or Ctrl-C at a step's end, or between two files: the run can be resumed."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def drain(number: int, frame: FrameType | None) -> None:
        stopping.request()  # a step that reads for long looks at it
        control.request_drain()
        if number == signal.SIGINT:
            signal.default_int_handler(number, frame)

    before = {number: signal.signal(number, drain) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        with stopping.fresh():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
