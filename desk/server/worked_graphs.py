"""The graphs as `tieout serve` has them: what works in a run is done by a worker, and the Server follows it.

The Server takes an input or an answer, and acts on a word (moments); before the first node that does work it
puts the run down as a task of whoever called, and streams each step that the worker has finished.
Each graph of the catalogue is here under its own name, for the Server's configuration to name.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, suppress
from typing import Any, Final

import structlog
from langgraph.checkpoint.serde.types import INTERRUPT

from desk import task_waits
from desk.server import followed_steps
from desk.server.followed_steps import FinishedStep, StreamRequest
from graph import catalogue
from graph.runtime.checked_input import CheckedGraph
from tools.core import settings
from tools.core.errors import RunError
from tools.runs import tasks
from tools.store import Store, open_store
from tools.store.models import ENDED, Task

_LOOK_SECONDS: Final = 0.3
_log = structlog.stdlib.get_logger(__name__)


class WorkedGraph(CheckedGraph):
    """A graph whose work is done by the desk's workers."""

    async def astream(self, input: Any, config: Any = None, **more: Any) -> AsyncIterator[Any]:  # noqa: A002, ANN401 - LangGraph's own names
        """Stream as LangGraph does: what is acted on here, then what a worker does.

        Raises RunError with the reason where the worker's task fails or is called off. A caller who calls the
        run off takes the task from its worker.
        """
        places, store = config["configurable"], await asyncio.to_thread(_store)
        key = f"served {places['thread_id']} {places['run_id']}"
        if await asyncio.to_thread(tasks.of_key, store, key) is None:  # else the Server was killed meanwhile
            work = catalogue.entry(places["graph_id"]).work(self)
            async for chunk in super().astream(input, config, **{**more, "interrupt_before": work}):
                if not _is_stop(chunk):
                    yield chunk
            standing = await followed_steps.state(self, places["thread_id"])
            if standing.interrupts or not standing.tasks:
                return
        request = StreamRequest.of(more, self.output_channels)
        async with aclosing(self._followed(store, key, places)) as steps:
            async for step in steps:
                for chunk in request.chunks(step):
                    yield chunk

    async def _followed(
        self, store: Store, key: str, places: Mapping[str, Any]
    ) -> AsyncGenerator[FinishedStep]:
        """Put the work down, once, and give each step that a worker finishes, and then what it asks."""
        enqueued = asyncio.ensure_future(asyncio.to_thread(_put_down, store, key, places))
        try:
            task_id = (await asyncio.shield(enqueued)).task_id
            async for step in self._steps(store, task_id, places["thread_id"]):
                yield step
        except (asyncio.CancelledError, GeneratorExit):
            await asyncio.to_thread(_call_off, store, (await enqueued).task_id)
            raise
        task = await asyncio.to_thread(tasks.get, store, task_id)
        if task.status != "succeeded":
            raise RunError(task.error or "the run was called off.", remedy="See: tieout tasks")
        standing = await followed_steps.state(self, places["thread_id"])
        if standing.interrupts:
            yield FinishedStep(standing, asks=True)

    async def _steps(self, store: Store, task_id: str, thread_id: str) -> AsyncIterator[FinishedStep]:
        last, waits = FinishedStep(await followed_steps.state(self, thread_id)).checkpoint_id, False
        while True:
            task = await asyncio.to_thread(tasks.get, store, task_id)
            async for step in followed_steps.since(self, thread_id, last):
                last = step.checkpoint_id
                yield step
            if task.status in ENDED:
                return
            if not waits and await asyncio.to_thread(task_waits.is_unattended, store, task):
                waits = True
                _log.warning("a run waits for a worker: tieout work", task=task_id, thread=thread_id)
            await asyncio.sleep(_LOOK_SECONDS)


def _is_stop(chunk: Any) -> bool:  # noqa: ANN401 - LangGraph's chunks
    """Say whether a chunk says that the graph stopped before a node, which asks nobody anything."""
    data = (
        chunk.get("data") if isinstance(chunk, Mapping) else chunk[-1] if isinstance(chunk, tuple) else chunk
    )
    return isinstance(data, Mapping) and data.get(INTERRUPT) == () and len(data) == 1


def _store() -> Store:
    return open_store(settings.load().database_url)


def _put_down(store: Store, key: str, places: Mapping[str, Any]) -> Task:
    parameters = {
        "graph": places["graph_id"],
        "input": {},
        "thread_id": str(places["thread_id"]),
        "within_folders": True,
    }
    user = str(places.get("langgraph_auth_user_id") or "local:server")
    return tasks.enqueue(store, "start_graph", parameters, key=key, requested_by=user)


def _call_off(store: Store, task_id: str) -> None:
    with suppress(RunError):  # it has ended meanwhile
        tasks.cancel(store, task_id)


def _worked(entry: catalogue.GraphEntry) -> Any:  # noqa: ANN401 - a graph's own generics
    graph = entry.build()
    graph.__class__ = WorkedGraph  # LangGraph compiles to its own class alone; ours has no state of its own
    return graph


globals().update({entry.name: _worked(entry) for entry in catalogue.entries()})
