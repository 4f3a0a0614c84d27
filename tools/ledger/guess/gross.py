"""The amount with its tax: what a bill costs, where a column has net and tax together."""

from __future__ import annotations

from typing import Final

from tools.ledger.guess.cost_signs import COSTS
from tools.ledger.guess.source_draft import SourceDraft

_TOTAL: Final = frozenset(("total", "gross", "incl", "including"))


def set_gross(draft: SourceDraft) -> None:
    """Take the column called a total or gross that is the amount and its taxes on every line."""
    if draft.kind not in COSTS:
        return
    names = [column.name for column in draft.file.columns if column.values and column.is_amount]
    taxes = [
        name for name in names if "tax" in draft.file.column(name).words and name != draft.columns["amount"]
    ]
    totals = [
        name for name in names
        if _TOTAL & set(draft.file.column(name).words) and name not in (draft.columns["amount"], *taxes)
    ]  # fmt: skip
    net = draft.file.amounts(draft.columns["amount"], draft.decimal_mark)
    parts = [draft.file.amounts(name, draft.decimal_mark) for name in taxes]
    sums = [*parts, [sum(line) for line in zip(*parts, strict=True)]] if len(parts) > 1 else parts
    for name in totals:
        gross = draft.file.amounts(name, draft.decimal_mark)
        if any(any(tax) and gross == [a + b for a, b in zip(net, tax, strict=True)] for tax in sums):
            draft.why["columns.amount"] = (
                f"it is {draft.columns['amount']} and its tax together on every line"
            )
            draft.columns["amount"] = name
            return
