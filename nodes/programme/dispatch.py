"""Start what may start."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core import settings
from tools.programme import dispatch as starting
from tools.programme import events
from tools.store import open_store


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """What comes next."""

    upcoming: str


def dispatch(state: Reads) -> Writes:
    """Put down every task that may start now, each once."""
    store = open_store(settings.load().database_url)
    starting.dispatch(store, state["run_id"])
    return {"upcoming": events.upcoming(store, state["run_id"])}
