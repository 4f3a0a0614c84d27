"""An incident's run from its opening to its end: what is recorded, and how it came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import structlog

from tools.core import settings
from tools.core.errors import UsageError
from tools.core.recipients import ASKED
from tools.incidents import kinds, purse
from tools.incidents.observe import read_published as read_seen
from tools.notices.notice import Notice, tell
from tools.runs import run_files
from tools.runs.workspace import published, run_folder
from tools.store import Store, incidents, open_store, runs
from tools.store.incidents import Conclusion

_log = structlog.get_logger(__name__)
_HYPOTHESIS = (
    "hypothesis_id rank cause subject statement by raw confidence calibrated_on grounding evidence_for "
    "evidence_against path share told_by details"
).split()


@dataclass(frozen=True)
class OpenedIncident:
    """The run, who looks, and what may be spent."""

    run_id: str
    started_by: str
    incident_id: str
    observers: tuple[str, ...]
    budget: str


@dataclass(frozen=True)
class InvestigatedIncident:
    """What an investigation came to: each observer's part, each hypothesis's attempts. budget: dollars."""

    incident_id: str
    run_id: str
    budget: str
    parts: Mapping[str, Mapping[str, Any]]
    attempts: Mapping[str, Sequence[Mapping[str, Any]]]


def open_run(incident_id: str, thread_id: str, started_by: str, budget: str = "") -> OpenedIncident:
    """Open a run that looks into an incident; a replay goes on with the same one.

    budget: dollars; by the incident's severity where it is absent. Raises UsageError for what is no amount.
    """
    limits = settings.load()
    store = open_store(limits.database_url)
    row = incidents.get(store, incident_id)
    total = _dollars(budget) if budget else purse.default_of(row.severity)
    names = tuple(observer.name for observer in kinds.by_name(row.kind).observers)
    details = {"incident": row.incident_id, "budget": str(total)}
    run = runs.start(store, graph="incident", thread_id=thread_id, started_by=started_by, details=details)
    run_files.note_workspace(store, limits, run.run_id)
    run_folder(limits, run.run_id).mkdir(parents=True, exist_ok=True)
    _log.info(
        "investigation_opened",
        incident_id=row.incident_id,
        budget_limit=str(total),
        observer_count=len(names),
    )
    return OpenedIncident(run.run_id, run.started_by, row.incident_id, names, f"{total:f}")


def consolidate(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Say who saw how much, who is missing and why, and what it cost."""
    missing = {name: part["error"] for name, part in sorted(parts.items()) if part["status"] != "ran"}
    spent = sum((Decimal(part["spent"]) for part in parts.values()), Decimal("0.0000"))
    count = sum(int(part["count"]) for part in parts.values())
    _log.info("observations_consolidated", observation_count=count, total_cost=str(spent))
    return {"observations": count, "missing": missing, "spent": f"{spent:.4f}"}


def close(about: InvestigatedIncident, words: Mapping[str, Any]) -> str:
    """Keep what was seen and concluded in the store, and end the run; give how it came out."""
    limits, run_id, parts = settings.load(), about.run_id, about.parts
    store = open_store(limits.database_url)
    ranking = published(run_files.intact_folder(limits, run_id), "ranking") or {"hypotheses": []}
    rows = [{name: hypothesis[name] for name in _HYPOTHESIS} for hypothesis in ranking["hypotheses"]]
    spent = sum(purse.spent_by_node(store, run_id).values(), Decimal("0.0000"))
    missing = consolidate(parts)["missing"]
    outcome = _outcome(rows, missing, parts)
    result = {
        "outcome": outcome,
        "budget": about.budget,
        "spent": f"{spent:.4f}",
        "spent_by": {name: part["spent"] for name, part in sorted(parts.items())},
        "seconds_by": {name: part["seconds"] for name, part in sorted(parts.items())},
        "missing": missing,
        "over_budget": bool(words.get("over_budget")),
        "words": dict(words),
    }
    observations = [observation.as_dict() for observation in read_seen(run_id, parts)]
    tried = [
        {"hypothesis_id": name, **attempt}
        for name, each in sorted(about.attempts.items())
        for attempt in each
    ]
    incidents.conclude(store, about.incident_id, run_id, result, Conclusion(observations, rows, tried))
    runs.close(store, run_id, outcome)
    _tell(store, about.incident_id, outcome, rows)
    return outcome


def _tell(store: Store, incident_id: str, outcome: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Queue one notice of what nobody waits for: an incident that an alert opened."""
    row = incidents.get(store, incident_id)
    if row.origin == "person":
        return
    standing = [each for each in rows if each["grounding"] != "RULED_OUT"]
    why = [f"{each['statement']} ({each['grounding']}, {each['confidence']:.0%})" for each in standing[:3]]
    notice = Notice(
        origin_kind="incident",
        origin_id=incident_id,
        kind="alert",
        risk=next((risk for risk in ASKED if risk == row.severity), "MEDIUM"),
        title=f"{incident_id}, {outcome}: {row.title}",
        why=why,
        page=f"incidents/{incident_id}",
        command=f"tieout incident show {incident_id}",
    )
    tell(store, f"incident-{row.run_id}", notice)


def _outcome(
    rows: Sequence[Mapping[str, Any]], missing: Mapping[str, str], parts: Mapping[str, Mapping[str, Any]]
) -> str:
    if len(missing) == len(parts):
        return "inconclusive"
    first = rows[0] if rows else {"cause": "not_enough_seen", "grounding": "INCONCLUSIVE"}
    if first["cause"] == "innocent":
        return "nothing unusual"
    word = {"CONFIRMED": "confirmed", "LIKELY": "likely"}.get(str(first["grounding"]), "inconclusive")
    return f"{word}, degraded" if missing else word


def _dollars(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise UsageError(f"'{text}' is no amount of dollars.", place="--budget", remedy="Write it as 10.00.")
    return amount
