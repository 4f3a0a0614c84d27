"""Headers of two lines: a word over several columns ("Amount"), and below it what each is ("In", "Out")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

_LEAST: Final = 2  # columns under one word
_NAMES: Final = 3  # of the upper row; fewer are a title
_DIGIT: Final = re.compile(r"\d")


def two_lines(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Name the columns where two rows are one header: "Amount In"; empty where they are not.

    The lower row fills each gap of the upper one, and else stands only under the word before a gap.
    """
    pairs = [(above.strip(), below.strip()) for above, below in zip_longest(upper, lower, fillvalue="")]
    below = [at for at, (_, name) in enumerate(pairs) if name]
    gaps = [at for at, (name, _) in enumerate(pairs) if not name]
    heads = [at - 1 for at in gaps if at - 1 not in gaps]
    is_header = len(pairs) - len(gaps) >= _NAMES and 0 not in gaps
    if not gaps or not is_header or len(below) < _LEAST or any(_DIGIT.search(pairs[at][1]) for at in below):
        return []
    if set(below) != {*gaps, *heads}:
        return []
    names, over = list[str](), ""
    for name, under in pairs:
        over = name or over
        names.append(f"{over} {under}" if under else over)
    return names
