"""Audit days that were audited already: after a sources file was corrected, or for the asking.

The window begins again at a day. A run that waits over the same books is superseded, which its trail says.
What it raised and nobody decided is raised by the new run instead, once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from tools.audit import other_rules
from tools.core.clock import clock
from tools.core.errors import IdentityError, RunError, TieoutError, UsageError
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Sources
from tools.runs import workspace
from tools.store import Store, raising, runs, trail, windows
from tools.store.models import LIVE, AuditRun

BEGINNING: Final = "beginning"
SUPERSEDED: Final = "superseded"  # action on the trail of the run that gives way
_SHOWN: Final = 6


def first_day(text: str | None) -> date | None:
    """Read from which day on days are audited again; None for none of them. Raises UsageError."""
    if not text:
        return None
    if text == BEGINNING:
        return date.min
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"'{text}' is not a day.", place="again_from", remedy=f"Write it as 2025-01-31, or {BEGINNING}."
        ) from None
    if day > clock().now().date():
        raise UsageError(f"{day} is still to come.", place="again_from", remedy="Name a day of the past.")
    return day


def live_run(store: Store, entity: str, but: str = "") -> AuditRun | None:
    """Give the run that holds the books of an entity, if any."""
    listed = runs.list_audits(store, entity=entity, limit=1000)
    return next((run for run in listed if run.run_id != but and run.status in LIVE), None)


def supersede(store: Store, entity: str, *, by: str, may_decide: bool) -> str:
    """Give up the run that holds these books, so that they can be audited again; give its name, or "".

    Raises RunError while somebody works on it, IdentityError for a person who neither started it nor may
    decide.
    """
    holder = live_run(store, entity)
    if holder is None:
        return ""
    _refuse_unless_theirs(holder, by=by, may_decide=may_decide)
    with store.begin() as session:
        windows.abandon(store, holder.run_id, by=by, reason="superseded: the same books are audited again")
        raising.withdraw(session, holder.run_id)
        trail.append(store, holder.run_id, by, SUPERSEDED, once=SUPERSEDED)
    return holder.run_id


def _refuse_unless_theirs(holder: AuditRun, *, by: str, may_decide: bool) -> None:
    if holder.status == "open":
        raise RunError(
            f"run {holder.run_id} is at work on these books.",
            remedy=f"Wait for it, or give it up: tieout abandon {holder.run_id}.",
        )
    if holder.started_by != by and not may_decide:
        raise IdentityError(
            f"run {holder.run_id} waits over these books, and {by} did not start it.",
            remedy="An approver may audit them again.",
        )


def plan(store: Store, settings: Settings, declared: Sources, day: date | None) -> list[str]:
    """Say what was changed since these books were audited last, and what would be read again. Lines."""
    last = _last(store, declared.entity.name)
    if last is None:
        return []
    lines = [f"Changed since run {last.run_id}: {c}" for c in changes(settings, last, declared)]
    if day is not None:
        since = "from the beginning" if day == date.min else f"from {day} on"
        lines.append(f"Reads again: {', '.join(declared.sources)}, {since}.")
        holder = live_run(store, declared.entity.name)
        lines += [f"Supersedes run {holder.run_id}, which is {holder.status}."] if holder else []
    elif lines:
        marks = windows.watermarks(store, declared.entity.name)
        until = f" up to {max(marks.values())}" if marks else ""
        lines.append(f"What was audited{until} is not read again: --from DAY or --again does that.")
    return lines


def _last(store: Store, entity: str) -> AuditRun | None:
    listed = runs.list_audits(store, entity=entity, limit=1000)
    return next((run for run in listed if run.snapshot_uri and not other_rules.named_by(run)), None)


def changes(settings: Settings, last: AuditRun, declared: Sources) -> list[str]:
    """Say how a sources file differs from the one that a run read: "source bank: sign", "pairs"."""
    if last.sources_digest == declared.sha256:
        return []
    try:
        path = workspace.located(settings, last.snapshot_uri) / sources_file.FILE_NAME
        before = Sources.model_validate_json(path.read_bytes())
    except (OSError, ValueError, TieoutError):
        return ["the sources file"]
    named = list(_differences(before, declared))
    more = [f"and {len(named) - _SHOWN} more"] if len(named) > _SHOWN else []
    return named[:_SHOWN] + more


def _differences(before: Sources, declared: Sources) -> Iterator[str]:
    if keys := _keys(before.entity.model_dump(), declared.entity.model_dump()):
        yield f"entity: {keys}"
    for name in before.sources.keys() - declared.sources.keys():
        yield f"source {name} is gone"
    for name, source in declared.sources.items():
        if name not in before.sources:
            yield f"source {name} is new"
        elif keys := _keys(before.sources[name].model_dump(), source.model_dump()):
            yield f"source {name}: {keys}"
    if [pair.model_dump(exclude={"sign"}) for pair in before.pairs] != [
        pair.model_dump(exclude={"sign"}) for pair in declared.pairs
    ]:
        yield "pairs"


def _keys(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    return ", ".join(key for key in after if before.get(key) != after[key])
