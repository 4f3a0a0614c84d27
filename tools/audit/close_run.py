"""Close a run: prove that what was read is still there, then move the watermark."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.audit import engine_schemas, other_rules
from tools.books.engine import Books
from tools.core import settings
from tools.core.settings import Settings
from tools.ledger import sources
from tools.ledger.totals import recheck
from tools.runs.run_files import intact_folder
from tools.runs.workspace import SNAPSHOT, located
from tools.store import Store, aliases, flags, open_store, runs, windows

_NEEDED = ("quality", "anomaly")  # what is to be reconciled, the sources file says
_CARRIED = """
SELECT DISTINCT b.pair, b.row_key, t.source
FROM read_parquet($path) b JOIN txn t ON t.row_key = b.row_key
WHERE b.side IN ('left', 'right') ORDER BY ALL
"""

_LEARNED = """
SELECT alias_key, vendor_key, max(confidence) AS confidence FROM read_parquet($path) GROUP BY ALL ORDER BY ALL
"""


def close(state: Mapping[str, Any]) -> str:
    """Close the run in the store and give its outcome: clean, flagged, partial, empty, stopped or untested.

    Clean says that the books were tested and nothing came of it; partial, that the quality or the anomaly
    check had no test that applied to them; empty, that nothing was new. A run that a person stopped, or none
    of whose checks ran, gives its window back to be audited again.
    """
    run_id: str = state["run_id"]
    limits = settings.load()
    store = open_store(limits.database_url)
    outcome = _closed(store, run_id, limits, state)
    engine_schemas.sweep(store, run_id, limits)
    return outcome


def _closed(store: Store, run_id: str, limits: Settings, state: Mapping[str, Any]) -> str:
    outcome = _outcome(state)
    if outcome in ("stopped", "untested"):
        if runs.get(store, run_id).status != "abandoned":  # a replay finds it so
            runs.record(store, run_id, counts={**runs.get(store, run_id).counts, **_counts(state)})
        windows.abandon(store, run_id, by=_stopper(state), reason=outcome)
        return outcome
    counts = {**_counts(state), "flags": flags.count(store, run_id=run_id)}
    snapshot = intact_folder(limits, run_id) / SNAPSHOT
    run = runs.audit(store, run_id)
    with Books.open(snapshot, limits) as books:
        declared = sources.of(books).at(
            Path(run.sources_path).parent
        )  # as it was when its paths were checked
    counts["changed_since"] = recheck(declared, snapshot)
    if other_rules.named_by(run):
        return _given_back(store, run_id, outcome, counts)
    aliases.learn(store, run_id, declared.entity.name, _learned(limits, snapshot, state))
    windows.close(store, run_id, outcome=outcome, counts=counts, carried=_carried(limits, snapshot, state))
    return outcome


def _given_back(store: Store, run_id: str, outcome: str, counts: dict[str, Any]) -> str:
    """End a run under other rules: its window is audited again under the desk's, and nothing is learned."""
    named = f"{outcome}, {other_rules.OUTCOME}" if outcome != "clean" else other_rules.OUTCOME
    flags.propose(store, run_id, [], withdraw=True)  # what nobody decided, the desk's rules judge anew
    windows.give_back(store, run_id, outcome=named, counts=counts)
    return named


def _outcome(state: Mapping[str, Any]) -> str:
    if (state.get("gate") or {}).get("verdict") == "reject":
        return "stopped"
    if all(result["status"] == "failed" for result in state["checks"].values()):
        return "untested"
    if (state.get("judged") or {}).get("flags"):
        return "flagged"
    if not state["merged"]["rows_in_window"]:
        return "empty"
    return "clean" if all(_ran(state["checks"].get(check)) for check in _NEEDED) else "partial"


def _ran(result: Mapping[str, Any] | None) -> bool:
    """Whether any test of a check ran: one none of whose tests applied has seen nothing."""
    return result is not None and any(test["status"] == "ran" for test in result["tests"])


def _stopper(state: Mapping[str, Any]) -> str:
    return ", ".join((state.get("gate") or {}).get("by", [])) or "tieout"


def _counts(state: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "checks": {name: result["status"] for name, result in state["checks"].items()},
        "merged": state["merged"],
        "judged": state.get("judged") or {},
    }


def _learned(limits: Settings, snapshot: Path, state: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Give the other names of vendors that the run's matches showed."""
    table = state["checks"]["reconciliation"]["tables"].get("learned_alias")
    if table is None:
        return []
    with Books.open(snapshot, limits) as books:
        return books.rows(_LEARNED, {"path": str(located(limits, table["uri"]))})


def _carried(limits: Settings, snapshot: Path, state: Mapping[str, Any]) -> list[dict[str, str]] | None:
    broken = state["checks"]["reconciliation"]["tables"].get("break")
    if broken is None:
        return None
    with Books.open(snapshot, limits) as books:
        return books.rows(_CARRIED, {"path": str(located(limits, broken["uri"]))})
