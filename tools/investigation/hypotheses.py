"""What models think of a case: held against the facts that they cite, merged where they agree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from rapidfuzz import fuzz

from tools.judgement.claim_check import Claim, why_false

MOST = 5
CEILING = 0.95  # no reading is certain before a person looked
AGREED = 0.05  # what each further observer of the same reading adds
ALIKE = 80  # of 100: when two texts of an open cause are one reading
_OPEN_CAUSES = ("innocent", "other")

Cause = Literal[
    "paid_twice",
    "recorded_twice",
    "split_under_limit",
    "wrong_amount",
    "wrong_party",
    "no_business_purpose",
    "not_approved",
    "conflict_of_interest",
    "altered_details",
    "timing",
    "missing_document",
    "innocent",
    "other",
]


class Hypothesis(BaseModel):
    """One reading of a case."""

    model_config = ConfigDict(extra="forbid")

    cause: Cause = Field(description="innocent: nothing is wrong")
    text: str = Field(min_length=1, max_length=400, description="one or two sentences")
    confidence: int = Field(ge=0, le=100, description="percent")
    evidence_for: list[str] = Field(max_length=12, description="ids of facts")
    evidence_against: list[str] = Field(max_length=12, description="ids of facts")
    test: str = Field(
        min_length=1, max_length=300, description="the one check whose result would show it wrong"
    )


class Report(BaseModel):
    """What an observer concludes; an innocent reading is always among the hypotheses."""

    model_config = ConfigDict(extra="forbid")

    hypotheses: list[Hypothesis] = Field(min_length=1, max_length=MOST)


@dataclass(frozen=True)
class HypothesisReading:
    """What a model thinks of a case, as it is kept: words, never a rank. confidence: its own, 0 to 1."""

    cause: str
    text: str
    confidence: float
    evidence_for: list[str]
    evidence_against: list[str]
    test: str
    by: list[str]

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


def held_against(
    report: Report, facts: Mapping[str, str], prompt: str, by: str
) -> tuple[list[HypothesisReading], list[str]]:
    """Give the readings that stand, and why others, or parts of them, were removed.

    facts: id -> text, as the observer was told. A reading stands when it cites at least one fact that is
    there and its words claim nothing that the cited ones do not give.
    """
    readings, removed = [], []
    for hypothesis in report.hypotheses:
        cited = [*hypothesis.evidence_for, *hypothesis.evidence_against]
        removed += [f"cites {name}, which is not there" for name in cited if name not in facts]
        cited_facts = [name for name in cited if name in facts]
        why = _why_false(hypothesis.text, cited_facts, facts, prompt) or _why_false(
            hypothesis.test, cited_facts, facts, prompt
        )
        if why:
            removed.append(why)
            continue
        readings.append(
            HypothesisReading(
                hypothesis.cause,
                hypothesis.text,
                hypothesis.confidence / 100,
                [name for name in dict.fromkeys(hypothesis.evidence_for) if name in facts],
                [name for name in dict.fromkeys(hypothesis.evidence_against) if name in facts],
                hypothesis.test,
                [by],
            )
        )
    return readings, removed


def agreed(readings: Iterable[HypothesisReading]) -> list[HypothesisReading]:
    """Merge readings that agree: those of most observers first, then the surest.

    The same cause is the same reading; of "other" and "innocent", alike words.
    """
    groups: list[list[HypothesisReading]] = []
    for reading in readings:
        group = next((group for group in groups if _agree(group[0], reading)), None)
        if group is None:
            groups.append([reading])
        else:
            group.append(reading)
    return sorted(
        (_combined(group) for group in groups),
        key=lambda reading: (-len(reading.by), -reading.confidence, reading.cause, reading.text),
    )


def _why_false(text: str, cited: Sequence[str], facts: Mapping[str, str], prompt: str) -> str:
    return why_false(Claim(kind="finding", text=text, evidence=list(cited)), facts, prompt)


def _agree(first: HypothesisReading, second: HypothesisReading) -> bool:
    if first.cause != second.cause:
        return False
    return first.cause not in _OPEN_CAUSES or fuzz.token_set_ratio(first.text, second.text) >= ALIKE


def _combined(group: Sequence[HypothesisReading]) -> HypothesisReading:
    """Put the words of the surest in front; every further observer makes it a little surer."""
    first = max(group, key=lambda reading: (reading.confidence, reading.text))
    by = sorted({name for reading in group for name in reading.by})
    mean = sum(reading.confidence for reading in group) / len(group)
    return HypothesisReading(
        first.cause,
        first.text,
        round(min(CEILING, mean + AGREED * (len(by) - 1)), 2),
        list(dict.fromkeys(name for reading in group for name in reading.evidence_for)),
        list(dict.fromkeys(name for reading in group for name in reading.evidence_against)),
        first.test,
        by,
    )
