"""Intents of sentences: the front desk's own classifier, fitted to a data set's training part.

CLINC150: fitted to train and oos_train; where there is no test part, validation is halved, and each half is
judged by the threshold that the other half gave. BANKING77: where there is no test.csv, a fixed tenth of
train.csv is kept back, by the hash of the sentence; nothing was tuned on it. Settings come from
CLINC150's validation part and from folds of the other nine tenths.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools.core.intents.classifier import IntentClassifier, IntentScore
from tools.core.intents.fitting import fit, threshold

Labelled = Sequence[Sequence[str]]  # (sentence, intent)
_REFUSED: Final = 0.85  # of sentences out of scope, wanted of the threshold: .8 is to be reached on others
_CURVE: Final = (0.5, 0.6, 0.7, 0.8, 0.834, 0.9)
_STRENGTH: Final = {"clinc": 0.5, "banking": 2.0}
_SCOPED: Final = "train_val.json"


def find(root: Path) -> list[DataSet]:
    """Give every folder of sentences by intent: with those out of scope, or of one field's fine intents."""
    return [
        DataSet(folder.name, (folder,))
        for folder in folders(root)
        if has(folder, _SCOPED) or has(folder, "categories.json", "train.csv")
    ]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Fit to the training part, score the rest."""
    del work
    (folder,) = data_set.folders
    return _with_scope(folder) if has(folder, _SCOPED) else _fine(folder)


def _with_scope(folder: Path) -> list[Figure]:
    parts: dict[str, Any] = json.loads((folder / _SCOPED).read_text(encoding="utf-8"))
    strange = [sentence for sentence, _ in parts["oos_train"]]
    classifier = _fitted(parts["train"], strange, _STRENGTH["clinc"])
    own = [(classifier.read(sentence), intent) for sentence, intent in parts["val"]]
    out = [classifier.read(sentence) for sentence, _ in parts["oos_val"]]
    if "test" in parts:
        limit = threshold([reading.score for reading in out], _REFUSED)
        test = [(classifier.read(sentence), intent) for sentence, intent in parts["test"]]
        out_test = [classifier.read(sentence) for sentence, _ in parts["oos_test"]]
        return _scoped([(test, out_test, limit)])
    halves = [(own[half::2], out[half::2]) for half in (0, 1)]
    limits = [threshold([reading.score for reading in strange_half], _REFUSED) for _, strange_half in halves]
    return _scoped([(*halves[0], limits[1]), (*halves[1], limits[0])])


Part = tuple[list[tuple[IntentScore, str]], list[IntentScore], float]


def _scoped(parts: Sequence[Part]) -> list[Figure]:
    own = [(reading, intent, limit) for rows, _, limit in parts for reading, intent in rows]
    out = [(reading, limit) for _, rows, limit in parts for reading in rows]
    right = sum(reading.intent == intent and reading.score > limit for reading, intent, limit in own)
    refused = sum(reading.score <= limit for reading, limit in out)
    plain = sum(reading.intent == intent for reading, intent, _ in own)
    note = "linear 88.7 at 83.4; BERT 96.9 at 40.3"
    return [
        Figure("in scope, right", share(right, len(own)), "at least", 0.90, f"of {len(own)}; {note}"),
        Figure(
            "out of scope, refused", share(refused, len(out)), "at least", 0.80, f"{refused} of {len(out)}"
        ),
        Figure("in scope, right without a threshold", share(plain, len(own))),
        *(_point(own, [reading.score for reading, _ in out], refused_share) for refused_share in _CURVE),
    ]


def _point(own: Sequence[tuple[IntentScore, str, float]], out: Sequence[float], refused: float) -> Figure:
    limit = threshold(out, refused)
    right = sum(reading.intent == intent and reading.score > limit for reading, intent, _ in own)
    return Figure(f"curve: in scope where {refused:g} is refused", share(right, len(own)))


def _fine(folder: Path) -> list[Figure]:
    rows = _rows(folder / "train.csv")
    kept_back = (
        _rows(folder / "test.csv") if has(folder, "test.csv") else [row for row in rows if _is_tenth(row)]
    )
    train = rows if has(folder, "test.csv") else [row for row in rows if not _is_tenth(row)]
    classifier = _fitted(train, [], _STRENGTH["banking"])
    right = sum(classifier.read(sentence).intent == intent for sentence, intent in kept_back)
    note = f"{right} of {len(kept_back)}, fitted to {len(train)}; linear .912 on the published test part"
    return [Figure("fine intents, right", share(right, len(kept_back)), "at least", 0.92, note)]


def _fitted(labelled: Labelled, strange: Sequence[str], strength: float) -> IntentClassifier:
    sentences, intents = [row[0] for row in labelled], [row[1] for row in labelled]
    return fit(sentences, intents, strange, strength=strength)


def _rows(path: Path) -> Labelled:
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["text"].strip(), row["category"]) for row in csv.DictReader(lines)]


def _is_tenth(row: Sequence[str]) -> bool:
    return int(sha256(row[0].encode()).hexdigest(), 16) % 10 == 0
