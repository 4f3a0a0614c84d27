"""A case for a change: the reviews that speak for it, and what it would have done."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tools.feedback.changes import Change, Kind
from tools.feedback.replay import Past, Replayed
from tools.feedback.reviews import ReviewedFlag
from tools.rules.model import Rules


@dataclass(frozen=True)
class ReviewGroup:
    """The reviewed flags that speak for a change. n: all of them, the open ones too."""

    kind: Kind
    test: str
    vendor: str
    flags: Sequence[ReviewedFlag]
    limit: float

    @property
    def n(self) -> int:
        """How many flags were reviewed."""
        return len(self.flags)

    @property
    def false(self) -> int:
        """How many of them turned out to be nothing."""
        return sum(flag.verdict == "false_positive" for flag in self.flags)

    @property
    def rate(self) -> float:
        """The share of false positives."""
        return self.false / self.n if self.n else 0.0

    def reviewers(self) -> dict[str, dict[str, int]]:
        """Count each reviewer's words."""
        words_by: dict[str, Counter[str]] = defaultdict(Counter)
        for flag in self.flags:
            for by, word in flag.counted.items():
                words_by[by][word] += 1
        return {by: dict(words) for by, words in sorted(words_by.items())}

    def barred(self) -> tuple[str, ...]:
        """Give who may not approve the change: whoever alone gave most of the words that speak for it."""
        false_by = {by: words.get("false_positive", 0) for by, words in self.reviewers().items()}
        hides = self.kind != "tighten"
        return tuple(by for by, n in false_by.items() if hides and 2 * n > sum(false_by.values()))


@dataclass(frozen=True)
class ChangeCase:
    """A change, the reviews and the replay behind it, and the rules and runs that they stand on."""

    change: Change
    group: ReviewGroup
    replayed: Replayed
    rules: Rules
    past: Past
