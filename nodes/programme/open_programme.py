"""Open a programme."""

from __future__ import annotations

from typing import Any

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import folders_of, identify, thread_of
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
    run_id = opening.open_programme(thread_id, person.user, state["programme"], folders_of(runtime))
    return {"run_id": run_id, "started_by": person.user}
