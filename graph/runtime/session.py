"""Run a thread of the audit from outside a server: one runner a thread, progress as it comes."""

from __future__ import annotations

import fcntl
import hashlib
import signal
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.checkpoint.serde.types import INTERRUPT
from langgraph.errors import GraphDrained
from langgraph.runtime import RunControl
from langgraph.types import Command

from graph.audit import build
from graph.runtime.checkpoints import open_checkpointer
from graph.runtime.context import AuditContext
from tools.core import settings
from tools.core.errors import RunError, SettingsError
from tools.runs import run_files

Watch = Callable[[str, Any], None]
PATIENCE = 120.0  # seconds that an answer waits for another one
POLL = 0.1
Build = Callable[[BaseCheckpointSaver[str]], Any]  # a graph with a checkpointer: the audit's, unless told


@dataclass(frozen=True)
class Standing:
    """Where a thread stands: its state, what it asks a person, and which nodes come next."""

    thread_id: str
    values: Mapping[str, Any]
    asked: Mapping[str, Any] | None
    interrupt_id: str | None
    next: tuple[str, ...]

    @property
    def run_id(self) -> str:
        """The run in the store; empty before it was opened."""
        return str(self.values.get("run_id", ""))


def start(
    given: Mapping[str, Any],
    *,
    thread_id: str | None = None,
    token: str | None = None,
    watch: Watch | None = None,
    graph: Build = build,
) -> Standing:
    """Start an audit on a new thread and run it to its end, or to a person.

    given: sources, and optionally rules and as_of. watch gets (stream mode, chunk).
    """
    return _run(thread_id or str(uuid.uuid4()), dict(given), token, watch, graph)


def answer(
    thread_id: str,
    decisions: list[dict[str, Any]],
    *,
    token: str | None = None,
    watch: Watch | None = None,
    graph: Build = build,
) -> Standing:
    """Answer what a thread asks, after whoever is answering it. Raises RunError when it asks nothing."""
    with _alone(thread_id, patience=PATIENCE):
        standing = look(thread_id, graph)  # not before: another answer moves the question on
        if standing.interrupt_id is None:
            raise RunError(
                "this run asks nothing.", place=standing.run_id, remedy="See it with: tieout show RUN"
            )
        command: Command[Any] = Command(resume={standing.interrupt_id: {"decisions": decisions}})
        _go(thread_id, command, token, watch, graph)
        return look(thread_id, graph)


def resume(thread_id: str, *, token: str | None = None, watch: Watch | None = None) -> Standing:
    """Go on with a thread that was killed or paused. One that waits for a person, or is done, stays so."""
    standing = look(thread_id)
    if standing.asked is not None or not standing.next:
        return standing
    return _run(thread_id, None, token, watch, build)


def look(thread_id: str, graph: Build = build) -> Standing:
    """Read where a thread stands. Raises RunError for one that nobody started."""
    with open_checkpointer() as checkpointer:
        snapshot = graph(checkpointer).get_state(_config(thread_id))
    if snapshot.created_at is None:
        raise RunError("no checkpoint of this run is kept.", place=thread_id, remedy="Start it again.")
    asked = snapshot.interrupts[0] if snapshot.interrupts else None
    return Standing(
        thread_id,
        snapshot.values,
        asked.value if asked else None,
        asked.id if asked else None,
        # Not snapshot.next: it leaves out a task that had finished when the process died.
        tuple(task.name for task in snapshot.tasks),
    )


def graph_of(thread_id: str) -> str:
    """Name the graph that last ran on a thread, as the Server knows it; empty where no Server ran it."""
    with open_checkpointer() as checkpointer:
        kept = checkpointer.get_tuple(_config(thread_id))
    metadata: Mapping[str, Any] = kept.metadata if kept else {}
    return str(metadata.get("graph_id", ""))


def interrupts_of(thread_id: str) -> frozenset[str]:
    """Give the ids of the interrupts at which a thread waits, of whatever graph; none for a stranger."""
    with open_checkpointer() as checkpointer:
        kept = checkpointer.get_tuple(_config(thread_id))
    written = (kept.pending_writes or []) if kept else []
    return frozenset(one.id for _, channel, values in written if channel == INTERRUPT for one in values)


def _run(thread_id: str, given: Any, token: str | None, watch: Watch | None, graph: Build) -> Standing:  # noqa: ANN401 - LangGraph's own
    with _alone(thread_id):
        _go(thread_id, given, token, watch, graph)
        return look(thread_id, graph)  # as it was left: the next runner may wait for the lock already


def _go(thread_id: str, given: Any, token: str | None, watch: Watch | None, graph: Build) -> None:  # noqa: ANN401 - LangGraph's own
    run_files.require_thread(settings.load(), thread_id)  # before anything is recorded
    control = RunControl()
    with _draining(control), open_checkpointer() as checkpointer:
        stream = graph(checkpointer).stream(
            given,
            _config(thread_id),
            context=AuditContext(token=token),
            stream_mode=["updates", "custom", "tasks"],
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
            raise RunError(
                "stopped on request at the end of a step.", place=thread_id, remedy="Go on: tieout resume RUN"
            ) from None


def _config(thread_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": thread_id}}


@contextmanager
def _alone(thread_id: str, patience: float = 0) -> Iterator[None]:
    """Hold the thread's lock: concurrent runners of one thread lose updates without an error.

    patience: seconds to wait for another runner. Raises RunError when it is not done by then.
    """
    folder = Path(settings.load().workspace_url.removeprefix("file://")) / ".locks"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"the folder cannot be made: {error.strerror}.",
            place=f"setting WORKSPACE_URL ({settings.load().workspace_url})",
            remedy="Name one that can be written.",
        ) from None
    name = hashlib.sha256(thread_id.encode()).hexdigest()[:32]
    with (folder / name).open("w") as lock:
        if not _locked(lock.fileno(), patience):
            raise RunError(
                "another process is working on this run.", place=thread_id, remedy="Wait until it has ended."
            )
        yield


def _locked(file: int, patience: float) -> bool:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(POLL)
        else:
            return True


@contextmanager
def _draining(control: RunControl) -> Iterator[None]:
    """Stop at a step's end on SIGTERM, so that the run can be resumed without repeating anything."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def drain(_number: int, _frame: FrameType | None) -> None:
        control.request_drain()

    before = signal.signal(signal.SIGTERM, drain)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
