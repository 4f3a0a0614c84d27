"""One incident as pages, commands and reports show it: question, hypotheses, evidence, attempts, cost."""

from __future__ import annotations

from typing import Any

from desk.views.incident_summary import summary
from tools.investigation.observation import shown
from tools.store import Store, incidents
from tools.store.models import Disproof, Incident, IncidentHypothesis, IncidentObservation

WORDS = {
    "later_than_symptom": "Did it begin after the symptom?",
    "outside_scope": "Is it outside what is affected?",
    "threshold_not_met": "Did its figures not move?",
    "as_in_control": "Was it as large when nothing was wrong?",
    "explains_too_little": "Does it explain less than half?",
}


def overview(store: Store, row: Incident) -> dict[str, Any]:
    """Give an incident whole, as JSON primitives."""
    observations = incidents.observations(store, row.run_id)
    tried = incidents.disproofs(store, row.run_id)
    claims = row.result.get("words", {}).get("claims", {})
    seen = [_observation(observation) for observation in observations]
    hypotheses = [
        {**_hypothesis(hypothesis, tried), "words": claims.get(hypothesis.hypothesis_id, [])}
        for hypothesis in incidents.hypotheses(store, row.run_id)
    ]
    return {
        **row.as_dict(),
        "summary": summary(row.kind, seen, hypotheses),
        "observations": seen,
        "hypotheses": hypotheses,
        "timeline": timeline(row, observations),
    }


def timeline(row: Incident, observations: list[IncidentObservation]) -> list[dict[str, str]]:
    """Give what happened when: what was seen to begin, the opening, the verdict, the end."""
    entries = [
        (observation.first_seen, observation.text, observation.observation_id)
        for observation in observations
        if observation.first_seen
    ]
    entries.append((row.opened_at.isoformat(), f"opened by {row.opened_by}", ""))
    if row.verdict_at:
        words = (row.verdict or "").replace("_", " ")
        entries.append(
            (row.verdict_at.isoformat(), f"{row.verdict_by} said of {row.verdict_on}: {words}", "")
        )
    if row.closed_at:
        entries.append((row.closed_at.isoformat(), "closed", ""))
    return [{"at": at, "text": text, "observation": name} for at, text, name in sorted(entries)]


def _observation(observation: IncidentObservation) -> dict[str, Any]:
    plain = observation.as_dict()
    fields = {key: plain[key] for key in plain if key not in ("run_id", "incident_id")}
    return {**fields, "deviation_shown": shown(observation.deviation)}


def _hypothesis(hypothesis: IncidentHypothesis, tried: list[Disproof]) -> dict[str, Any]:
    plain = hypothesis.as_dict()
    attempts = [
        {"test": it.test, "asked": WORDS.get(it.test, it.test), "outcome": it.outcome, "reason": it.reason}
        for it in tried
        if it.hypothesis_id == hypothesis.hypothesis_id
    ]
    ruled_out = "; ".join(it["reason"] for it in attempts if it["outcome"] == "refuted")
    fields = {key: plain[key] for key in plain if key not in ("run_id", "incident_id")}
    return {**fields, "tried": attempts, "ruled_out_because": ruled_out}
