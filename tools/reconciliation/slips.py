"""Slips of the hand: two neighbouring digits changed places, one digit wrong, one digit left out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Digits = NDArray[np.int8]

NAMES: Final = ("digit", "transposed_digits")
_WIDTH: Final = 19  # digits of a 64-bit integer
_SHORTEST: Final = 3  # digits of an amount in which one may be wrong
_BLANK: Final = -1
_LEAST_TIMES: Final = 4  # a digit more or less changes an amount at least so many times
_GAPS: Final = np.unique(
    [times * figure * 10**zeros for times in (1, 9) for figure in range(1, 10) for zeros in range(17)]
)


def possible(left: Index, right: Index) -> NDArray[np.bool_]:
    """Say which gaps a slip may explain, before digits are looked at.

    One wrong digit leaves a single figure and zeros, neighbours nine times that, a digit too many more.
    """
    gap = np.abs(left - right)
    at = np.minimum(np.searchsorted(_GAPS, gap), len(_GAPS) - 1)
    one, other = np.maximum(np.abs(left), 1), np.maximum(np.abs(right), 1)
    longer = np.maximum(one, other) >= _LEAST_TIMES * np.minimum(one, other)
    return np.asarray((gap > 0) & ((_GAPS[at] == gap) | longer))


def figures(amount: Index) -> Index:
    """Give amounts of the same digits, in whatever order, the same number."""
    power = 10 ** np.arange(_WIDTH - 1, -1, -1, dtype=np.int64)
    return np.asarray(np.sort(_padded(np.abs(amount)), axis=1).astype(np.int64) @ power, dtype=np.int64)


def name(left: Index, right: Index) -> NDArray[np.str_]:
    """Name the slip that turns one amount (minor units, not negative) into the other, "" where there is none.

    Digits are compared, not differences: a multiple of nine alone is no transposition. A leading zero that
    changed places (2,049.00 for 2,490.00, 249.00 for 2,049.00) counts.
    """
    one, other = _padded(left), _padded(right)
    unlike = one != other
    first = unlike.argmax(axis=1)
    at = np.arange(len(left))
    after = np.minimum(first + 1, _WIDTH - 1)
    crossed = (one[at, first] == other[at, after]) & (one[at, after] == other[at, first])
    count = unlike.sum(axis=1)
    swapped = (count == len("ab")) & unlike[at, after] & crossed
    length = _lengths(one), _lengths(other)
    enough = np.maximum(*length) >= _SHORTEST
    wrong = (count == 1) & (length[0] == length[1])
    slip = (wrong | _left_out(one, other, *length)) & enough
    return np.where(swapped, "transposed_digits", np.where(slip, "digit", ""))


def _left_out(one: Digits, other: Digits, l_length: Index, r_length: Index) -> NDArray[np.bool_]:
    """Say where one amount is the other without one digit: a common beginning and a common end meet."""
    end = np.cumprod((one == other)[:, ::-1], axis=1).sum(axis=1)
    ahead = _leading(one, l_length) == _leading(other, r_length)
    beginning = np.cumprod(ahead, axis=1).sum(axis=1)
    shorter = np.minimum(l_length, r_length)
    return np.asarray(
        (np.abs(l_length - r_length) == 1)
        & (np.minimum(beginning, shorter) + np.minimum(end, shorter) >= shorter)
    )


def _padded(amount: Index) -> Digits:
    power = 10 ** np.arange(_WIDTH - 1, -1, -1, dtype=np.int64)
    return (amount[:, None] // power % 10).astype(np.int8)


def _leading(digits: Digits, length: Index) -> Digits:
    """Set digits flush left, blanks after them."""
    place = np.arange(_WIDTH) + (_WIDTH - length)[:, None]
    flush = np.take_along_axis(digits, np.minimum(place, _WIDTH - 1), axis=1)
    return np.where(place < _WIDTH, flush, _BLANK).astype(np.int8)


def _lengths(digits: Digits) -> Index:
    return np.asarray(_WIDTH - (digits != 0).argmax(axis=1), dtype=np.int64)
