"""Each step of a thread that another process runs, as the stream of a run in this process would have it.

state(graph, thread_id)                            where it stands
since(graph, thread_id, checkpoint_id)             the steps after it, in order
StreamRequest.of(arguments, channels).chunks(step)         in the stream modes that a caller asked for
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final, Literal

from langgraph.checkpoint.serde.types import INTERRUPT
from langgraph.types import PregelTask, StateSnapshot

_ROOT: Final = ()


@dataclass(frozen=True)
class FinishedStep:
    """A thread after a step. updates: what each node of the step wrote, by its name; asks: the last one."""

    snapshot: StateSnapshot
    updates: Sequence[tuple[str, Any]] = ()
    asks: bool = False

    @property
    def checkpoint_id(self) -> str:
        """The checkpoint in which it is kept."""
        return _id(self.snapshot)


@dataclass(frozen=True)
class StreamRequest:
    """How a caller asked for a stream: modes, of which channels, with namespaces, in which form of chunks."""

    modes: Sequence[str]
    channels: Sequence[str]
    subgraphs: bool
    version: Literal["v1", "v2"]

    @classmethod
    def of(cls, arguments: Mapping[str, Any], channels: Sequence[str]) -> StreamRequest:
        """Read the arguments of `astream`. channels: of the graph's output, where they name none."""
        modes, keys = arguments.get("stream_mode") or ["values"], arguments.get("output_keys") or channels
        return cls(
            [modes] if isinstance(modes, str) else list(modes),
            [keys] if isinstance(keys, str) else list(keys),
            bool(arguments.get("subgraphs")),
            arguments.get("version") or "v1",
        )

    def chunks(self, step: FinishedStep) -> Iterator[Any]:
        """Give a step's chunks, as LangGraph does: what nodes wrote, then the state; or what is asked."""
        for mode, data in self._asking(step.snapshot) if step.asks else self._modes(step):
            if mode in self.modes:
                yield self._chunk(mode, data)

    def _modes(self, step: FinishedStep) -> Iterator[tuple[str, Any]]:
        for node, written in step.updates:
            yield "updates", {node: self._of_output(written)}
        yield "values", self._of_output(step.snapshot.values)
        yield from _checkpoint(step.snapshot)

    def _asking(self, snapshot: StateSnapshot) -> Iterator[tuple[str, Any]]:
        interrupts = {INTERRUPT: tuple(snapshot.interrupts)}
        yield from _checkpoint(snapshot)
        yield "updates", interrupts
        yield "values", {**self._of_output(snapshot.values), **interrupts}

    def _of_output(self, values: Any) -> Any:  # noqa: ANN401 - a state, or what a node wrote of it
        if not isinstance(values, Mapping):
            return values
        return {name: value for name, value in values.items() if name in self.channels}

    def _chunk(self, mode: str, data: Any) -> Any:  # noqa: ANN401 - LangGraph's own
        if self.version == "v1":
            return (_ROOT, mode, data) if self.subgraphs else (mode, data)
        chunk = {"type": mode, "ns": _ROOT, "data": data}
        if mode != "values":
            return chunk
        plain = {name: value for name, value in data.items() if name != INTERRUPT}
        return {**chunk, "data": plain, "interrupts": data.get(INTERRUPT, ())}


async def state(graph: Any, thread_id: str) -> StateSnapshot:  # noqa: ANN401 - a graph's own generics
    """Read where a thread stands."""
    snapshot: StateSnapshot = await graph.aget_state(_config(thread_id))
    return snapshot


async def since(graph: Any, thread_id: str, checkpoint_id: str) -> AsyncIterator[FinishedStep]:  # noqa: ANN401 - as above
    """Give the steps after a checkpoint, the oldest first."""
    if _id(await state(graph, thread_id)) == checkpoint_id:
        return
    later: list[StateSnapshot] = []
    async for snapshot in graph.aget_state_history(_config(thread_id)):
        later.append(snapshot)
        if _id(snapshot) == checkpoint_id:
            break
    for before, after in pairwise(reversed(later)):
        yield FinishedStep(
            after, [(task.name, task.result) for task in before.tasks if task.result is not None]
        )


def _checkpoint(snapshot: StateSnapshot) -> Iterator[tuple[str, Any]]:
    """Give a checkpoint as LangGraph's debug stream has it."""
    payload = {
        "config": snapshot.config,
        "parent_config": snapshot.parent_config,
        "values": snapshot.values,
        "metadata": snapshot.metadata,
        "next": list(snapshot.next),
        "tasks": [_task(task) for task in snapshot.tasks],
    }
    yield "checkpoints", payload
    number = (snapshot.metadata or {}).get("step", 0)
    yield (
        "debug",
        {"step": number, "timestamp": snapshot.created_at, "type": "checkpoint", "payload": payload},
    )


def _task(task: PregelTask) -> dict[str, Any]:
    common = {"id": task.id, "name": task.name, "state": task.state}
    if task.error:
        return {**common, "error": str(task.error)}
    return {**common, "interrupts": tuple(asdict(interrupt) for interrupt in task.interrupts)}


def _config(thread_id: str) -> dict[str, Any]:
    return {"configurable": {"thread_id": thread_id}}


def _id(snapshot: StateSnapshot) -> str:
    return str(snapshot.config["configurable"].get("checkpoint_id", ""))
