"""A second opinion on what a person wrote: a linear classifier fitted to labelled answers.

    classifier().read(prepared("Sent it over on Friday.")) -> IntentScore(intent="paid", ...)

The words of answer_rules.yaml know what they were written for; what they do not know is read by likeness, and
what they take for another kind than like answers had is unsure. Fitted to answer_examples.yaml by
`python -m tools.recovery.replies.answer_classifier`, which writes answer_classifier.npz: that is shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final, NamedTuple

from tools.core import package_yaml
from tools.core.intents.classifier import OUT_OF_SCOPE, IntentClassifier, load
from tools.core.intents.fitting import fit
from tools.core.plain_words import normalise
from tools.recovery.replies import answer_text

WEIGHTS: Final = Path(str(resources.files("tools.recovery.replies") / "answer_classifier.npz"))
UNSURE: Final = "unsure"
_AUTOMATIC: Final = "auto_reply"  # of headers and the words of machines, not of what people write
# Of answers in folds that were not fitted on, 61 in 100 reach both, and 1 in 29 of these is of another kind;
# with the words beside them 80 in 100 are read, and 1 in 69 of these is wrong.
LEAST_SCORE: Final = 0.5
LEAST_LEAD: Final = 0.5
LEAST_WORDS: Final = 4
LEAST_KNOWN: Final = 0.6  # of the words: of 160 answers that were not fitted on each has as many
AS_LIKE: Final = 0.2
FAR: Final = -1.0  # like none that we know


class Likeness(NamedTuple):
    """Which kind an answer is like enough to be of it, "" for none; and what it is most like, or as like.

    also: the next kind where the answer is like it too, "" where it is not.
    """

    kind: str
    nearest: tuple[str, ...]
    also: str


@cache
def classifier() -> IntentClassifier:
    """Give the shipped classifier."""
    return load(WEIGHTS)


@cache
def opinion(text: str) -> Likeness:
    """Say which kind an answer is most like, and whether it is like enough to be of it; few words never."""
    read = prepared(text)
    score = classifier().read(read)
    lead = score.score - score.second_score
    sure = score.score > LEAST_SCORE and lead > LEAST_LEAD and _is_known(read)
    nearest = (score.intent, score.second) if lead < AS_LIKE else (score.intent,)
    also = score.second if score.second_score > LEAST_SCORE else ""
    return Likeness(score.intent if sure else "", nearest if score.score > FAR else (), also)


def _is_known(prepared_text: str) -> bool:
    """Say whether most words stand in labelled answers: what is of other matters is like none of them."""
    words = normalise(prepared_text).split()
    known = sum(("word", word) in classifier().columns for word in words)
    return len(words) >= LEAST_WORDS and known >= LEAST_KNOWN * len(words)


def prepared(text: str) -> str:
    """Give an answer as the classifier reads it: a question mark is a word."""
    return answer_text.without_signature(text).replace("?", " questionmark ")


def labelled() -> list[tuple[str, str]]:
    """Give the labelled answers, each prepared, with its first kind; OUT_OF_SCOPE of an unsure one."""
    return [
        (prepared(answer_text.latest(row["text"])), OUT_OF_SCOPE if kind == UNSURE else kind)
        for row in package_yaml.of_package("tools.recovery.replies", "answer_examples")
        if (kind := _kind(row)) != _AUTOMATIC
    ]


def _kind(row: Mapping[str, str]) -> str:
    return row["kind"].split("|")[0]


def fitted(rows: list[tuple[str, str]]) -> IntentClassifier:
    """Fit to labelled answers."""
    own = [row for row in rows if row[1] != OUT_OF_SCOPE]
    return fit(
        [text for text, _ in own], [kind for _, kind in own], [text for text, kind in rows if not kind]
    )


if __name__ == "__main__":
    fitted(labelled()).save(WEIGHTS)
