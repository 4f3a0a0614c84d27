"""Fit a classifier of intents to labelled sentences: linear support vectors, one class against the rest.

Sentences out of scope are a class of their own (Larson et al., EMNLP 2019, "oos-train"), counted three times:
they are few and of every kind. scikit-learn is of the extra `ranking`; reading needs it no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.core.errors import UsageError
from tools.core.intents.classifier import OUT_OF_SCOPE, IntentClassifier
from tools.core.intents.terms import Term, rarity, terms, weighted

_LEAST_CLASSES: Final = 2
_STRANGE_COUNT: Final = 3.0
_SEED: Final = 7


def fit(
    sentences: Sequence[str], intents: Sequence[str], strange: Sequence[str] = (), *, strength: float = 1.0
) -> IntentClassifier:
    """Fit to sentences with the intent of each, and to sentences that are none of them (`strange`).

    strength: how much the sentences count against plain weights (C). Raises UsageError without scikit-learn
    or with fewer than two intents.
    """
    if len(set(intents)) < _LEAST_CLASSES:
        raise UsageError("a classifier needs sentences of at least two intents.")
    counted = [terms(sentence) for sentence in (*sentences, *strange)]
    rarities = rarity(counted)
    columns = {term: number for number, term in enumerate(rarities)}
    rows = [weighted(sentence, rarities) for sentence in counted]
    labels = [*intents, *[OUT_OF_SCOPE] * len(strange)]
    counts = np.repeat([1.0, _STRANGE_COUNT], [len(intents), len(strange)])
    model = _model(strength).fit(_matrix(rows, columns), labels, sample_weight=counts)
    classes: list[str] = model.classes_.tolist()
    weights: NDArray[np.float32] = model.coef_.astype(np.float32)
    bias: NDArray[np.float32] = model.intercept_.astype(np.float32)
    if len(classes) == _LEAST_CLASSES:  # the library keeps one row for the second of two
        weights, bias = np.vstack([-weights, weights]), np.append(-bias, bias)
    return IntentClassifier(classes, rarities, columns, np.ascontiguousarray(weights.T), bias)


def threshold(strange_scores: Sequence[float], refused: float) -> float:
    """Give the score that so large a share of sentences out of scope does not get over (0 to 1)."""
    return float(np.quantile(strange_scores, refused))


def _model(strength: float) -> Any:  # noqa: ANN401 - LinearSVC; its library publishes no types
    try:
        from sklearn.svm import LinearSVC
    except ImportError as absent:
        raise UsageError(
            "fitting a classifier of intents needs scikit-learn.", remedy="pip install 'tieout[ranking]'"
        ) from absent
    return LinearSVC(C=strength, random_state=_SEED)


def _matrix(rows: Sequence[dict[Term, float]], columns: dict[Term, int]) -> Any:  # noqa: ANN401 - csr_matrix, untyped
    from scipy.sparse import csr_matrix  # noqa: PLC0415 - comes with scikit-learn

    starts = np.cumsum([0, *(len(row) for row in rows)])
    places = np.fromiter((columns[term] for row in rows for term in row), np.int32, int(starts[-1]))
    values = np.fromiter((weight for row in rows for weight in row.values()), np.float64, int(starts[-1]))
    return csr_matrix((values, places, starts), shape=(len(rows), len(columns)))
