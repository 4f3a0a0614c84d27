"""Columns of what reading leaves: rows rejected or left out, control totals, declared totals.

Money columns end in `_minor` (integer minor units of `currency`).
"""

from __future__ import annotations

from typing import Final

REJECTED: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "reason": "VARCHAR",
    "raw": "VARCHAR",  # first 1,000 characters of the row
}

# Rows that were read and are no postings of their source: what they are, and how many.
LEFT_OUT: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "why": "VARCHAR",  # header, page, balance, total, note, heading, pending, overlap ..., where
    "rows": "BIGINT",
}

# What statements say of themselves (balances, control totals, counts), held against their lines.
STATEMENT_PROOF: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "line": "BIGINT",
    "account": "VARCHAR",
    "currency": "VARCHAR",  # null where it is a count
    "subject": "VARCHAR",  # closing balance, control total of account 1111, number of records ...
    "opening": "VARCHAR",  # decimal text; null where it is no balance, or none is said
    "expected": "VARCHAR",  # as the statement says it
    "actual": "VARCHAR",  # as its lines give it; null where nothing can be held against it
    "off_minor": "BIGINT",  # actual - expected, of money
    "ties": "BOOLEAN",
}

# Files beside the books that nothing reads.
NOT_READ: Final = {"file": "VARCHAR", "why": "VARCHAR"}

CONTROL_TOTAL: Final = {
    "source": "VARCHAR",
    "file": "VARCHAR",
    "sha256": "VARCHAR",
    "currency": "VARCHAR",
    "rows": "BIGINT",  # read: canonical + rejected + filtered
    "rejected": "BIGINT",
    "filtered": "BIGINT",  # left out by the source's `where`
    "outside": "BIGINT",  # canonical, but neither in the window nor in the history nor open
    "sum_minor": "BIGINT",  # of the canonical rows, those outside included
}

REQUIRED_FIELD: Final = {"source": "VARCHAR", "field": "VARCHAR"}  # txn columns that a source must fill

# What a source declares that it holds, to be held against control_total.
SOURCE_DOMAIN: Final = {"source": "VARCHAR", "domain": "VARCHAR"}  # what its rows are of, where it is said

DECLARED_TOTAL: Final = {
    "source": "VARCHAR",
    "currency": "VARCHAR",  # null: all
    "rows": "BIGINT",
    "sum_minor": "BIGINT",
}
