"""A compiled graph that looks at its input before it begins: what is no input is refused in plain words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from typing import Any, Final, TypeVar

from langgraph.errors import EmptyInputError
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Command
from pydantic import TypeAdapter, ValidationError

from tools.core import settings
from tools.core.errors import UsageError
from tools.core.refusal_text import dotted, expected, plain_key
from tools.runs.thread_lock import thread_lock

Compiled = TypeVar("Compiled", bound=CompiledStateGraph[Any, Any, Any, Any])
SERVER_WAIT: Final = 120.0  # seconds for which a Server waits for whoever runs the thread now
_REMEDY: Final = "The graph's input schema says what it takes."


class CheckedGraph(CompiledStateGraph[Any, Any, Any, Any]):
    """A graph whose every way in (invoke, stream, the Server) passes through `check`."""

    def stream(self, input: Any, *args: Any, **more: Any) -> Iterator[Any]:  # noqa: A002, ANN401 - LangGraph's own names
        """Stream as LangGraph does. Raises UsageError for what is no input of this graph."""
        check(input, self.builder.input_schema)
        try:
            yield from super().stream(input, *args, **more)
        except EmptyInputError:
            raise _nothing_begun() from None

    async def astream(self, input: Any, config: Any = None, **more: Any) -> AsyncIterator[Any]:  # noqa: A002, ANN401 - LangGraph's own names
        """Stream as LangGraph does; what a Server runs itself has its thread's lock, as what workers run has.

        Raises UsageError for what is no input of this graph, BusyThreadError where another process runs it.
        """
        check(input, self.builder.input_schema)
        try:
            async with _alone(config):
                async for chunk in super().astream(input, config, **more):
                    yield chunk
        except EmptyInputError:
            raise _nothing_begun() from None


@asynccontextmanager
async def _alone(config: Any) -> AsyncIterator[None]:  # noqa: ANN401 - as above
    """Hold the lock of the thread that a Server runs; of a graph within it, or without a Server, nothing."""
    places: Mapping[str, Any] = (config or {}).get("configurable", {})
    if not places.get("graph_id") or places.get("checkpoint_ns"):
        yield
        return
    until = ExitStack()
    lock = thread_lock(settings.load(), str(places["thread_id"]), SERVER_WAIT)
    entering = asyncio.ensure_future(asyncio.to_thread(until.enter_context, lock))
    try:
        await asyncio.shield(entering)
    except asyncio.CancelledError:
        entering.add_done_callback(lambda _: until.close())
        raise
    try:
        yield
    finally:
        await asyncio.to_thread(until.close)


def checked(compiled: Compiled) -> Compiled:
    """Have a compiled graph look at its input. LangGraph compiles to its own class alone."""
    compiled.__class__ = CheckedGraph  # type: ignore[assignment]  # a class without state of its own
    return compiled


def check(put_in: object, schema: type[Any]) -> None:
    """Refuse what is neither an input of the schema, nor an answer, nor None to go on. Raises UsageError."""
    if put_in is None:
        return
    if isinstance(put_in, Command):
        _check_command(put_in)
    elif not isinstance(put_in, Mapping):
        raise UsageError("is no input: an object with its keys is.", place="input", remedy=_REMEDY)
    else:
        _check_keys(put_in, schema)


def _check_command(command: Command[Any]) -> None:
    if command.resume is None and command.update is None and not command.goto:
        raise UsageError("a command answers what is asked: it has a resume.", place="input")


def _check_keys(put_in: Mapping[Any, Any], schema: type[Any]) -> None:
    stray = [key for key in put_in if key not in schema.__annotations__]
    if stray:
        raise UsageError("is no input of this graph.", place=f"input: {plain_key(stray[0])}", remedy=_REMEDY)
    try:
        # A form sends null for what was left empty.
        TypeAdapter(schema).validate_python({k: v for k, v in put_in.items() if v is not None}, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        problem = "is missing." if first["type"] == "missing" else f"{expected(first)}."
        raise UsageError(problem, place=f"input: {dotted(first['loc'])}", remedy=_REMEDY) from None


def _nothing_begun() -> UsageError:
    return UsageError("nothing was begun on this thread: it takes an input first.", remedy=_REMEDY)
