"""A hypothesis over observations: what may be the cause, what speaks for and against it, and its path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Grounding = Literal["CONFIRMED", "LIKELY", "INCONCLUSIVE", "RULED_OUT"]
INNOCENT, NOT_ENOUGH = "innocent", "not_enough_seen"
ALWAYS = (INNOCENT, NOT_ENOUGH)
CEILING = 0.95  # nothing is certain before a person looked
AGREED = 0.05  # what each further observer of the same cause adds
_ORDER: Mapping[Grounding, int] = {"CONFIRMED": 0, "LIKELY": 0, "INCONCLUSIVE": 0, "RULED_OUT": 1}


@dataclass(frozen=True)
class RankedHypothesis:
    """What may be the cause. raw and confidence: 0 to 1, before and after calibration, which stands on n.

    subject: what it blames (a service, an element, a row), for merging and for whoever compares. path: nodes
    from the cause to the symptom. share: how much of the deviation it explains, where that can be said.
    """

    hypothesis_id: str
    cause: str
    subject: str
    statement: str
    by: Sequence[str]
    raw: float
    evidence_for: Sequence[str] = ()
    evidence_against: Sequence[str] = ()
    path: Sequence[str] = ()
    share: float | None = None
    told_by: str = ""
    confidence: float = 0.0
    calibrated_on: int = 0
    grounding: Grounding = "INCONCLUSIVE"
    details: Mapping[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        plain = asdict(self)
        lists = ("by", "evidence_for", "evidence_against", "path")
        return {**plain, **{name: list(plain[name]) for name in lists}, "details": dict(self.details or {})}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> RankedHypothesis:
        """Read one back."""
        return cls(**plain)


def merged(hypotheses: Iterable[RankedHypothesis]) -> list[RankedHypothesis]:
    """Merge hypotheses that blame the same cause in the same subject: each further observer adds a little."""
    groups: dict[tuple[str, str], list[RankedHypothesis]] = {}
    for hypothesis in hypotheses:
        groups.setdefault((hypothesis.cause, hypothesis.subject), []).append(hypothesis)
    return [_together(group) for group in groups.values()]


def ranked(hypotheses: Iterable[RankedHypothesis]) -> list[RankedHypothesis]:
    """Order hypotheses: the surest first, what was ruled out at the end."""
    return sorted(
        hypotheses,
        key=lambda hypothesis: (
            _ORDER[hypothesis.grounding],
            -hypothesis.confidence,
            -hypothesis.raw,
            hypothesis.cause in ALWAYS,
            hypothesis.cause,
            hypothesis.subject,
        ),
    )


def _together(group: Sequence[RankedHypothesis]) -> RankedHypothesis:
    first = max(group, key=lambda hypothesis: (hypothesis.raw, hypothesis.statement))
    by = list(dict.fromkeys(name for hypothesis in group for name in hypothesis.by))
    return replace(
        first,
        by=by,
        raw=round(min(CEILING, first.raw + AGREED * (len(by) - 1)), 4) if len(by) > 1 else first.raw,
        evidence_for=_distinct(hypothesis.evidence_for for hypothesis in group),
        evidence_against=_distinct(hypothesis.evidence_against for hypothesis in group),
    )


def _distinct(lists: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in lists for name in names))
