"""Which way money goes in a bank's file: by its running balance, or by what its lines say."""

from __future__ import annotations

from typing import Final

from tools.books.engine import Books

_SURE: Final = 0.8
_LEAST: Final = 5  # lines that have to speak
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
        FROM (SELECT amount_minor, lower(concat_ws(' ', category, description)) AS said
              FROM txn WHERE source = $source)
    )
"""
_INS: Final = r"\b(deposit|credit from|incoming|received|receipt|interest earned|lockbox|revenue|refund)"
_OUTS: Final = (
    r"\b(debit|withdrawal|payment|purchase|pos|fee|(service|bank|account|card|late) charges?|check|cheque"
    r"|outgoing|payroll|rent)\b"
)


def turned(books: Books, source: str) -> tuple[bool, str]:
    """Say whether a bank's amounts have to be negated to be positive when money comes in, and why."""
    (counts,) = books.rows(_BALANCE, {"source": source})
    if counts["lines"] >= _LEAST and max(counts["same"], counts["turned"]) >= _SURE * counts["lines"]:
        is_turned = counts["turned"] > counts["same"]
        moves = "against" if is_turned else "with"
        count = max(counts["same"], counts["turned"])
        return is_turned, f"the balance moves {moves} the amount on {count} of {counts['lines']} lines"
    (counts,) = books.rows(_WORDS, {"source": source, "ins": _INS, "outs": _OUTS})
    if counts["lines"] >= _LEAST and max(counts["same"], counts["turned"]) >= _SURE * counts["lines"]:
        is_turned = counts["turned"] > counts["same"]
        count = max(counts["same"], counts["turned"])
        return is_turned, f"what {count} of {counts['lines']} lines say of money in and out"
    return False, "CHECK: nothing says whether money that comes in is positive"
