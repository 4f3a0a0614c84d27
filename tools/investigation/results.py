"""What an observer's model came to, and what a case came to: hypotheses, their evidence, a model's words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tools.investigation import case_reading, disproof, hypotheses, judging
from tools.investigation.casefile import Row, kind_of
from tools.investigation.disproof import DisproofAttempt, TrialContext
from tools.investigation.hypotheses import HypothesisReading, Report
from tools.investigation.hypothesis import ALWAYS, INNOCENT, RankedHypothesis, merged
from tools.investigation.lookups import LookupResult
from tools.investigation.observation import Observation
from tools.models.masking import Mask

KIND = "books"
Parts = Mapping[str, Mapping[str, Any]]


def concluded(state: Mapping[str, Any], flag: Row) -> dict[str, Any]:
    """Give what a model's part came to: what its lookups brought, and what of its report the facts give.

    flag: the case's gravest. Without a report the part is degraded; what it looked up is evidence even so.
    """
    mask = Mask(tokens=state["tokens"])
    part = {
        "status": "degraded", "error": state["ended"], "steps": state["steps"], "readings": [], "removed": [],
        "observations": [item.as_dict() for item in _looked_up(state, mask, flag)],
    }  # fmt: skip
    if not state["report"]:
        return part
    texts = {name: fact["text"] for name, fact in state["facts"].items()}
    readings, removed = hypotheses.held_against(
        Report.model_validate(state["report"]), texts, state["messages"][0]["content"], state["observer"]
    )
    return {
        **part,
        "status": "ran",
        "error": "",
        "readings": [_unmasked(reading, mask) for reading in readings],
        "removed": [mask.show(why) for why in removed],
    }


def of_case(
    reading: Parts, models: Parts, verdicts: Sequence[tuple[str, float, bool]] = ()
) -> dict[str, Any]:
    """Rank a case's hypotheses by what was seen, each with attempts to disprove it and a model's words.

    reading: by observer, what the desk saw without a model. models: by observer, what a model looked up
    and thinks; only what it looked up has a say. verdicts: what people said of hypotheses before.
    """
    parts = [*reading.values(), *models.values()]
    observations = [Observation(**item) for part in parts for item in part["observations"]]
    tried, order = _order(observations, reading, verdicts)
    words = [
        {**thought.as_dict(), "about": _about(thought, order)}
        for thought in hypotheses.agreed(
            HypothesisReading(**item) for part in models.values() for item in part["readings"]
        )
    ]
    rows = [_as_row(hypothesis, tried, words) for hypothesis in order]
    beside = [item for item in words if not item["about"]]
    cited = {name for item in (*rows, *words) for name in (*item["evidence_for"], *item["evidence_against"])}
    return {
        "observers": {name: _status(part, models.get(name)) for name, part in reading.items()},
        "hypotheses": rows,
        "beside": beside,
        "facts": {item.observation_id: _fact(item) for item in observations if item.observation_id in cited},
        "removed": sum(len(part["removed"]) for part in models.values()),
    }


def _order(
    observations: Sequence[Observation], reading: Parts, verdicts: Sequence[tuple[str, float, bool]]
) -> tuple[dict[str, list[DisproofAttempt]], list[RankedHypothesis]]:
    about = TrialContext({item.observation_id: item for item in observations}, "", "", frozenset())
    candidates = merged(case_reading.hypotheses(observations))
    tried = {candidate.hypothesis_id: disproof.attempts_at(candidate, about) for candidate in candidates}
    ran = sum(part["status"] == "ran" for part in reading.values())
    order = judging.judged(
        KIND,
        candidates,
        tried,
        about,
        edges=case_reading.edges(observations),
        reach=ran / len(reading) if reading else 0.0,
        verdicts=verdicts,
    )
    return tried, order


def _about(thought: HypothesisReading, order: Sequence[RankedHypothesis]) -> str:
    """Say which hypothesis a model's thought words: that with which it shares most evidence."""
    if thought.cause == INNOCENT:
        return next(item.hypothesis_id for item in order if item.cause == INNOCENT)
    shared = {
        item.hypothesis_id: len({*thought.evidence_for} & {*item.evidence_for})
        for item in order
        if item.cause not in ALWAYS
    }
    name = max(shared, key=lambda each: shared[each], default="")
    return name if shared.get(name) else ""


def _as_row(
    hypothesis: RankedHypothesis,
    tried: Mapping[str, Sequence[DisproofAttempt]],
    words: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    plain = hypothesis.as_dict()
    names = "hypothesis_id cause by confidence calibrated_on grounding evidence_for evidence_against".split()
    return {
        **{name: plain[name] for name in names},
        "text": hypothesis.statement,
        "test": hypothesis.told_by,
        "tried": [attempt.as_dict() for attempt in tried[hypothesis.hypothesis_id]],
        "words": [item for item in words if item["about"] == hypothesis.hypothesis_id],
    }


def _status(part: Mapping[str, Any], model: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give an observer's status: without its model it is degraded, without a reading it saw nothing."""
    error = part["error"] or (model or {}).get("error", "")
    return {"status": "degraded" if error else "ran", "error": error, "steps": (model or {}).get("steps", 0)}


def _fact(item: Observation) -> dict[str, str]:
    return {"kind": kind_of(item), "key": item.node, "text": item.text}


def _looked_up(state: Mapping[str, Any], mask: Mask, flag: Row) -> list[Observation]:
    looked_up = {name: fact for name, fact in state["facts"].items() if "calls" in fact}
    return [
        case_reading.of_lookup(
            name,
            state["observer"],
            LookupResult(fact["kind"], fact["key"], mask.show(fact["text"])),
            calls=json.loads(fact["calls"]),
            flag=flag,
        )
        for name, fact in looked_up.items()
    ]


def _unmasked(reading: HypothesisReading, mask: Mask) -> dict[str, Any]:
    return {**reading.as_dict(), "text": mask.show(reading.text), "test": mask.show(reading.test)}
