"""The log of recovery's stages: one line each, as text; the truth is the trail.

lines(store, run_id) -> [str]       "[2026-12-01T12:00:00Z] TASK: scout params: {} result: {} duration: 42s"
write(settings, run_id)             appended to WORKSPACE/logs/task_log.txt, a run once
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from tools.core.settings import Settings
from tools.runs import workspace
from tools.store import Store, open_store
from tools.store.models import Run, TrailEntry

GRAPHS: Final = ("recovery", "follow_up")
# Node -> its result in the run's summary; what comes between stages has none.
STAGES: Final = {
    "scout": "scouted", "analyse": "tiers", "apply_claims": "decided", "merge_contacts": "merged",
    "write_letters": "", "apply_letters": "letters", "summarise": "pipeline", "read_replies": "received",
    "match_money": "money", "check_stuck": "stuck", "track": "tracked", "due_letters": "", "send_due": "sent",
}  # fmt: skip
_MILLISECONDS: Final = 1000


def lines(store: Store, run_id: str = "") -> list[str]:
    """Give a line for each stage of a run of recovery or follow-up, or of all of them, oldest first."""
    query = (
        select(TrailEntry, Run)
        .join(Run, Run.run_id == TrailEntry.run_id)
        .where(Run.kind.in_(GRAPHS), TrailEntry.action.in_(tuple(STAGES)))
        .order_by(TrailEntry.at, TrailEntry.run_id, TrailEntry.seq)
    )
    if run_id:
        query = query.where(TrailEntry.run_id == run_id)
    with store.read() as session:
        return [_line(entry, run) for entry, run in session.execute(query).all()]


def write(settings: Settings, run_id: str) -> Path:
    """Append the stages of a run to the log of its workspace; a run that is in it already is left alone."""
    path = workspace.run_folder(settings, run_id).parent / "logs" / "task_log.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    if f'"run_id": "{run_id}"' not in before:
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in lines(open_store(settings.database_url), run_id))
    return path


def _line(entry: TrailEntry, run: Run) -> str:
    sources = str(run.counts.get("sources", ""))
    parameters = json.dumps(
        {"run_id": entry.run_id, "by": entry.actor, "sources": sources}, ensure_ascii=False
    )
    summary: dict[str, Any] = run.counts.get("summary") or {}
    outcome = {"error": entry.error} if entry.error else summary.get(STAGES[entry.action]) or {}
    seconds = round(entry.duration_ms / _MILLISECONDS)
    result = json.dumps(outcome, ensure_ascii=False, default=str)
    return (
        f"[{_at(entry.at)}] TASK: {entry.action} params: {parameters} result: {result} duration: {seconds}s"
    )


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
