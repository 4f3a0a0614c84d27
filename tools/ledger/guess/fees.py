"""What leaves an account beside the amount of a line, and the column that has both together."""

from __future__ import annotations

from decimal import Decimal

from tools.ledger.guess.source_draft import SourceDraft


def set_fee(draft: SourceDraft) -> None:
    """Keep a fee only on a bank's line, and where no other column is the amount with it: else that one."""
    if "fee" not in draft.columns:
        return
    gross, fees = (draft.file.amounts(draft.columns[name], draft.decimal_mark) for name in ("amount", "fee"))
    if net := _net(draft, gross, fees):
        draft.columns["amount"] = net
        draft.why["columns.amount"] = (
            f"it is {draft.columns['fee']} and the gross amount together on every line"
        )
        del draft.columns["fee"]
        return
    charged = [fee for fee in fees if fee]
    if draft.kind != "bank" or not charged:
        del draft.columns["fee"]
        return
    draft.options["fees"] = "added" if sum(fee < 0 for fee in charged) > len(charged) / 2 else "taken_off"
    draft.why["fees"] = (
        f"CHECK: fees in {draft.columns['fee']} leave the account beside the amount; no balance proves it"
    )


def _net(draft: SourceDraft, gross: list[Decimal], fees: list[Decimal]) -> str | None:
    """Name the column that is amount and fee together on every line that has one of the two."""
    lines = [at for at, (whole, fee) in enumerate(zip(gross, fees, strict=True)) if whole or fee]
    sums = {sign: [gross[at] + sign * fees[at] for at in lines] for sign in (1, -1)}
    if not any(fees):
        return None
    for column in draft.file.columns:
        numbers = draft.file.amounts(column.name, draft.decimal_mark)
        if column.name != draft.columns["amount"] and [numbers[at] for at in lines] in sums.values():
            return column.name
    return None
