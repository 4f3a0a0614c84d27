"""Days on which a few postings stand long after all others: a mistyped year or month."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate, pairwise
from typing import Final

_FEWEST: Final = 12  # postings, of which one can be stray
_SHARE: Final = 100  # at most one posting in so many is, or a single one
_GAP: Final = 92  # days: a quarter
_TIMES: Final = 3  # as long as every gap before


def first_stray(counts: Mapping[int, int]) -> int | None:
    """Give the first stray day, None without any. counts: day, as a number of days -> postings.

    Stray are at most one posting in a hundred, or a single one, after a gap longer than a quarter and than
    three times every gap before it: sparse books have gaps of their own. As few days long before all others
    have no gap that counts: they are mistyped themselves.
    """
    days, total = sorted(counts), sum(counts.values())
    if total < _FEWEST:
        return None
    fewest = max(1, total // _SHARE)
    gaps = [after - before for before, after in pairwise(days)]
    so_far = accumulate(counts[day] for day in days)
    widest = list(accumulate((0 if n <= fewest else gap for n, gap in zip(so_far, gaps, strict=False)), max))
    later = total - counts[days[0]]
    for at, day in enumerate(days[1:]):
        if later <= fewest and at and gaps[at] > max(_GAP, _TIMES * widest[at - 1]):
            return day
        later -= counts[day]
    return None
