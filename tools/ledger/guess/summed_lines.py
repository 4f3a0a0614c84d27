"""Dated lines that are sums: a total's word on them, and the amount of all lines above it.

The word alone proves nothing, as a party may be called Total; the sum alone neither.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tools.ledger.asides import pattern, plain
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.source_draft import SourceDraft

_LEAST: Final = 2  # lines that a sum is of


def leave_out_sums(draft: SourceDraft) -> None:
    """Propose `where_not` for lines that say that they are totals, where each is the sum of those above."""
    if not draft.is_transactions or "amount" not in draft.columns:
        return
    amounts = draft.file.amounts(draft.columns["amount"], draft.decimal_mark)
    for column in draft.file.columns:
        if values := _totals(column):
            cells = [line[draft.file.names.index(column.name)] for line in draft.file.lines]
            if lines := _proven([cell in values for cell in cells], amounts):
                draft.options["where_not"] = {**draft.options.get("where_not", {}), column.name: values}
                reason = f"{lines} lines are the sums of those above: {', '.join(values)}"
                draft.why["where_not"] = "; ".join(filter(None, (draft.why.get("where_not"), reason)))
                return


def _totals(column: FileColumn) -> list[str]:
    if not column.is_text:
        return []
    return sorted(value for value in column.values if re.fullmatch(pattern("total"), plain(value)))


def _proven(is_sum: list[bool], amounts: list[Decimal]) -> int:
    """Count the lines that are sums; none where one of them is not what the lines above it add up to.

    A sum is of the lines since the sum before it, or of all of them: the grand total.
    """
    since = whole = Decimal(0)
    above = sums = 0
    for summed, money in zip(is_sum, amounts, strict=True):
        if not summed:
            since, whole, above = since + money, whole + money, above + 1
            continue
        if not money or money not in (since, whole):
            return 0
        since, sums = Decimal(0), sums + 1
    return sums if above >= _LEAST else 0
