"""Whether texts are amounts, and with which decimal mark; read roughly, enough to compare."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tools.ledger.cells import CODES, SIGNS

_UNITS: Final = "|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True) if sign.isascii())
_SIGN: Final = rf"(?:[A-Z]{{3}}|{_UNITS}|zł|Kč|[^\w\s.,()+-]{{1,2}})?"
_MINUS: Final = str.maketrans(dict.fromkeys("\u2212\u2013\u2012\ufe63\uff0d", "-"))
_SIDES: Final = r"(?:(?<=[.,]\d\d)|(?<=[.,]\d\d\s))[CD]"  # of one letter: only behind an amount's decimals
NUMBER: Final = {
    mark: re.compile(
        rf"{_SIGN} ?[(+-]? ?{_SIGN} ?-?"
        rf"(\d{{1,3}}(?:[{group}'\u2019\s]\d{{3}})+|\d{{1,2}}(?:[{group}]\d{{2}})+[{group}]\d{{3}}|\d+)?"
        rf"(?:[{mark}]\d*)?\s?(?:{_SIGN}\s?[)+-]?|[cC][rR]|[dD][rRbB]|[SH]|{_SIDES})$"
    )
    for mark, group in ((".", ","), (",", "."))
}

_OTHER_SIDE: Final = re.compile(r"[cC][rR]$|\d ?[HC]$")


def is_any_amount(text: str) -> bool:
    """Say whether a text is an amount that shows it by a decimal mark or a sign."""
    return any(is_amount(text, mark) and (mark in text or text[0] in "+-") for mark in NUMBER)


def is_amount(text: str, mark: str) -> bool:
    """Say whether a text looks like an amount with that decimal mark."""
    if NUMBER[mark].match(text.translate(_MINUS)) is None or not any(c.isdigit() for c in text):
        return False
    return all(letters in CODES for letters in re.findall(r"[A-Z]{3}", text))


def amount(text: str, mark: str) -> Decimal | None:
    """Read an amount roughly: enough to tell its sign and to compare; reading proper is in SQL."""
    if not is_amount(text, mark):
        return None
    bare = re.sub(r"Fr\.|Rs\.", "", text)
    digits = re.sub(rf"[^0-9{re.escape(mark)}]", "", bare).replace(mark, ".")
    plain_text = text.translate(_MINUS)
    minus = "-" in plain_text or "(" in text or _OTHER_SIDE.search(text) is not None
    return Decimal(digits) * (-1 if minus else 1)
