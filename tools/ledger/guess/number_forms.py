"""How a source writes amounts: the decimal mark, the sign, debit and credit; what a balance proves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tools.ledger.guess.amounts import amount
from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.cost_signs import COSTS, below_nought, set_cost_sign
from tools.ledger.guess.directions import sides
from tools.ledger.guess.fees import set_fee, set_fee_of_sides
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.source_draft import SourceDraft

_NUMBERS: Final = ("amount", "debit", "credit", "limit", "rate", "closing", "opening")
_MOST_ROWS: Final = 0.9  # share of rows whose side it has to say


def set_numbers(draft: SourceDraft) -> None:
    """Choose the decimal mark and, from the amounts themselves, the sign."""
    columns = draft.mapped(*_NUMBERS)
    marks = {column.decimal_marks for column in columns if column.values}
    balances = {column.decimal_marks for column in draft.mapped("balance") if column.values}
    if (",",) in marks and (".",) not in marks:
        draft.options["decimal_mark"] = ","
        comma = next(column for column in columns if column.decimal_marks == (",",))
        draft.why["decimal_mark"] = (
            f"as in {next((v for v in comma.values if ',' in v), next(iter(comma.values)))}"
        )
    elif (".",) not in marks | balances and (grouped := _first_grouped(columns)):
        draft.options["decimal_mark"] = ","
        draft.why["decimal_mark"] = f"points group thousands, as in {grouped}: CHECK"
    _leave_other_marks(draft)
    if draft.proof and draft.kind in ("bank", "ledger"):
        _set_proven(draft, draft.proof)
        if draft.proof.amount and not draft.proof.out and not any(below_nought(draft)) and _set_sides(draft):
            draft.options["sign"] = "as_is"  # the balance moves one way on the lines that it proves
        return
    if draft.is_transactions and {"debit", "credit"} <= set(draft.columns):
        _set_signed_sides(draft)
        set_fee_of_sides(draft)
    if not draft.is_transactions or "amount" not in draft.columns:
        return
    set_fee(draft)
    if not any(below_nought(draft)):
        _set_sides(draft)
    elif draft.kind in COSTS:
        set_cost_sign(draft)


def _leave_other_marks(draft: SourceDraft) -> None:
    """Leave a balance away that is written with the other decimal mark than the amounts."""
    if "balance" in draft.columns and draft.columns.get("amount") != "balance":
        column = draft.column("balance")
        if column.values and draft.decimal_mark not in column.decimal_marks:
            del draft.columns["balance"]
            draft.why["decimal_mark"] = (
                f"CHECK: {column.name} is written with the other mark and left away"
                f" ({draft.why.get('decimal_mark', 'amounts have a point')})"
            )


def _first_grouped(columns: Sequence[FileColumn]) -> str | None:
    return next(filter(None, map(_grouped_by_points, columns)), None)


def _grouped_by_points(column: FileColumn) -> str | None:
    """Give an amount that says so: every point stands before three digits, which no amount's decimals are."""
    pointed = [value for value in column.values if "." in value]
    is_rate = "rate" in column.words
    return pointed[0] if pointed and not is_rate and column.decimal_marks == (".", ",") else None


def _set_signed_sides(draft: SourceDraft) -> None:
    """Say where the side that takes away is written with a minus already."""
    side = "debit" if draft.kind == "bank" else "credit"
    values = draft.column(side).values
    numbers = {value: amount(value, draft.decimal_mark) or 0 for value in values}
    below = sum(n for value, n in values.items() if numbers[value] < 0)
    if below and below >= _MOST_ROWS * sum(n for value, n in values.items() if numbers[value]):
        draft.options["sides"] = "signed"
        draft.why["sides"] = f"{below} amounts of {draft.columns[side]} carry their minus"


def _set_proven(draft: SourceDraft, proof: BalanceProof) -> None:
    """Take from the balance which way money goes, and which lines move none."""
    if proof.sides == "signed":
        draft.options["sides"] = "signed"
        draft.why["sides"] = proof.why
    if proof.fee:
        draft.options["fees"] = proof.fees
        draft.why["fees"] = proof.why
    if proof.out:
        draft.options["negate_where"] = proof.out
        draft.why["negate_where"] = f"amounts have no sign; {proof.why}"
    elif proof.amount:
        draft.options["sign"] = "as_is" if proof.sign > 0 else "negate"
        draft.why["sign"] = proof.why
    elif proof.sign < 0:
        draft.options["sign"] = "negate"
        draft.why["sign"] = proof.why
    if proof.still:
        draft.options["where_not"] = {**draft.options.get("where_not", {}), **proof.still}
        draft.why["where_not"] = "the balance does not move on these lines"


def _set_sides(draft: SourceDraft) -> bool:
    """Find the column that says debit or credit where every amount is positive; say whether there is one."""
    for column in draft.file.columns:
        if directions := sides(column):
            out, come = directions
            draft.options["negate_where"] = {column.name: out if draft.kind == "bank" else come}
            side = "out" if draft.kind == "bank" else "in"
            draft.why["negate_where"] = f"all amounts are positive; these go {side}"
            return True
    return False
