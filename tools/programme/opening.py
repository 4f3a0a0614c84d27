"""Open a programme: its file read and validated, its run, its tasks."""

from __future__ import annotations

from pathlib import Path

from tools.core import settings
from tools.core.bounded_paths import Folders
from tools.programme import records, steps
from tools.programme.steps import ProgrammeError, ProgrammeSteps
from tools.store import open_store, runs


def open_programme(thread_id: str, started_by: str, named: str, within: Folders | None) -> str:
    """Start the run of a programme file and give its id; a replay goes on with the same.

    within: where a caller may name files; None where they are the user's own. Raises ProgrammeError.
    """
    path = within.path(named, "programme") if within else Path(named).resolve()
    store = open_store(settings.load().database_url)
    earlier = runs.of_thread(store, thread_id)
    programme = _read(path) if earlier is None else None
    details = {"programme": str(path), "name": programme.definition.name if programme else ""}
    with store.begin():
        run = runs.start(
            store, graph=records.GRAPH, thread_id=thread_id, started_by=started_by, details=details
        )
        if programme is not None:
            named = programme.definition.entity or programme.definition.name
            runs.record(store, run.run_id, counts={"entity": named, "sources": str(path)})
            records.begin(store, run.run_id, programme, str(path))
    return run.run_id


def _read(path: Path) -> ProgrammeSteps:
    """Read a programme file; what it names of this desk's settings has to be there. Raises ProgrammeError."""
    programme = steps.read(path)
    webhook = programme.definition.recovery.human_notification_webhook
    if webhook and webhook not in settings.load().notify:
        raise ProgrammeError(
            f"'{webhook}' is no recipient of notices.",
            place=f"{path}, recovery.human_notification_webhook",
            remedy="Name one of TIEOUT_NOTIFY (docs/notices.md); its address stays in the settings.",
        )
    return programme
