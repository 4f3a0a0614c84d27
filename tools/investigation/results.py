"""What an observer came to, and what a case came to: readings, the facts that they cite, what was removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.investigation import casefile, hypotheses
from tools.investigation.hypotheses import Reading, Report
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
    kept, removed = hypotheses.held_against(
        Report.model_validate(state["report"]), texts, state["messages"][0]["content"], state["observer"]
    )
    cited = {name for one in kept for name in (*one.evidence_for, *one.evidence_against)}
    return {
        "status": "ran",
        "error": "",
        "steps": state["steps"],
        "readings": [_unmasked(one, mask) for one in kept],
        "removed": [mask.show(why) for why in removed],
        "facts": {
            name: {**fact, "text": mask.show(fact["text"])}
            for name, fact in state["facts"].items()
            if name in cited
        },
    }


def _unmasked(one: Reading, mask: Mask) -> dict[str, Any]:
    return {**one.as_dict(), "text": mask.show(one.text), "test": mask.show(one.test)}


def merged(flags: Sequence[casefile.Row], seen: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Merge what observers came to into a case's ranked readings, with the facts that these cite.

    flags: of the case, as the observers were told. seen: each observer's part.
    """
    readings = [Reading(**one) for whole in seen.values() for one in whole["readings"]]
    ranked = hypotheses.merged(readings, flags[0])
    known = {name: casefile.as_fact(name, text, flags) for name, text in casefile.told(flags).items()}
    for whole in seen.values():
        known.update(whole["facts"])
    cited = {name for one in ranked for name in (*one.evidence_for, *one.evidence_against)}
    return {
        "observers": {
            name: {"status": whole["status"], "error": whole["error"], "steps": whole["steps"]}
            for name, whole in seen.items()
        },
        "hypotheses": [one.as_dict() for one in ranked],
        "facts": {name: fact for name, fact in known.items() if name in cited},
        "removed": sum(len(whole["removed"]) for whole in seen.values()),
    }
