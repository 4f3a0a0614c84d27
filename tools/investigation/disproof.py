"""What would show a hypothesis wrong, tried on each: every outcome is kept, with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from tools.investigation.hypothesis import ALWAYS, RankedHypothesis
from tools.investigation.observation import Observation, shown

Outcome = Literal["refuted", "stands", "not_tried"]
LATER = timedelta(minutes=5)  # a cause may be seen so much after what it causes, and no more
DEVIATES = 3.0  # robust z from which something has moved
HALF = 0.5  # of the deviation: what explains less is not its cause
AS_BEFORE = 0.8  # of today's deviation: as large a one in a control window is nothing new


@dataclass(frozen=True)
class DisproofAttempt:
    """One attempt to show a hypothesis wrong."""

    test: str
    outcome: Outcome
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass(frozen=True)
class TrialContext:
    """What hypotheses are tried on: observations by id, the symptom's node and time, the scope."""

    observations: Mapping[str, Observation]
    symptom: str
    began: str
    scope: frozenset[str]

    def cited(self, hypothesis: RankedHypothesis) -> list[Observation]:
        """Give what speaks for a hypothesis."""
        return [self.observations[name] for name in hypothesis.evidence_for if name in self.observations]


def attempts_at(hypothesis: RankedHypothesis, context: TrialContext) -> list[DisproofAttempt]:
    """Try to show a hypothesis wrong in every way that there is; the two that always stand are not tried."""
    if hypothesis.cause in ALWAYS:
        return []
    return [test(hypothesis, context) for test in TESTS]


def is_refuted(attempts: Sequence[DisproofAttempt]) -> bool:
    """Say whether one attempt succeeded."""
    return any(attempt.outcome == "refuted" for attempt in attempts)


def later_than_symptom(hypothesis: RankedHypothesis, context: TrialContext) -> DisproofAttempt:
    """Refute a cause that began more than five minutes after what it is said to cause."""
    name = "later_than_symptom"
    times = [
        moment
        for observation in _of_subject(hypothesis, context)
        if (moment := _moment(observation.first_seen))
    ]
    began = _moment(context.began)
    if not times or began is None:
        return DisproofAttempt(name, "not_tried", "nobody saw when the one or the other began")
    first = min(times)
    if first - began > LATER:
        return DisproofAttempt(
            name, "refuted", f"the symptom began at {_second(began)}, and this only at {_second(first)}"
        )
    order = "not after the symptom" if first <= began else "within five minutes of the symptom"
    return DisproofAttempt(name, "stands", f"it began at {_second(first)}, {order} at {_second(began)}")


def _second(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def outside_scope(hypothesis: RankedHypothesis, context: TrialContext) -> DisproofAttempt:
    """Refute what has no path to anything that is affected."""
    name = "outside_scope"
    if not context.scope or not hypothesis.subject:
        return DisproofAttempt(name, "not_tried", "the incident names no scope")
    touched = {hypothesis.subject, *hypothesis.path}
    if touched & context.scope:
        return DisproofAttempt(name, "stands", f"it reaches {', '.join(sorted(touched & context.scope))}")
    return DisproofAttempt(name, "refuted", f"nothing leads from it to {', '.join(sorted(context.scope))}")


def threshold_not_met(hypothesis: RankedHypothesis, context: TrialContext) -> DisproofAttempt:
    """Refute what rests on figures that did not move."""
    name = "threshold_not_met"
    figures = [
        observation
        for observation in context.cited(hypothesis)
        if observation.value is not None and observation.expected is not None
    ]
    if not figures:
        return DisproofAttempt(name, "not_tried", "it rests on no figure")
    largest = max(figures, key=lambda observation: abs(observation.deviation))
    text = f"{largest.what} deviates by {shown(largest.deviation)} robust standard deviations"
    if abs(largest.deviation) < DEVIATES:
        return DisproofAttempt(name, "refuted", f"{text}, less than {DEVIATES:g}")
    return DisproofAttempt(name, "stands", text)


def as_in_control(hypothesis: RankedHypothesis, context: TrialContext) -> DisproofAttempt:
    """Refute what was as large in a window in which nothing was wrong."""
    name = "as_in_control"
    pairs = [
        (abs(observation.deviation), float(observation.details["control_deviation"]))
        for observation in context.cited(hypothesis)
        if observation.details.get("control_deviation") is not None
    ]
    if not pairs:
        return DisproofAttempt(name, "not_tried", "there is no control window")
    now, before = max(pairs)
    if before >= max(DEVIATES, AS_BEFORE * now):
        return DisproofAttempt(
            name, "refuted", f"it deviated by {shown(before)} in a control window too, now by {shown(now)}"
        )
    return DisproofAttempt(
        name, "stands", f"in the control windows it deviated by {shown(before)} at most, now by {shown(now)}"
    )


def explains_too_little(hypothesis: RankedHypothesis, context: TrialContext) -> DisproofAttempt:
    """Refute what explains less than half of the deviation."""
    del context
    name = "explains_too_little"
    if hypothesis.share is None:
        return DisproofAttempt(name, "not_tried", "its share of the deviation cannot be said")
    text = f"it explains {hypothesis.share:.0%} of the deviation"
    return DisproofAttempt(name, "refuted" if round(hypothesis.share, 2) < HALF else "stands", text)


TESTS: tuple[Callable[[RankedHypothesis, TrialContext], DisproofAttempt], ...] = (
    later_than_symptom,
    outside_scope,
    threshold_not_met,
    as_in_control,
    explains_too_little,
)


def _of_subject(hypothesis: RankedHypothesis, context: TrialContext) -> list[Observation]:
    about = [
        observation for observation in context.cited(hypothesis) if observation.node == hypothesis.subject
    ]
    return about or context.cited(hypothesis)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
