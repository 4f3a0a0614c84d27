"""What a model had to do with a run: words, readings of the gravest cases, and what it cost."""

from __future__ import annotations

from typing import Any

from desk.views.run_results import Results
from tools.core.errors import RunError
from tools.store import Store, cases, trail


def by_model(store: Store, results: Results, run_id: str) -> dict[str, Any] | None:
    """Give a run's models' part as JSON primitives; None where no model was asked.

    Keys: asked, worded, removed_claims, cases, observers, degraded (why, each), calls, tokens, dollars
    (decimal text).
    """
    calls = [entry for entry in trail.entries(store, run_id) if entry["action"] == "model call"]
    if not calls:
        return None
    worded = results.facts("judged").get("model") or {}
    looked_into = [
        investigated
        for case in cases.of_run(store, run_id)
        if (investigated := case.details.get("investigation"))
    ]
    observers = [observer for case_results in looked_into for observer in case_results["observers"].values()]
    degraded = {worded.get("degraded", ""), *(observer["error"] for observer in observers)} - {""}
    spent = trail.spent(store, run_id)
    return {
        "asked": worded.get("asked", 0),
        "worded": worded.get("worded", 0),
        "removed_claims": worded.get("removed_claims", 0)
        + sum(case_results["removed"] for case_results in looked_into),
        "cases": len(looked_into),
        "observers": len(observers),
        "degraded": sorted(degraded),
        "calls": len(calls),
        "tokens": spent.tokens_in + spent.tokens_out,
        "dollars": f"{spent.dollars:f}",
    }


def investigation(store: Store, case_id: str | None) -> dict[str, Any] | None:
    """Give what observers came to about a case, None where nobody looked.

    Keys: hypotheses, the likeliest first (cause, text, confidence, grounding, by, test, evidence_for and
    evidence_against: ids, tried, words: a model's), beside (a model's thoughts of nothing that was ranked),
    facts (by id: kind, key, text), observers (status, error, steps), removed.
    """
    if not case_id:
        return None
    try:
        results = cases.get(store, case_id).details.get("investigation")
    except RunError:
        return None
    return results or None
