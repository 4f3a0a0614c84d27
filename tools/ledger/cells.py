"""Cells become values, in SQL (cells.sql): exact, or not at all.

Amounts go from decimal text to integer minor units through their digits; no float is ever involved.
Blank, "N/A", "null" and "-" are missing values (NULL; tools/core/missing.py has them all). A text that is no
value of its column gives NULL too, which the reader turns into a rejected row, because the cell was not
missing.
"""

from __future__ import annotations

from importlib import resources
from typing import Final

import duckdb

from tools.core import missing
from tools.core.money import EXPONENTS

# Currency signs and whose they may be. A sign that is not the row's currency makes the amount ambiguous.
SIGNS: Final = {
    "$": "USD CAD AUD NZD SGD HKD TWD MXN ARS CLP COP BMD BSD BZD FJD JMD LRD NAD TTD",
    "US$": "USD", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "S$": "SGD",
    "HK$": "HKD", "R$": "BRL", "€": "EUR", "£": "GBP EGP FKP GIP SHP", "¥": "JPY CNY", "₹": "INR", "₩": "KRW",
    "₽": "RUB", "₺": "TRY", "₪": "ILS", "₫": "VND", "฿": "THB", "₱": "PHP", "₦": "NGN", "Fr.": "CHF",
    "kr": "SEK NOK DKK ISK", "kr.": "DKK", "Rs": "INR PKR LKR NPR MUR", "Rs.": "INR PKR LKR NPR MUR",
    "RM": "MYR",
    "Lei": "RON", "lei": "RON", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "R": "ZAR",
}  # fmt: skip
# Codes that texts are looked through for: what signs stand for, what has no cents or three, and others.
_FURTHER: Final = "AED SAR QAR UAH RSD BGN HRK GEL PEN UYU IDR KES MAD BOB DOP"
CODES: Final = frozenset((*" ".join(SIGNS.values()).split(), *EXPONENTS, *_FURTHER.split()))
_APOSTROPHES: Final = ("''", "\N{RIGHT SINGLE QUOTATION MARK}")
_SIGN: Final = r"((?:[A-Z]{1,2})?[$€£¥₹₩₽₺₪₫฿₱₦]|[A-Z]{3}|Fr\.|kr\.?|Rs\.?|RM|[Ll]ei|zł|Kč|Ft|R)?"


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Define the macros of cells.sql in a connection."""
    text = resources.files("tools.ledger").joinpath("cells.sql").read_text(encoding="utf-8")
    for name, value in _words().items():
        text = text.replace("{" + name + "}", value)
    connection.execute(text)


def _words() -> dict[str, str]:
    clock = "[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
    day = "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    return {
        **missing.sql_words(),
        "space": r"[\s\x{00A0}\x{2007}\x{2009}\x{202F}]",
        "minuses": "concat(chr(8722), chr(8211), chr(8210), chr(65123), chr(65293))",
        "amount_with_point": _amount(".", ","),
        "amount_with_comma": _amount(",", "."),
        "groups": "['open', 'lead', 'sign', 'mid', 'whole', 'part', 'unit', 'trail', 'close']",
        "signed": ", ".join(f"'{sign}{code}'" for sign, codes in SIGNS.items() for code in codes.split()),
        "places": " ".join(f"WHEN '{code}' THEN {places}" for code, places in EXPONENTS.items()),
        "naive_moment": day + clock,
        "moment_with_offset": day + clock + " ?(Z|[+-][0-9]{2}(:?[0-9]{2})?)",
    }


def _amount(mark: str, group: str) -> str:
    """Write the regular expression of an amount: its groups are those named in `groups`."""
    grouped = "|".join(rf"[0-9]{{1,3}}(?:[{mark}][0-9]{{3}})+" for mark in (group, " ", *_APOSTROPHES))
    lakh = rf"[0-9]{{1,2}}(?:[{group}][0-9]{{2}})+[{group}][0-9]{{3}}"
    number = rf"({grouped}|{lakh}|[0-9]*)(?:[{mark}]([0-9]*))?"
    return rf"^(\()?([+-])? ?{_SIGN} ?([+-])?{number} ?{_SIGN} ?([+-])?(\))?$"
