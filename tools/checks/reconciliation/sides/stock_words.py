"""Words of a book that are nobody's name: stock phrases of one side, and what a bank writes of the way.

How a payment came (a transfer, a cheque, an app of one country) stands beside everybody's name alike. A
word of a name does not: whoever shares a rare word with it shares it, too. So each book tells its bank's own
words, whatever the language (Church and Hanks, "Word Association Norms", 1990: what goes with everything says
nothing).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from tools.checks.reconciliation.sides.tokens import Wording

Index = NDArray[np.int64]
Mask = NDArray[np.bool_]
Numbers = NDArray[np.float64]

_STEM: Final = 4  # letters that a truncated word keeps
_STOCK_SHARE: Final = 0.01  # a word this frequent on one side and absent on the other is a stock phrase
_STOCK_LEAST: Final = 4
_WAY_SHARE: Final = 0.06  # of the distinct texts: a word less frequent may be of a family of names
_WAY_LEAST: Final = 8
_LETTERS: Final = 2
_LIFT: Final = (
    1.3  # so much more often than by chance beside a name that it stood beside once: a name's own word
)


def rows_with(texts: Wording, pairs: tuple[Index, Index], times: Index) -> Numbers:
    """Give for each known word how many rows have it; pairs and times as `stock_phrases` takes them."""
    text, word = pairs
    return np.bincount(word, times[text], minlength=len(texts.vocabulary)).astype(np.float64)


def stock_phrases(texts: Wording, pairs: tuple[Index, Index], left: Mask, right: Mask, times: Index) -> Mask:
    """Find the words frequent on one side that nothing on the other begins like.

    pairs: the distinct ones of text and word. times: rows of each text.
    """
    counts = [rows_with(texts, pairs, times * side) for side in (left, right)]
    least = max(_STOCK_LEAST, _STOCK_SHARE * float(times.sum()) / 2)
    is_stock = np.zeros(len(texts.vocabulary), bool)
    for own, foreign in (counts, counts[::-1]):
        starts = {texts.vocabulary[at][:_STEM] for at in np.flatnonzero(foreign).tolist()}
        often = np.flatnonzero(own >= least).tolist()
        is_stock[[at for at in often if texts.vocabulary[at][:_STEM] not in starts]] = True
    return is_stock


def ways(texts: Wording, pairs: tuple[Index, Index]) -> Mask:
    """Find the words that stand beside every name alike; each distinct pair of text and word counts once."""
    text, word = pairs
    often = np.bincount(word, minlength=len(texts.vocabulary))
    common = often >= max(_WAY_LEAST, _WAY_SHARE * len(texts))
    is_way = np.zeros(len(texts.vocabulary), bool)
    anchor = _rarest(texts, often, common)
    for at in np.flatnonzero(common & texts.are(lambda name: len(name) >= _LETTERS)).tolist():
        has_word = np.zeros(len(texts), bool)
        has_word[text[word == at]] = True
        is_way[at] = _lift(has_word, anchor) <= _LIFT
    return is_way


def _rarest(texts: Wording, often: Index, common: Mask) -> Index:
    """Give each text's rarest word, -1 where it has common ones alone."""
    if not len(texts):
        return np.empty(0, np.int64)
    last = len(often) * (int(often.max(initial=0)) + 1)
    place = np.where(common, last, often * len(often) + np.arange(len(often)))
    least = np.minimum.reduceat(place[texts.word], texts.starts[:-1])
    return np.where(least < last, least % len(often), -1)


def _lift(has_word: Mask, anchor: Index) -> float:
    """Say how much more often than by chance other texts of the same rarest word have the word, too."""
    anchored = anchor >= 0
    many = np.bincount(anchor[anchored], minlength=1)
    anchored[anchored] = many[anchor[anchored]] > 1
    bearing = anchored & has_word
    if bearing.sum() < _WAY_LEAST:
        return float("inf")
    with_word = np.bincount(anchor[bearing], minlength=len(many))
    again = (with_word[anchor[bearing]] - 1) / (many[anchor[bearing]] - 1)
    return float(again.mean() / (bearing.sum() / anchored.sum()))
