"""What the graph and the store know of a thread, for whoever has to judge a request about it."""

from __future__ import annotations

from typing import Final, Literal

from langgraph_sdk import get_client

from graph.runtime import session
from tools.approvals import requests
from tools.core import settings
from tools.store import open_store, runs
from tools.store.models import LIVE, Run

_UNDER_WAY: Final[tuple[Literal["pending", "running"], ...]] = ("pending", "running")


def pending(thread_id: str | None) -> frozenset[str]:
    """Give the ids of the interrupts at which a thread waits; none where it asks nothing."""
    return session.interrupts_of(thread_id) if thread_id else frozenset()


def graph_of(thread_id: str | None) -> str:
    """Name the graph that a thread is of; empty for a new one."""
    if thread_id is None:
        return ""
    run = run_of(thread_id)
    return run.graph if run else session.served_graph_of(thread_id)


def run_of(thread_id: str | None) -> Run | None:
    """Give the newest run of a thread."""
    return runs.of_thread(open_store(settings.load().database_url), thread_id) if thread_id else None


def is_live(thread_id: str | None) -> bool:
    """Say whether a thread's run has not ended: its checkpoints are still needed."""
    run = run_of(thread_id)
    return run is not None and run.status in LIVE


def is_asked(thread_id: str | None) -> bool:
    """Say whether a request about a thread's run is open, also while another answer is being applied."""
    run = run_of(thread_id)
    store = open_store(settings.load().database_url)
    return run is not None and requests.open_for(store, run.run_id) is not None


def asks(thread_id: str | None) -> bool:
    """Say whether a thread, of whatever graph, waits for people: a question of it is open."""
    return bool(pending(thread_id)) or is_asked(thread_id)


async def is_busy(thread_id: str) -> bool:
    """Say whether the Server has a run of a thread under way, or waiting for its turn."""
    client = get_client()  # the Server that this runs in, without a detour over the network
    for status in _UNDER_WAY:
        if await client.runs.list(thread_id, status=status, limit=1):
            return True
    return False
