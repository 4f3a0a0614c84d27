"""Where the periods of statements end, learned from the books.

Of every closing rule tried (so many days before the payment; a day of the month), the one under which most
statements tie is taken. A payment settles what came since the last closing; after a gap in the payments, one
cycle only, unless the whole gap ties: what lies between has no payment.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, pairwise
from statistics import median
from typing import Final

_EPOCH: Final = date(1970, 1, 1)
_LONGEST_LAG: Final = 45  # days from closing a statement to its payment
_FIRST_PERIOD: Final = 31  # days that the first statement covers, where nothing tells its cycle
_ENOUGH: Final = 4  # statements from which a cycle, or a typical difference, can be told
_GAP: Final = 1.5  # cycles from which a payment is missing between two


@dataclass(frozen=True)
class Period:
    """Left rows after `after` up to `until` (days), settled by the right rows paid on `paid`."""

    after: int
    until: int
    paid: int


@dataclass(frozen=True)
class _Scheme:
    """The closing of each payment, and the closing one cycle before it (none: not known)."""

    closings: list[int]
    cycle_before: list[int | None]


class _Charged:
    """What was charged in a period, by cumulative sums over days."""

    def __init__(self, charges: Mapping[int, int]) -> None:
        self.days = sorted(charges)
        self.sums = [0, *accumulate(charges[day] for day in self.days)]

    def __call__(self, after: int, until: int) -> int:
        return self.sums[bisect_right(self.days, until)] - self.sums[bisect_right(self.days, after)]


def learn(charges: Mapping[int, int], payments: Mapping[int, int]) -> list[Period]:
    """Give the period of each day of payments; both map a day to its sum (minor units, one sign)."""
    paid, charged = sorted(payments), _Charged(charges)

    def misfit(periods: list[Period]) -> tuple[int, int, float]:
        sums = [charged(period.after, period.until) for period in periods]
        gaps = [total - payments[period.paid] for total, period in zip(sums, periods, strict=True)]
        return -gaps.count(0), sums.count(0), _spread(gaps, [payments[period.paid] for period in periods])

    return min((_periods(scheme, paid, payments, charged) for scheme in _schemes(paid)), key=misfit)


def _spread(gaps: list[int], paid: list[int]) -> float:
    """Sum what gaps differ by from the usual one: books that hold a tenth too much do so every month."""
    shares = [gap / amount for gap, amount in zip(gaps, paid, strict=True) if amount]
    usual = median(shares) if len(shares) >= _ENOUGH else 0.0
    return sum(abs(gap - usual * amount) for gap, amount in zip(gaps, paid, strict=True))


def _schemes(paid: list[int]) -> Iterator[_Scheme]:
    between = [later - day for day, later in pairwise(paid)]
    cycle = round(median(between)) if len(between) >= _ENOUGH else None
    long = [False, *(cycle is not None and gap > _GAP * cycle for gap in between)]
    for lag in range(_LONGEST_LAG + 1):
        closings = [day - lag for day in paid]
        before = [day - cycle if cycle and gap else None for day, gap in zip(closings, long, strict=True)]
        yield _Scheme(closings, before)
    for closing in range(1, 32):
        closings = [_closed(day, closing) for day in paid]
        yield _Scheme(closings, [_closed(day - 1, closing) for day in closings])


def _periods(
    scheme: _Scheme, paid: list[int], payments: Mapping[int, int], charged: _Charged
) -> list[Period]:
    last = scheme.cycle_before[0] or scheme.closings[0] - _FIRST_PERIOD
    periods = []
    for until, before, day in zip(scheme.closings, scheme.cycle_before, paid, strict=True):
        whole = charged(last, until) == payments[day] or before is None
        periods.append(Period(last if whole or before is None else max(last, before), until, day))
        last = until
    return periods


def _closed(day: int, closing: int) -> int:
    """Give the last closing day (of the month, or its end) on or before `day`."""
    at = _EPOCH + timedelta(days=day)
    this = _in_month(at.year, at.month, closing)
    if this > at:
        before = at.replace(day=1) - timedelta(days=1)
        this = _in_month(before.year, before.month, closing)
    return (this - _EPOCH).days


def _in_month(year: int, month: int, closing: int) -> date:
    after = date(year + month // 12, month % 12 + 1, 1)
    return min(date(year, month, 1) + timedelta(days=closing - 1), after - timedelta(days=1))
