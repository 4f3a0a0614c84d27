"""Columns of what checks leave beside a snapshot: findings, matches, breaks, what a match rests on.

Money columns end in `_minor` (integer minor units of `currency`).
"""

from __future__ import annotations

from typing import Final

from tools.books.tables import ALIAS

FINDING: Final = {
    "check": "VARCHAR",
    "test": "VARCHAR",
    "row_key": "VARCHAR",
    "score": "INTEGER",
    "observed": "VARCHAR",
    "threshold": "VARCHAR",
    "population": "VARCHAR",
    "partner_key": "VARCHAR",  # the row that it was held against, where there is one
    "field": "VARCHAR",  # the column that is wrong, where it is one
    "event": "VARCHAR",  # what all findings of one event share, where it has several: they are one case
    "off_minor": "BIGINT",  # what a total (a journal, an account) is off by: that is at risk, not the row
}

MATCH: Final = {
    "pair": "VARCHAR",
    "group_id": "VARCHAR",  # rows of one match, N:M included, share it
    "left_key": "VARCHAR",
    "right_key": "VARCHAR",
    "left_id": "VARCHAR",
    "right_id": "VARCHAR",
    "kind": "VARCHAR",  # 1:1, 1:N, N:1, N:M, offset
    "pass": "VARCHAR",  # which pass found it
    "confidence": "DOUBLE",
    "amount_minor": "BIGINT",  # what of the left row this line covers
    "difference_minor": "BIGINT",
    "difference_reason": "VARCHAR",  # fee, fx, discount, transposed digits ...
}

# Of a match of two rows, in log-odds: see tools/checks/reconciliation/match_evidence.py.
MATCH_EVIDENCE: Final = {
    "pair": "VARCHAR",
    "left_key": "VARCHAR",
    "right_key": "VARCHAR",
    "prior": "DOUBLE",
    "amount": "DOUBLE",
    "name_level": "UTINYINT",
    "name": "DOUBLE",
    "number_level": "UTINYINT",
    "number": "DOUBLE",
    "form_level": "UTINYINT",
    "form": "DOUBLE",
    "days": "INTEGER",
    "lag": "DOUBLE",
    "rivals": "DOUBLE",  # less what stands against it
}

MATCH_WEIGHT: Final = {  # what each outcome of a comparison weighs in a pair: weight = ln(m / u)
    "pair": "VARCHAR",
    "field": "VARCHAR",
    "level": "INTEGER",
    "m": "DOUBLE",  # how often among matches
    "u": "DOUBLE",  # how often among non-matches
    "weight": "DOUBLE",
}

LEARNED_ALIAS: Final = {
    **ALIAS,
    "pair": "VARCHAR",
    "times": "BIGINT",  # matches that say so
    "confidence": "DOUBLE",  # of those matches, on average
}

# What each pair holds against what, in words: the population of its findings.
COMPARED: Final = {
    "pair": "VARCHAR",
    "side": "VARCHAR",  # left, right, matched, statement
    "population": "VARCHAR",
}

BREAK: Final = {
    "pair": "VARCHAR",
    "side": "VARCHAR",  # left, right, statement
    "row_key": "VARCHAR",
    "txn_id": "VARCHAR",
    "reason": "VARCHAR",  # timing, prior_period, later_period, unpaid, amount, fee, fx, duplicate, ...
    "amount_minor": "BIGINT",
    "currency": "VARCHAR",
    "difference_minor": "BIGINT",
    "nearest_key": "VARCHAR",
    "why_not": "VARCHAR",
    "age_days": "BIGINT",
    "other_until": "DATE",  # the other side's last day, where the row is of a later month
}

# What matching leaves in the process, for the tests that read it.
RECONCILED: Final = {"match": MATCH, "break": BREAK, "compared": COMPARED}
