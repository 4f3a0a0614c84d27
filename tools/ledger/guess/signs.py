"""Which way money goes in a bank's file: by its running balance, or by what its lines say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from tools.books.engine import Books
from tools.ledger.guess.vocabulary import vocabulary

_SURE: Final = 0.8
_LEAST: Final = 5  # lines that have to speak
_FEW: Final = 2  # the same where they only confirm
_BALANCE: Final = """
    WITH line AS (
        SELECT amount_minor, balance_minor,
               balance_minor - lag(balance_minor) OVER (PARTITION BY account, file ORDER BY line) AS up,
               balance_minor - lead(balance_minor) OVER (PARTITION BY account, file ORDER BY line) AS down
        FROM txn WHERE source = $source AND amount_minor <> 0
    )
    SELECT count(*) FILTER (WHERE up = amount_minor OR down = amount_minor) AS same,
           count(*) FILTER (WHERE up = -amount_minor OR down = -amount_minor) AS turned,
           count(*) AS lines
    FROM line WHERE up IS NOT NULL OR down IS NOT NULL
"""
_WORDS: Final = """
    SELECT count(*) FILTER (WHERE is_in AND amount_minor > 0 OR is_out AND amount_minor < 0) AS same,
           count(*) FILTER (WHERE is_in AND amount_minor < 0 OR is_out AND amount_minor > 0) AS turned,
           count(*) FILTER (WHERE is_in OR is_out) AS lines
    FROM (
        SELECT amount_minor,
               regexp_matches(said, $ins) AND NOT regexp_matches(said, $outs) AS is_in,
               regexp_matches(said, $outs) AND NOT regexp_matches(said, $ins) AS is_out
        FROM (SELECT amount_minor, strip_accents(lower(concat_ws(' ', category, description))) AS said
              FROM txn WHERE source = $source)
    )
"""
_LONG: Final = 5  # letters of a phrase that may go on: lastschrift, lastschrifteinzug
_CHECK: Final = "CHECK: nothing says whether money that comes in is positive"
_SIDES: Final = (
    "CHECK: taken as a bank's, whose debit is money that leaves; nothing proves it"
    ", and in a ledger's export it is money that comes in"
)


def is_negated(books: Books, source: str, *, unsaid: str = _CHECK) -> tuple[bool, str]:
    """Say whether a bank's amounts have to be negated to be positive when money comes in, and why.

    unsaid: what to say where nothing tells.
    """
    (counts,) = books.rows(_BALANCE, {"source": source})
    if counts["lines"] >= _LEAST and _agreed(counts):
        is_turned = counts["turned"] > counts["same"]
        moves = "against" if is_turned else "with"
        count = max(counts["same"], counts["turned"])
        return is_turned, f"the balance moves {moves} the amount on {count} of {counts['lines']} lines"
    listed = vocabulary()
    patterns = {"ins": _saying(listed.says_in), "outs": _saying(listed.says_out)}
    (counts,) = books.rows(_WORDS, {"source": source, **patterns})
    if not counts["lines"] or not _agreed(counts):
        return False, unsaid
    count, is_turned = max(counts["same"], counts["turned"]), counts["turned"] > counts["same"]
    if counts["lines"] < (_LEAST if is_turned else _FEW):
        against = f"; what {count} of {counts['lines']} lines say is against it" if is_turned else ""
        return False, f"{unsaid}{against}"
    check = "CHECK: " if is_turned else ""
    return is_turned, f"{check}what {count} of {counts['lines']} lines say of money in and out"


def sides_turned(books: Books, source: str) -> tuple[bool, str]:
    """Say the same of debit and credit in columns of their own, which no balance proves."""
    return is_negated(books, source, unsaid=_SIDES)


def _agreed(counts: Mapping[str, int]) -> bool:
    return max(counts["same"], counts["turned"]) >= _SURE * counts["lines"]


def _saying(phrases: Iterable[str]) -> str:
    """Write the pattern of words that begin with a phrase, or are a short one."""
    longer = "|".join(re.escape(phrase) for phrase in phrases if len(phrase) >= _LONG)
    short = "|".join(re.escape(phrase) for phrase in phrases if len(phrase) < _LONG)
    return rf"\b(?:(?:{longer})|(?:{short})\b)"
