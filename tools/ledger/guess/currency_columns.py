"""A bank's file with a column of amounts for each currency: as many accounts, each a source of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from tools.ledger.cells import CODES
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_draft import SourceDraft

_IDLE: Final = frozenset(("amount", "currency", "value", "in"))


def apart(draft: SourceDraft) -> list[SourceDraft]:
    """Give a draft for each currency whose amounts stand in a column of its own; the draft itself otherwise.

    Each line has its amount in one of them, as an export of several accounts has (CAD$, USD$).
    """
    columns = _columns(draft.file) if draft.kind == "bank" else {}
    if len(columns) < 2 or draft.columns.get("amount") not in columns.values() or draft.proof:  # noqa: PLR2004 - several
        return [draft]
    places = [draft.file.names.index(name) for name in columns.values()]
    if any(sum(bool(line[at]) for at in places) > 1 for line in draft.file.lines):
        return [draft]  # one amount, in its own currency and in ours
    return [_of(draft, code, name) for code, name in columns.items()]


def _of(draft: SourceDraft, code: str, name: str) -> SourceDraft:
    return replace(
        draft,
        is_of_one_currency=True,
        columns={**draft.columns, "amount": name},
        options={**draft.options, "currency": code},
        why={
            **draft.why,
            "columns.amount": f"the lines of the account in {code}",
            "currency": f"the column's name says it: {name}",
        },
    )


def _columns(file: FileProfile) -> Mapping[str, str]:
    return {code: column.name for column in file.columns if (code := _code(column))}


def _code(column: FileColumn) -> str:
    """Give the currency that a column of amounts is called after, and after nothing else."""
    rest = [word for word in column.words if word not in _IDLE]
    code = rest[0].upper() if len(rest) == 1 else ""
    return code if code in CODES and column.is_amount else ""
