"""Slips of the hand: two neighbouring digits changed places, one digit wrong, one digit left out."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Digits = NDArray[np.int8]

NAMES: Final = ("digit", "transposed_digits")
_SHORTEST: Final = 3  # digits of an amount in which one may be wrong
_BLANK: Final = -1
_LEAST_TIMES: Final = 4  # a digit more or less changes an amount at least so many times
_MOST_TIMES: Final = 100  # and at most less than so many times, being one digit
_GAPS: Final = np.unique(
    [times * figure * 10**zeros for times in (1, 9) for figure in range(1, 10) for zeros in range(17)]
)


def possible(left: Index, right: Index) -> NDArray[np.bool_]:
    """Say which gaps a slip may explain, before digits are looked at.

    One wrong digit leaves a single figure and zeros, neighbours nine times that, a digit too many more.
    """
    gap = np.abs(left - right)
    at = np.minimum(np.searchsorted(_GAPS, gap), len(_GAPS) - 1)
    left_size, right_size = np.maximum(np.abs(left), 1), np.maximum(np.abs(right), 1)
    times = np.maximum(left_size, right_size) / np.minimum(left_size, right_size)
    longer = (times >= _LEAST_TIMES) & (times < _MOST_TIMES)
    return np.asarray((gap > 0) & ((_GAPS[at] == gap) | longer))


def figures(amount: Index) -> Index:
    """Give amounts of the same digits, in whatever order, the same number."""
    sizes = np.abs(amount)
    power = _powers(sizes)
    return np.asarray(np.sort(_padded(sizes, power), axis=1).astype(np.int64) @ power, dtype=np.int64)


def name(left: Index, right: Index) -> NDArray[np.str_]:
    """Name the slip that turns one amount (minor units, not negative) into the other, "" where there is none.

    Digits are compared, not differences: a multiple of nine alone is no transposition. A leading zero that
    changed places (2,049.00 for 2,490.00, 249.00 for 2,049.00) counts.
    """
    power = _powers(left, right)
    left_digits, right_digits = _padded(left, power), _padded(right, power)
    unlike = left_digits != right_digits
    first = unlike.argmax(axis=1)
    at = np.arange(len(left))
    after = np.minimum(first + 1, len(power) - 1)
    crossed = (left_digits[at, first] == right_digits[at, after]) & (
        left_digits[at, after] == right_digits[at, first]
    )
    count = unlike.sum(axis=1)
    swapped = (count == len("ab")) & unlike[at, after] & crossed
    length = _lengths(left_digits), _lengths(right_digits)
    enough = np.maximum(*length) >= _SHORTEST
    wrong = (count == 1) & (length[0] == length[1])
    slip = wrong & enough
    longer = np.flatnonzero(enough & (np.abs(length[0] - length[1]) == 1))
    slip[longer] = _is_digit_missing(
        left_digits[longer], right_digits[longer], length[0][longer], length[1][longer]
    )
    return np.where(swapped, "transposed_digits", np.where(slip, "digit", ""))


def _is_digit_missing(
    left_digits: Digits, right_digits: Digits, l_length: Index, r_length: Index
) -> NDArray[np.bool_]:
    """Say of amounts, one a digit longer, where it is the other and one digit more.

    A common beginning and a common end meet.
    """
    end = np.cumprod((left_digits == right_digits)[:, ::-1], axis=1).sum(axis=1)
    ahead = _leading(left_digits, l_length) == _leading(right_digits, r_length)
    beginning = np.cumprod(ahead, axis=1).sum(axis=1)
    shorter = np.minimum(l_length, r_length)
    return np.asarray(np.minimum(beginning, shorter) + np.minimum(end, shorter) >= shorter)


def _powers(*amounts: Index) -> Index:
    """Give the powers of ten of the longest amount's digits."""
    digits = len(str(max(int(amount.max(initial=0)) for amount in amounts)))
    return np.asarray(10 ** np.arange(digits - 1, -1, -1, dtype=np.int64))


def _padded(amount: Index, power: Index) -> Digits:
    return (amount[:, None] // power % 10).astype(np.int8)


def _leading(digits: Digits, length: Index) -> Digits:
    """Set digits flush left, blanks after them."""
    width = digits.shape[1]
    place = np.arange(width) + (width - length)[:, None]
    flush = np.take_along_axis(digits, np.minimum(place, width - 1), axis=1)
    return np.where(place < width, flush, _BLANK).astype(np.int8)


def _lengths(digits: Digits) -> Index:
    return np.asarray(digits.shape[1] - (digits != 0).argmax(axis=1), dtype=np.int64)
