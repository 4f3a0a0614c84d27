"""A calibrated model of the chance that a case is upheld, from what was known when it was raised.

A logistic regression over words and figures, regularised, calibrated on folds that it was not fitted on
(Platt, "Probabilistic Outputs for Support Vector Machines", 1999; Niculescu-Mizil and Caruana, ICML 2005).
All flags of a case are in one fold. scikit-learn is of the extra `ranking`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Final

from tools.feedback.ranking.examples import Example, Features

FOLDS: Final = 5
_STRENGTH: Final = 0.5  # of the evidence against the prior: small books know little of each vendor
_LEAST_MET: Final = 3  # a word met less often tells nothing


def installed() -> bool:
    """Say whether a model can be fitted at all."""
    return find_spec("sklearn") is not None


@dataclass(frozen=True)
class ChanceModel:
    """Gives the chance that each case is upheld, 0 to 1."""

    fitted: Any  # CalibratedClassifierCV; its library publishes no types

    def of(self, cases: Sequence[Sequence[Features]]) -> list[float]:
        """Give each case the chance of the likeliest of its flags."""
        flat = [flag for flags in cases for flag in flags]
        if not flat:
            return []
        chances = [float(row[1]) for row in self.fitted.predict_proba(flat)]
        at, best = 0, []
        for flags in cases:
            best.append(max(chances[at : at + len(flags)], default=0.0))
            at += len(flags)
        return best


def fit(examples: Sequence[Example]) -> ChanceModel:
    """Fit to examples, each with its flags. Raises ImportError without scikit-learn.

    There have to be as many cases of either outcome as there are folds.
    """
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedGroupKFold
    from sklearn.pipeline import make_pipeline

    flags = [flag for case in examples for flag in case.flags]
    upheld = [case.upheld for case in examples for _ in case.flags]
    cases = [at for at, case in enumerate(examples) for _ in case.flags]
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    model = make_pipeline(DictVectorizer(), LogisticRegression(C=_STRENGTH, max_iter=2000))
    frequent = _frequent(flags)
    rows = [_without_rare(flag, frequent) for flag in flags]
    calibrated = CalibratedClassifierCV(model, cv=list(folds.split(rows, upheld, cases)))
    return ChanceModel(calibrated.fit(rows, upheld))


def _frequent(flags: Sequence[Features]) -> set[tuple[str, str]]:
    words = Counter((name, value) for flag in flags for name, value in flag.items() if isinstance(value, str))
    return {word for word, times in words.items() if times >= _LEAST_MET}


def _without_rare(flag: Features, frequent: set[tuple[str, str]]) -> Features:
    """Leave out words that were met too seldom to tell anything."""
    return {
        name: value for name, value in flag.items() if not isinstance(value, str) or (name, value) in frequent
    }
