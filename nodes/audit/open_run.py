"""Open the run: claim a window, read the sources, take the snapshot."""

from __future__ import annotations

from typing import Any, NotRequired

from langgraph.runtime import Runtime
from typing_extensions import TypedDict

from tools.approvals.answers import folders_of, identify, thread_of
from tools.audit import open_run as opening
from tools.audit import progress
from tools.core.refs import ControlTotals, Ref


class Reads(TypedDict):
    """What a caller gives."""

    sources: str
    rules: NotRequired[str]
    as_of: NotRequired[str]
    again_from: NotRequired[str]
    rerun: NotRequired[dict[str, str]]


class Writes(TypedDict):
    """The run, and the snapshot that every other node reads."""

    run_id: str
    started_by: str
    snapshot: Ref
    totals: list[ControlTotals]
    rerun: dict[str, str]


def open_run(state: Reads, runtime: Runtime[Any]) -> Writes:
    """Start the run in the store and publish its snapshot; a replay goes on with the same run.

    One that starts anew with other thresholds is linked to the run before it, and has the same starter.

    A caller of the Server names files inside the desk's folders alone.

    Raises UsageError, SourcesError, RulesError or RunError for what the caller has to put right, and
    PausedError when a source stays away.
    """
    anew = state.get("rerun") or {}
    person = identify(runtime)
    opened = opening.open_run(
        opening.AuditOrder(
            thread_id=thread_of(runtime),
            started_by=anew.get("started_by") or person.user,
            sources=state["sources"],
            rules=anew.get("rules") or state.get("rules"),
            as_of=anew.get("as_of") or state.get("as_of"),
            again_from=None if anew else state.get("again_from"),
            may_decide=person.may("decide"),
            parent_run_id=anew.get("of"),
            within=folders_of(runtime),
        ),
        progress.reader(runtime.stream_writer),
    )
    return {
        "run_id": opened.run_id,
        "started_by": opened.started_by,
        "snapshot": opened.snapshot,
        "totals": opened.totals,
        "rerun": {},
    }
