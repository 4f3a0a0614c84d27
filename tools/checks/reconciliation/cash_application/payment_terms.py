"""How an amount paid stands to one owed: equal, less a discount or a deduction, in part, or too much."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

EQUAL: Final = 6.0
_NAMED_IN_NOTE: Final = 5.5  # the difference is the one that the payer's note names
_TERMS: Final = 3.0  # the difference is a customary discount
_PART: Final = 0.5  # less than is owed, and called a part
_SHORT: Final = -2.0  # less than is owed, and nothing said
_TOO_MUCH: Final = -2.5
_OPPOSITE_SIGN: Final = -8.0
_RATES: Final = tuple(Decimal(rate) / 200 for rate in range(1, 11))  # a half to five per cent
_MOST: Final = Decimal("1.5")  # of what is owed; more is not an overpayment but something else

_MONEY: Final = re.compile(r"\d[\d,]*\.\d{2}\b")
_NUMBER: Final = re.compile(r"(?<![\w#-])\d{1,2}(?:\.\d+)?(?![\d,]|\.\d)")
_DISCOUNT: Final = re.compile(r"discount|terms|early|prompt|skonto|rebate", re.IGNORECASE)
_IN_PART: Final = re.compile(r"part|instal|progress|on acc|deposit|down ?pay|a conto|abschlag", re.IGNORECASE)


class AmountRelation(NamedTuple):
    """What the difference is called, and the log-odds that unrelated amounts don't stand like this."""

    reason: str
    odds: float


def relate(paid: int, owed: int, note: str = "") -> AmountRelation:
    """Compare minor units paid with minor units owed; `note` is what the payer wrote about it."""
    if paid == owed:
        return AmountRelation("", EQUAL)
    if owed == 0 or (paid > 0) != (owed > 0):
        return AmountRelation("sign", _OPPOSITE_SIGN)
    if abs(paid) > abs(owed):
        return AmountRelation("overpayment", _TOO_MUCH if abs(paid) <= _MOST * abs(owed) else _OPPOSITE_SIGN)
    return _less(paid, owed, note)


def _less(paid: int, owed: int, note: str) -> AmountRelation:
    in_note = _is_in_note(owed - paid, owed, note)
    rate = _is_discount(paid, owed)
    if _DISCOUNT.search(note) and (in_note or rate):
        return AmountRelation("discount", _NAMED_IN_NOTE)
    if in_note:
        return AmountRelation("deduction", _NAMED_IN_NOTE)
    in_part = _IN_PART.search(note)
    if rate and not in_part:
        return AmountRelation("discount", _TERMS)
    return AmountRelation("partial", _PART) if in_part else AmountRelation("short_pay", _SHORT)


def _is_in_note(gap: int, owed: int, note: str) -> bool:
    amounts = (Decimal(figure.replace(",", "")) for figure in _MONEY.findall(note))
    if any(int(amount * 100) == abs(gap) for amount in amounts):
        return True
    shares = [Decimal(figure) / 100 for figure in _NUMBER.findall(note)]
    return any(_rounded(owed * share) in (gap, owed - gap) for share in shares if share)


def _is_discount(paid: int, owed: int) -> bool:
    if 200 * abs(paid) < 190 * abs(owed) - 400:  # more than the largest rate takes off
        return False
    return any(abs(_rounded(owed * (1 - rate)) - paid) <= 1 for rate in _RATES)


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
