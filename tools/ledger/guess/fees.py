"""What leaves an account beside the amount of a line, and the column that has both together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from tools.ledger.guess.booked_lines import booked_places
from tools.ledger.guess.nameless_columns import is_money
from tools.ledger.guess.source_draft import SourceDraft

_MOST: Final = 0.5  # share of lines
_AFTER_FEES: Final = frozenset(("net", "total"))
_PAID_OUT: Final = frozenset(("payout", "net", "total"))


def set_fee(draft: SourceDraft) -> None:
    """Keep a fee only on a bank's line, and where no other column is the amount with it: else that one."""
    if "fee" not in draft.columns:
        return
    gross, fees = (draft.file.amounts(draft.columns[name], draft.decimal_mark) for name in ("amount", "fee"))
    if net := _net(draft, gross, fees):
        draft.columns["amount"] = net
        draft.why["columns.amount"] = f"it is {draft.columns['fee']} and the gross amount together"
        del draft.columns["fee"]
        return
    if _contains(draft, gross):
        draft.why["columns.amount"] = f"fees such as {draft.columns['fee']} are in it already"
        del draft.columns["fee"]
        return
    _leave_beside(draft, [fee for fee in fees if fee])


def set_fee_of_sides(draft: SourceDraft) -> None:
    """Keep a fee beside a bank's debit and credit, where no balance proves that it is in them already."""
    if "fee" not in draft.columns:
        return
    out, come, fees = (
        draft.file.amounts(draft.columns[name], draft.decimal_mark) for name in ("debit", "credit", "fee")
    )
    named = {*draft.column("debit").words, *draft.column("credit").words}
    if _AFTER_FEES & named:
        draft.why["columns.credit"] = f"fees such as {draft.columns['fee']} are in it already"
        del draft.columns["fee"]
    elif gross := _before_fees(draft, [b - a for a, b in zip(out, come, strict=True)], fees):
        draft.why["columns.credit"] = f"it is {gross} less {draft.columns['fee']}"
        del draft.columns["fee"]
    else:
        _leave_beside(draft, [fee for fee in fees if fee])


def _before_fees(draft: SourceDraft, moved: list[Decimal], fees: list[Decimal]) -> str | None:
    """Name the column that is more than what moved by the fee, and a tax on it, on each line that has one."""
    lines = [at for at, fee in enumerate(fees) if fee]
    numbers = {
        c.name: draft.file.amounts(c.name, draft.decimal_mark) for c in draft.file.columns if c.is_amount
    }
    taxes = [numbers[c.name] for c in draft.file.columns if c.is_amount and "tax" in c.words]
    for tax in ([Decimal(0)] * len(fees), *taxes):
        for name, gross in numbers.items():
            if lines and all(gross[at] - abs(fees[at]) - abs(tax[at]) == moved[at] for at in lines):
                return name
    return None


def _leave_beside(draft: SourceDraft, charged: list[Decimal]) -> None:
    if draft.kind != "bank" or not charged:
        del draft.columns["fee"]
        return
    draft.options["fees"] = "added" if sum(fee < 0 for fee in charged) > len(charged) / 2 else "taken_off"
    draft.why["fees"] = (
        f"CHECK: fees in {draft.columns['fee']} leave the account beside the amount; no balance proves it"
    )


def _contains(draft: SourceDraft, whole: list[Decimal]) -> bool:
    """Whether an amount has its fees in it: it is called so, or is the sum of all other columns of money."""
    name = draft.columns["amount"]
    if _AFTER_FEES & set(draft.column("amount").words):
        return True
    parts = [
        draft.file.amounts(column.name, draft.decimal_mark)
        for column in draft.file.columns
        if column.name not in (name, draft.columns.get("balance")) and column.is_amount and is_money(column)
    ]
    sums = [sum(line) for line in zip(*parts, strict=True)]
    return bool(parts) and sums == whole


def _net(draft: SourceDraft, gross: list[Decimal], fees: list[Decimal]) -> str | None:
    """Name the column that is amount and fee together on every line that has one of the two.

    One that is called net is, where it is so on most: refunds and the like leave beside the fee.
    """
    lines = [at for at in booked_places(draft.file) if gross[at] or fees[at]]
    sums = {sign: [gross[at] + sign * fees[at] for at in lines] for sign in (1, -1)}
    if not any(fees):
        return None
    is_after = bool(_AFTER_FEES & set(draft.column("amount").words))
    for column in draft.file.columns:
        if column.name == draft.columns["amount"] or (is_after and not _AFTER_FEES & set(column.words)):
            continue
        numbers = draft.file.amounts(column.name, draft.decimal_mark)
        same = max(
            sum(numbers[at] == total for at, total in zip(lines, both, strict=True)) for both in sums.values()
        )
        least = _MOST * len(lines) if "net" in column.words else len(lines)
        if same >= least:
            return column.name
    return _paid_out(draft, sums, lines)


def _paid_out(draft: SourceDraft, sums: Mapping[int, Sequence[Decimal]], lines: Sequence[int]) -> str | None:
    """Name the column of what is paid out that is amount, fee and one column more: the tip, a tax."""
    money = [column for column in draft.file.columns if column.is_amount and is_money(column)]
    numbers = {column.name: draft.file.amounts(column.name, draft.decimal_mark) for column in money}
    for paid in (column.name for column in money if _PAID_OUT & set(column.words)):
        for more in numbers.keys() - {paid, *draft.columns.values()}:
            added = [numbers[more][at] for at in lines]
            left = [numbers[paid][at] for at in lines]
            if any(added) and any(
                left == [a + b for a, b in zip(both, added, strict=True)] for both in sums.values()
            ):
                return paid
    return None
