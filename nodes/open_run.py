"""Open the run: claim a window, read the sources, take the snapshot."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.cycle import answering, opening, progress
from tools.refs import Ref, Totals


class Reads(TypedDict):
    """What a caller gives."""

    sources: str
    rules: NotRequired[str]
    as_of: NotRequired[str]


class Writes(TypedDict):
    """The run, and the snapshot that every other node reads."""

    run_id: str
    started_by: str
    snapshot: Ref
    totals: list[Totals]


def open_run(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Start the run in the store and publish its snapshot; a replay goes on with the same run.

    Raises SourcesError, RulesError or RunError for what the caller has to put right, and PausedError
    when a source stays away.
    """
    info = runtime.execution_info
    opened = opening.open_run(
        opening.Asked(
            thread_id=(info and (info.thread_id or info.task_id)) or "",
            started_by=answering.who(runtime).user,
            sources=state["sources"],
            rules=state.get("rules"),
            as_of=state.get("as_of"),
        ),
        progress.reader(runtime.stream_writer),
    )
    return {
        "run_id": opened.run_id,
        "started_by": opened.started_by,
        "snapshot": opened.snapshot,
        "totals": opened.totals,
    }
