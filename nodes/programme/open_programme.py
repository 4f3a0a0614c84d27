"""Open a programme."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import identify, thread_of
from tools.core import settings
from tools.core.bounded_paths import Folders
from tools.programme import opening


class Reads(TypedDict):
    """The programme's file."""

    programme: str


class Writes(TypedDict):
    """The run, and who started it."""

    run_id: str
    started_by: str


def open_programme(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Read and validate the file, and write the run and its tasks; a replay goes on with the same."""
    thread_id = thread_of(runtime)
    person = identify(runtime)
    # A file that somebody names from elsewhere lies in the desk's own folders.
    within = Folders.of(settings.load()) if runtime.server_info is not None else None
    run_id = opening.open_programme(thread_id, person.user, state["programme"], within)
    return {"run_id": run_id, "started_by": person.user}
