"""Lines of a report that are no postings: totals, balances brought forward, headings, the header once more.

They stand in the columns of the postings and have no date of their own (or no amount). What names such a
line, and no posting, goes into `where_not` of the proposed source: left out, and counted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import duckdb

from tools.core.missing import is_missing
from tools.ledger.guess.profile import ISO, moment, some
from tools.ledger.guess.source_draft import Draft
from tools.ledger.readers import open_file as opening
from tools.ledger.readers.csv_file import trimmed
from tools.ledger.sources import Source

_MOST: Final = 200  # values that a source leaves out at most: a file with more is no report of postings
_FEW: Final = 0.2  # share of rows that may be such lines
_TOTALS: Final = re.compile(
    r"((grand|sub|overall|report|net|running|account|page)[ -]?)?totals?\b|[*]+$"
    r"|(zwischen|gesamt|end)?summen?\b|gesamt\b"
    r"|(opening|closing|beginning|ending|starting|previous|ledger|available) balance"
    r"|balance (brought|carried|c/|b/)"
    r"|(anfangs|end|alter |neuer )?saldo\b|total(e|es|aal)\b|sous[ -]total|ancien solde|nouveau solde|suma\b",
    re.IGNORECASE,
)
Line = Mapping[str, str]


def leave_out(connection: duckdb.DuckDBPyConnection, one: Draft, base: Path) -> None:
    """Propose `where_not` for the lines of a source that are no postings."""
    if not one.is_transactions or "posted_on" not in one.columns:
        return
    amounts = [one.columns[name] for name in ("amount", "debit", "credit") if name in one.columns]
    found: dict[str, Counter[str]] = {}
    for line in _odd(connection, one, base, amounts):
        column = _named(line, one, amounts)
        if column:
            found.setdefault(column, Counter())[line[column]] += 1
    # Only what stands in no posting.
    sure = {
        column: sorted(
            value for value, n in held.items() if one.file.column(column).values.get(value, n) == n
        )
        for column, held in found.items()
    }
    sure = {column: values for column, values in sure.items() if values}
    rows = sum(found[column][value] for column, values in sure.items() for value in values)
    if 0 < rows <= _FEW * one.file.rows and sum(map(len, sure.values())) <= _MOST:
        one.options["where_not"] = sure
        lines = "1 line" if rows == 1 else f"{rows} lines"
        one.why["where_not"] = f"{lines} of totals, balances or headings, that are no postings"


def _odd(connection: duckdb.DuckDBPyConnection, one: Draft, base: Path, amounts: list[str]) -> Iterator[Line]:
    """Give the rows without a date or without an amount: column -> what is written there."""
    dated, form = one.columns["posted_on"], one.options.get("date_format", ISO)
    values = one.file.column(dated).values
    days = {value for value in values if moment(value, form) or moment(value, ISO)}
    for path in one.file.paths:
        options = {key: one.options[key] for key in ("sheet", "skip_lines", "names") if key in one.options}
        opened = opening.opened(connection, Source(kind="table", path=path.name, **options), base / path.name)
        for batch in some(trimmed(opened.batches(), len(opened.names))):
            for row in zip(*(batch.column(i).to_pylist() for i in range(len(opened.names))), strict=True):
                line = {name: value or "" for name, value in zip(opened.names, row, strict=True)}
                if line[dated] not in days or all(is_missing(line[name]) for name in amounts):
                    yield {name: value for name, value in line.items() if not is_missing(value)}


def _named(line: Line, one: Draft, amounts: list[str]) -> str | None:
    """Give the column that says of a line what it is."""
    texts = [name for name in line if name not in amounts]
    repeats = [name for name in texts if line[name] == re.sub(r" \(\d+\)$", "", name)]
    if len(line) > 1 and len(repeats) == len(texts) > 0:
        return repeats[0]
    if total := next((name for name in texts if _TOTALS.match(line[name])), None):
        return total
    is_heading = len(line) == 1 and texts and any(c.isalpha() for c in line[texts[0]])
    return texts[0] if is_heading and texts[0] in (one.columns["posted_on"], one.file.names[0]) else None
