"""Plan a programme."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.core import settings
from tools.programme import versions
from tools.store import open_store


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """The version of the plan in force."""

    plan_version: int


def plan(state: Reads) -> Writes:
    """Make the first plan, once."""
    schedule = versions.first(open_store(settings.load().database_url), state["run_id"])
    return {"plan_version": schedule.version}
