"""What an observer came to, and what a case came to: readings, the facts that they cite, what was removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.investigation import casefile, hypotheses
from tools.investigation.hypotheses import HypothesisReading, Report
from tools.models.masking import Mask


def concluded(state: Mapping[str, Any]) -> dict[str, Any]:
    """Hold an observer's report against what it was told; without a report its part is degraded."""
    if not state["report"]:
        return {
            "status": "degraded", "error": state["ended"], "steps": state["steps"],
            "readings": [], "removed": [], "facts": {},
        }  # fmt: skip
    mask = Mask(tokens=state["tokens"])
    texts = {name: fact["text"] for name, fact in state["facts"].items()}
    readings, removed = hypotheses.held_against(
        Report.model_validate(state["report"]), texts, state["messages"][0]["content"], state["observer"]
    )
    cited = {name for reading in readings for name in (*reading.evidence_for, *reading.evidence_against)}
    return {
        "status": "ran",
        "error": "",
        "steps": state["steps"],
        "readings": [_unmasked(reading, mask) for reading in readings],
        "removed": [mask.show(why) for why in removed],
        "facts": {
            name: {**fact, "text": mask.show(fact["text"])}
            for name, fact in state["facts"].items()
            if name in cited
        },
    }


def _unmasked(reading: HypothesisReading, mask: Mask) -> dict[str, Any]:
    return {**reading.as_dict(), "text": mask.show(reading.text), "test": mask.show(reading.test)}


def merged(flags: Sequence[casefile.Row], observed: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Merge what observers came to into a case's ranked readings, with the facts that these cite.

    flags: of the case, as the observers were told. seen: each observer's part.
    """
    readings = [HypothesisReading(**reading) for whole in observed.values() for reading in whole["readings"]]
    ranked = hypotheses.merged(readings, flags[0])
    fact_by_name = {
        name: casefile.as_fact(name, text, flags) for name, text in casefile.fact_texts(flags).items()
    }
    for whole in observed.values():
        fact_by_name.update(whole["facts"])
    cited = {name for reading in ranked for name in (*reading.evidence_for, *reading.evidence_against)}
    return {
        "observers": {
            name: {"status": whole["status"], "error": whole["error"], "steps": whole["steps"]}
            for name, whole in observed.items()
        },
        "hypotheses": [reading.as_dict() for reading in ranked],
        "facts": {name: fact for name, fact in fact_by_name.items() if name in cited},
        "removed": sum(len(whole["removed"]) for whole in observed.values()),
    }
