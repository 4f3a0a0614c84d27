"""From observations to a ranked list: hypotheses, attempts to disprove each, grounding, confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import structlog

from tools.core import settings
from tools.incidents import kinds
from tools.incidents.observe import seen as read_seen
from tools.incidents.subject import Subject
from tools.investigation import calibration, disproof
from tools.investigation.disproof import Seen, Tried
from tools.investigation.grounding import grounding
from tools.investigation.hypothesis import ALWAYS, NOT_ENOUGH, Hypothesis, merged, ranked
from tools.investigation.observation import Observation
from tools.runs import run_files
from tools.runs.workspace import Attempt, published, seal
from tools.store import incidents, open_store

MADE = "hypotheses"
_log = structlog.get_logger(__name__)
Parts = Mapping[str, Mapping[str, Any]]


def hypothesise(incident_id: str, run_id: str, parts: Parts) -> list[str]:
    """Make hypotheses of all that was seen, merge those of one cause, publish them; give their ids."""
    limits = settings.load()
    folder = run_files.intact_folder(limits, run_id)
    held = published(folder, MADE)
    if held is None:
        subject = _subject(incident_id)
        made = made_of(subject, read_seen(run_id, parts), parts)
        held = Attempt(folder, MADE).publish({"hypotheses": [one.as_dict() for one in made]})
    seal(open_store(limits.database_url), folder, MADE)
    return [str(one["hypothesis_id"]) for one in held["hypotheses"]]


def made_of(subject: Subject, seen: Sequence[Observation], parts: Parts) -> list[Hypothesis]:
    """Make hypotheses; where no observer saw anything because all failed there is only "not enough seen"."""
    ran = [part for part in parts.values() if part["status"] == "ran"]
    if not ran:
        errors = "; ".join(f"{name}: {part['error']}" for name, part in sorted(parts.items()))
        text = f"no observer could look, so nothing was verified: {errors}."
        return [Hypothesis("N1", NOT_ENOUGH, "", text, ["desk"], 1.0, told_by="Mend the observers first.")]
    return merged(kinds.named(subject.kind).hypotheses(subject, seen))


def disprove(incident_id: str, run_id: str, hypothesis_id: str, parts: Parts) -> list[dict[str, Any]]:
    """Try to show one hypothesis wrong; give every attempt."""
    subject, seen = _subject(incident_id), read_seen(run_id, parts)
    hypothesis = next(one for one in _made(run_id) if one.hypothesis_id == hypothesis_id)
    return [one.as_dict() for one in disproof.tried(hypothesis, context(subject, seen))]


def rank(
    incident_id: str, run_id: str, parts: Parts, attempts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Rank what was made: what was disproved at the end. Gives counts and the first one."""
    subject, seen = _subject(incident_id), read_seen(run_id, parts)
    store = open_store(settings.load().database_url)
    tried = {name: [Tried(**one) for one in each] for name, each in attempts.items()}
    order = judged(subject, seen, _made(run_id), tried, parts=parts, verdicts=incidents.verdicts(store))
    rows = [{**one.as_dict(), "rank": number} for number, one in enumerate(order, 1)]
    folder = run_files.intact_folder(settings.load(), run_id)
    if published(folder, "ranking") is None:
        Attempt(folder, "ranking").publish({"hypotheses": rows})
    seal(store, folder, "ranking")
    first = order[0]
    _log.info("hypotheses_ranked", total=len(order), top_confidence=first.confidence)
    return {
        "hypotheses": len(order),
        "ruled_out": sum(one.grounding == "RULED_OUT" for one in order),
        "first": first.hypothesis_id,
        "confidence": first.confidence,
        "grounding": first.grounding,
    }


def judged(
    subject: Subject,
    seen: Sequence[Observation],
    made: Sequence[Hypothesis],
    tried: Mapping[str, Sequence[Tried]],
    *,
    parts: Parts,
    verdicts: Sequence[tuple[str, float, bool]] = (),
) -> list[Hypothesis]:
    """Give hypotheses confidence and grounding, in order."""
    ran = sum(part["status"] == "ran" for part in parts.values())
    reach = ran / len(parts) if parts else 0.0
    about, edges = context(subject, seen), kinds.named(subject.kind).edges(subject, seen)
    order = []
    for one in made:
        sure, count = calibration.confidence(
            subject.kind, one.raw, verdicts if one.cause not in ALWAYS else ()
        )
        sure = sure if one.cause in ALWAYS else round(sure * reach, 4)
        graded = replace(one, confidence=sure, calibrated_on=count)
        if disproof.is_refuted(tried.get(one.hypothesis_id, ())):
            order.append(replace(graded, grounding="RULED_OUT"))
        else:
            order.append(replace(graded, grounding=grounding(graded, about, edges)[0]))
    return ranked(order)


def context(subject: Subject, seen: Sequence[Observation]) -> Seen:
    """Give what hypotheses are tried on."""
    symptom = kinds.named(subject.kind).symptom(subject, seen)
    began = min((one.first_seen for one in seen if one.node == symptom and one.first_seen), default="")
    scope = frozenset({*subject.affected, symptom} - {""})
    return Seen(
        {one.observation_id: one for one in seen}, symptom, began or subject.began_at.isoformat(), scope
    )


def _made(run_id: str) -> list[Hypothesis]:
    held = published(run_files.intact_folder(settings.load(), run_id), MADE)
    return [Hypothesis.of(one) for one in (held or {})["hypotheses"]]


def _subject(incident_id: str) -> Subject:
    return Subject.of(incidents.get(open_store(settings.load().database_url), incident_id))
