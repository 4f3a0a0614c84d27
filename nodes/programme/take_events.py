"""Take what has happened."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from tools.core.refs import RequestRef
from tools.programme import asking, events


class Reads(TypedDict):
    """The programme, and what people are asked."""

    run_id: str
    request: NotRequired[RequestRef | None]


class Writes(TypedDict):
    """What comes next, and what people still are asked."""

    upcoming: str
    request: RequestRef | None


def take_events(state: Reads) -> Writes:
    """Take events, reconcile tasks with workers and runs, act on alerts, remind people."""
    upcoming = events.take(state["run_id"])
    return {"upcoming": upcoming, "request": asking.still_asked(state["run_id"], state.get("request"))}
