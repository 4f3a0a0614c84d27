"""The house's own classifier: which of the desk's intents a sentence is about.

Fitted to sentences.yaml by `python -m tools.front_desk.intents.house`, which writes
house.npz: that is shipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.core import bounded_yaml
from tools.core.intents.classifier import OUT_OF_SCOPE, IntentClassifier, load
from tools.core.intents.fitting import fit, threshold

WEIGHTS: Final = Path(str(resources.files("tools.front_desk.intents") / "house.npz"))
_NONE: Final = "none"
_FOLDS: Final = 5
_REFUSED: Final = 0.9  # of sentences out of scope, on folds that were not fitted on
_SEED: Final = 7

Labelled = Sequence[tuple[str, str]]  # (sentence, intent; OUT_OF_SCOPE of none)


@cache
def classifier() -> IntentClassifier:
    """Give the shipped classifier."""
    return load(WEIGHTS)


def labelled() -> list[tuple[str, str]]:
    """Give the house's sentences with the intent of each."""
    text = (resources.files("tools.front_desk.intents") / "sentences.yaml").read_text("utf-8")
    by_intent: dict[str, list[str]] = bounded_yaml.load(text)
    return [
        (sentence, OUT_OF_SCOPE if intent == _NONE else intent)
        for intent, sentences in by_intent.items()
        for sentence in sentences
    ]


def fitted(rows: Labelled) -> IntentClassifier:
    """Fit to labelled sentences; its threshold comes from folds that were not fitted on."""
    strange = [score for score, intent, _ in scores(rows) if intent == OUT_OF_SCOPE]
    return _fit(rows).with_threshold(threshold(strange, _REFUSED))


def scores(rows: Labelled) -> list[tuple[float, str, str]]:
    """Give each sentence's score, true intent and intent read, by a classifier that has not seen it."""
    places: NDArray[np.int64] = np.random.default_rng(_SEED).permutation(len(rows)) % _FOLDS
    readings = []
    for fold in range(_FOLDS):
        train = [row for row, place in zip(rows, places, strict=True) if place != fold]
        reader = _fit(train)
        for (sentence, intent), place in zip(rows, places, strict=True):
            if place == fold:
                reading = reader.read(sentence)
                readings.append((reading.score, intent, reading.intent))
    return readings


def _fit(rows: Labelled) -> IntentClassifier:
    own = [(sentence, intent) for sentence, intent in rows if intent != OUT_OF_SCOPE]
    strange = [sentence for sentence, intent in rows if intent == OUT_OF_SCOPE]
    return fit([sentence for sentence, _ in own], [intent for _, intent in own], strange)


if __name__ == "__main__":
    fitted(labelled()).save(WEIGHTS)
