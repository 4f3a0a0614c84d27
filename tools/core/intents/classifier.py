"""A linear classifier of sentences with "out of scope": reads without any library but NumPy.

    classifier.read("where is my card?") -> IntentScore(intent="card_arrival", score=.41, in_scope=True, ...)

Fitted by tools/core/intents/fitting.py; kept in one .npz file without pickled objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.core.intents.terms import Term, terms, weighted

OUT_OF_SCOPE: Final = ""  # the class of what is none of the intents
_STRANGENESS: Final = 0.75  # of the out-of-scope margin, off a score; chosen on CLINC150's validation part


@dataclass(frozen=True)
class IntentScore:
    """What a sentence is about. score: the best margin less most of "out of scope"'s; second: the next."""

    intent: str
    score: float
    in_scope: bool
    second: str
    second_score: float


@dataclass(frozen=True)
class IntentClassifier:
    """Weights of each term for each class, and the score from which a sentence is in scope.

    weights: (terms, classes); bias: (classes,); columns: where in weights a term is.
    """

    classes: Sequence[str]
    rarities: Mapping[Term, float]
    columns: Mapping[Term, int]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    threshold: float = float("-inf")

    def read(self, sentence: str) -> IntentScore:
        """Say what a sentence is about."""
        margins = self._margins(sentence)
        strange = 0.0
        if OUT_OF_SCOPE in self.classes:
            at = self.classes.index(OUT_OF_SCOPE)
            strange, margins[at] = _STRANGENESS * float(margins[at]), -np.inf
        second, first = (int(at) for at in np.argsort(margins)[-2:])
        score, next_score = (float(margins[at]) - strange for at in (first, second))
        return IntentScore(
            self.classes[first], score, score > self.threshold, self.classes[second], next_score
        )

    def _margins(self, sentence: str) -> NDArray[np.float32]:
        weights = weighted(terms(sentence), self.rarities)
        rows = self.weights[[self.columns[term] for term in weights]].astype(np.float32)
        margins: NDArray[np.float32] = np.fromiter(weights.values(), np.float32) @ rows + self.bias
        return margins

    def with_threshold(self, threshold: float) -> IntentClassifier:
        """Give the same with another score from which a sentence is in scope."""
        return replace(self, threshold=threshold)

    def save(self, path: Path) -> None:
        """Write it as one compressed file; weights are rounded to half precision."""
        order = sorted(self.columns, key=self.columns.__getitem__)
        np.savez_compressed(
            path,
            classes=np.array(self.classes),
            kinds=np.array([kind for kind, _ in order]),
            texts=np.array([text for _, text in order]),
            rarities=np.array([self.rarities[term] for term in order], np.float32),
            weights=self.weights.astype(np.float16),
            bias=self.bias,
            threshold=np.array(self.threshold),
        )


def load(path: Path) -> IntentClassifier:
    """Read a classifier that was saved; nothing in the file is run."""
    with np.load(path, allow_pickle=False) as saved:
        keys: list[Term] = list(zip(saved["kinds"].tolist(), saved["texts"].tolist(), strict=True))
        rarities = dict(zip(keys, saved["rarities"].tolist(), strict=True))
        columns = {term: number for number, term in enumerate(keys)}
        return IntentClassifier(
            saved["classes"].tolist(),
            rarities,
            columns,
            saved["weights"],
            saved["bias"],
            float(saved["threshold"]),
        )
