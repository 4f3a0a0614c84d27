"""Lines without an amount where the others have theirs: parts of the line above, or about the whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from tools.ledger.guess.amounts import amount
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.source_draft import SourceDraft

_USUAL: Final = 0.9  # share of the other lines that fill a column
_SPARSE: Final = 0.5  # share of the usual columns that a line without day and amount fills at most


def leave_parts_out(draft: SourceDraft) -> None:
    """Propose to leave out lines with neither day nor amount, and those whose amount stands elsewhere.

    Sums of parts that give the line above prove it; what nothing proves is a CHECK.
    """
    days = [draft.file.names.index(c.name) for c in draft.mapped("posted_on", "posted_at")]
    sides = draft.mapped("amount", "debit", "credit")
    amounts = [draft.file.names.index(column.name) for column in sides]
    if not days or not amounts:
        return
    priced = [any(line[at].strip() for at in amounts) for line in draft.file.lines]
    bare = [line for line, has in zip(draft.file.lines, priced, strict=True) if not has]
    undated = [line for line in bare if not any(line[at].strip() for at in days)]
    if undated and _say_little(draft, undated):
        _leave_out(draft, "empty", undated, f"{len(undated)} with neither day nor amount")
        priced = [any(line[at].strip() for at in amounts) for line in draft.file.lines]
    parts = [line for line, has in zip(draft.file.lines, priced, strict=True) if not has]
    if parts and (repeated := _repeated(draft, priced)):
        why = f"{len(parts)} without an amount that have the {repeated} of the line above: its items"
        _leave_out(draft, "detail", parts, why)
    elif parts and (elsewhere := _instead(draft, priced)):
        names = ", ".join(column.name for column in sides)
        is_proven = _sum_up(draft, priced, amounts, elsewhere)
        why = f"{len(parts)} whose amount stands in {elsewhere} and not in {names}"
        sure = ": they sum to the line above" if is_proven else "; CHECK: are these postings, too?"
        if draft.is_of_one_currency:
            sure = ": of the account in the other currency"
        _leave_out(draft, "detail", parts, why + sure)


def _leave_out(draft: SourceDraft, name: str, lines: Sequence[tuple[str, ...]], why: str) -> None:
    """Leave lines out of what is read and of what is known of the columns, and say why."""
    bare = set(lines)
    counts = [Counter(line[at] for line in lines) for at in range(len(draft.file.names))]
    rows = draft.file.rows - len(lines)
    columns = tuple(
        FileColumn(column.name, Counter(column.values) - count, rows)
        for column, count in zip(draft.file.columns, counts, strict=True)
    )
    draft.file = replace(
        draft.file,
        columns=columns,
        rows=rows,
        lines=tuple(line for line in draft.file.lines if line not in bare),
    )
    draft.options["leave_out"] = [*draft.options.get("leave_out", []), name]
    reason = draft.why.get("leave_out", "lines that are no postings: ").removesuffix(": ")
    joint = ", " if "leave_out" in draft.why else ": "
    draft.why["leave_out"] = f"{reason}{joint}{why}"


def _say_little(draft: SourceDraft, undated: Sequence[tuple[str, ...]]) -> bool:
    """Whether lines fill few of the columns that nearly all others fill: no postings with a hole."""
    bare = set(undated)
    lines = [line for line in draft.file.lines if line not in bare]
    least = _USUAL * len(lines)
    usual = [at for at in range(len(draft.file.names)) if sum(bool(line[at]) for line in lines) >= least]
    return bool(lines) and all(
        sum(bool(line[at]) for at in usual) <= _SPARSE * len(usual) for line in undated
    )


def _repeated(draft: SourceDraft, priced: Sequence[bool]) -> str | None:
    """Name what tells lines with an amount apart, and is the same as above on each line without."""
    for at, column in enumerate(draft.file.columns):
        cells = [line[at] for line in draft.file.lines]
        whole = [cell for cell, has in zip(cells, priced, strict=True) if has]
        if "" in whole or len(set(whole)) < len(whole) or column.is_amount:
            continue
        above = zip(cells, [*cells[-1:], *cells], priced, strict=False)
        if all(has or cell == before for cell, before, has in above):
            return column.name
    return None


def _instead(draft: SourceDraft, priced: Sequence[bool]) -> str | None:
    """Name the column of money that is filled on just the lines that have no amount where the others have."""
    mapped = set(draft.columns.values())
    for at, column in enumerate(draft.file.columns):
        if column.name in mapped or not column.is_amount or not is_money(column):
            continue
        if all(bool(line[at]) != has for line, has in zip(draft.file.lines, priced, strict=True)):
            return column.name
    return None


def _sum_up(draft: SourceDraft, priced: Sequence[bool], amounts: Sequence[int], elsewhere: str) -> bool:
    """Whether the amounts of the lines below each sum to its own."""
    place = draft.file.names.index(elsewhere)
    whole, rest, parted = Decimal(0), Decimal(0), False
    for line, has in zip(draft.file.lines, priced, strict=True):
        if has and parted and rest:
            return False
        if has:
            whole = sum((amount(line[at], draft.decimal_mark) or Decimal(0) for at in amounts), Decimal(0))
            rest, parted = abs(whole), False
        else:
            rest, parted = rest - abs(amount(line[place], draft.decimal_mark) or Decimal(0)), True
    return not (parted and rest)
