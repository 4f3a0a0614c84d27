"""From observations to a ranked list: hypotheses, attempts to disprove each, grounding, confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from tools.core import settings
from tools.incidents import kinds
from tools.incidents.observe import read_published as read_seen
from tools.incidents.subject import Subject
from tools.investigation import disproof, judging
from tools.investigation.disproof import DisproofAttempt, TrialContext
from tools.investigation.hypothesis import NOT_ENOUGH, RankedHypothesis, merged
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
    stored = published(folder, MADE)
    if stored is None:
        subject = _subject(incident_id)
        hypotheses = made_of(subject, read_seen(run_id, parts), parts)
        stored = Attempt(folder, MADE).publish(
            {"hypotheses": [hypothesis.as_dict() for hypothesis in hypotheses]}
        )
    seal(open_store(limits.database_url), folder, MADE)
    return [str(hypothesis["hypothesis_id"]) for hypothesis in stored["hypotheses"]]


def made_of(subject: Subject, observations: Sequence[Observation], parts: Parts) -> list[RankedHypothesis]:
    """Make hypotheses; where no observer saw anything because all failed there is only "not enough seen"."""
    ran = [part for part in parts.values() if part["status"] == "ran"]
    if not ran:
        errors = "; ".join(
            f"{name}: {str(part['error']).rstrip('.')}" for name, part in sorted(parts.items())
        )
        text = f"no observer could look, so nothing was verified: {errors}."
        return [
            RankedHypothesis("N1", NOT_ENOUGH, "", text, ["desk"], 1.0, told_by="Mend the observers first.")
        ]
    return merged(kinds.by_name(subject.kind).hypotheses(subject, observations))


def disprove(incident_id: str, run_id: str, hypothesis_id: str, parts: Parts) -> list[dict[str, Any]]:
    """Try to show one hypothesis wrong; give every attempt."""
    subject, observations = _subject(incident_id), read_seen(run_id, parts)
    hypothesis = next(
        candidate for candidate in _hypotheses(run_id) if candidate.hypothesis_id == hypothesis_id
    )
    return [attempt.as_dict() for attempt in disproof.attempts_at(hypothesis, context(subject, observations))]


def rank(
    incident_id: str, run_id: str, parts: Parts, attempts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> dict[str, Any]:
    """Rank what was made: what was disproved at the end. Gives counts and the first one."""
    subject, observations = _subject(incident_id), read_seen(run_id, parts)
    store = open_store(settings.load().database_url)
    tried = {name: [DisproofAttempt(**attempt) for attempt in each] for name, each in attempts.items()}
    order = judged(
        subject, observations, _hypotheses(run_id), tried, parts=parts, verdicts=incidents.verdicts(store)
    )
    rows = [{**hypothesis.as_dict(), "rank": number} for number, hypothesis in enumerate(order, 1)]
    folder = run_files.intact_folder(settings.load(), run_id)
    if published(folder, "ranking") is None:
        Attempt(folder, "ranking").publish({"hypotheses": rows})
    seal(store, folder, "ranking")
    first = order[0]
    _log.info("hypotheses_ranked", total=len(order), top_confidence=first.confidence)
    return {
        "hypotheses": len(order),
        "ruled_out": sum(hypothesis.grounding == "RULED_OUT" for hypothesis in order),
        "first": first.hypothesis_id,
        "confidence": first.confidence,
        "grounding": first.grounding,
    }


def judged(
    subject: Subject,
    observations: Sequence[Observation],
    hypotheses: Sequence[RankedHypothesis],
    tried: Mapping[str, Sequence[DisproofAttempt]],
    *,
    parts: Parts,
    verdicts: Sequence[tuple[str, float, bool]] = (),
) -> list[RankedHypothesis]:
    """Give hypotheses confidence and grounding, in order."""
    ran = sum(part["status"] == "ran" for part in parts.values())
    return judging.judged(
        subject.kind,
        hypotheses,
        tried,
        context(subject, observations),
        edges=kinds.by_name(subject.kind).edges(subject, observations),
        reach=ran / len(parts) if parts else 0.0,
        verdicts=verdicts,
    )


def context(subject: Subject, observations: Sequence[Observation]) -> TrialContext:
    """Give what hypotheses are tried on."""
    symptom = kinds.by_name(subject.kind).symptom(subject, observations)
    began = min(
        (
            observation.first_seen
            for observation in observations
            if observation.node == symptom and observation.first_seen
        ),
        default="",
    )
    scope = frozenset({*subject.affected, symptom} - {""})
    return TrialContext(
        {observation.observation_id: observation for observation in observations},
        symptom,
        began or subject.began_at.isoformat(),
        scope,
    )


def _hypotheses(run_id: str) -> list[RankedHypothesis]:
    stored = published(run_files.intact_folder(settings.load(), run_id), MADE)
    return [RankedHypothesis.of(hypothesis) for hypothesis in (stored or {})["hypotheses"]]


def _subject(incident_id: str) -> Subject:
    return Subject.of(incidents.get(open_store(settings.load().database_url), incident_id))
