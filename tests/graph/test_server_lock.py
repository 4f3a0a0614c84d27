"""What a Server runs in its own process has its thread's lock, as what commands and workers run."""

from __future__ import annotations

import asyncio
import importlib
from pathlib import Path

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from graph import catalogue
from graph.catalogue import GraphEntry
from graph.runtime import checked_input
from graph.runtime.checked_input import CheckedGraph, checked
from tests import letter_graph
from tests.graph.small import settings_of
from tools.core import settings
from tools.runs.thread_lock import BusyThreadError, holder_of, thread_lock

SERVED: RunnableConfig = {"configurable": {"graph_id": "small", "thread_id": "t"}}


class Small(TypedDict):
    """Who had the thread while the node ran."""

    holder: str


@pytest.fixture(autouse=True)
def _desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)


async def _streamed(config: RunnableConfig) -> list[dict[str, Small]]:
    def look(state: Small) -> Small:
        return {"holder": holder_of(settings.load(), "t") or state["holder"]}

    graph = StateGraph(Small).add_node(look).add_edge(START, "look").add_edge("look", END)
    stream = checked(graph.compile()).astream({"holder": ""}, config, stream_mode="updates")
    return [chunk async for chunk in stream]


@pytest.mark.parametrize("entry", [*catalogue.GRAPHS, letter_graph.ENTRY], ids=lambda entry: entry.name)
def test_every_graph_of_the_catalogue_is_locked(entry: GraphEntry) -> None:
    """What langgraph.json names waits for who has the thread and looks at its input; a house's own, too."""
    assert isinstance(importlib.import_module(entry.module).graph, CheckedGraph)
    assert isinstance(entry.build(), CheckedGraph)


def test_a_thread_is_its_servers_while_it_runs() -> None:
    """Whoever asks meanwhile is told which process works on it; afterwards nobody is named."""
    ((chunk,), (alone,)) = (
        asyncio.run(_streamed(SERVED)),
        asyncio.run(_streamed({"configurable": {"thread_id": "t"}})),
    )
    assert chunk["look"]["holder"].startswith("pid ")
    assert alone["look"]["holder"] == ""
    assert holder_of(settings.load(), "t") is None


def test_a_server_waits_for_who_has_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """And then says who it is; a call that is called off meanwhile leaves no lock behind."""
    monkeypatch.setattr(checked_input, "SERVER_WAIT", 0.3)
    with thread_lock(settings.load(), "t"), pytest.raises(BusyThreadError, match="another process"):
        asyncio.run(_streamed(SERVED))

    async def called_off() -> None:
        task = asyncio.ensure_future(_streamed(SERVED))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    monkeypatch.setattr(checked_input, "SERVER_WAIT", 5.0)
    with thread_lock(settings.load(), "t"):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(called_off())
    loop.run_until_complete(asyncio.sleep(0.5))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    assert holder_of(settings.load(), "t") is None
