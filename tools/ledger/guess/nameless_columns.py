"""Columns for what no posting is without (the day, the amount, what it is for), where no name gives them."""

from __future__ import annotations

import re
from typing import Final

from tools.ledger.asides import plain
from tools.ledger.cells import CODES
from tools.ledger.guess.column_map import APART, holds_accounts
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import vocabulary
from tools.ledger.sources import TRANSACTIONS

_HALF: Final = 0.5
_NEARLY: Final = 0.9
_NAME: Final = re.compile(r"[^\W\d_]{4}")
_NUMBERED: Final = re.compile(r"(\w+ ){0,2}description( line)?( number)? \d")
_CODED: Final = re.compile(r"\d{3}")


def fill(file: FileProfile, mapped: dict[str, str], kind: str, why: dict[str, str]) -> None:
    """Take what is left for what no posting is without: the day, the amount, what it is for."""
    if kind not in TRANSACTIONS:
        return
    free = [column for column in file.columns if column.values and column.name not in mapped.values()]
    if not {"posted_on", "posted_at"} & mapped.keys():
        days = [column for column in free if column.is_day and column.filled > _HALF]
        if days:
            mapped["posted_on"] = days[0].name
            why["columns.posted_on"] = "CHECK: its values are days; its name says nothing"
    if not {"amount", "debit", "credit"} & mapped.keys():
        amounts = [
            column for column in free if column.is_amount and is_money(column) and column.filled > _HALF
        ]
        if len(amounts) == 1:
            mapped["amount"] = amounts[0].name
            why["columns.amount"] = "CHECK: the one column that holds money; its name says nothing"
    _first_of_texts(file, mapped, kind, why)
    _fuller_text(file, free, mapped, why)
    _named_reference(file, mapped, kind, why)
    _both_sides(file, mapped, why)
    _one_side(file, mapped, why)
    if not {"description", "vendor_name", "payee", "payer"} & mapped.keys():
        longest = _telling_text(file, free, mapped)
        if longest:
            mapped["vendor_name" if kind == "card" else "description"] = longest.name
            why["columns.description"] = "CHECK: the longest text; its name says nothing"


def _both_sides(file: FileProfile, mapped: dict[str, str], why: dict[str, str]) -> None:
    """Read the debit alone where each line books both sides of an amount: together they are nothing."""
    if "amount" in mapped or not {"debit", "credit"} <= mapped.keys():
        return
    mark = (file.column(mapped["debit"]).decimal_marks or (".",))[0]
    debit, credit = (file.amounts(mapped[side], mark) for side in ("debit", "credit"))
    if any(debit) and debit == credit:
        mapped["amount"] = mapped.pop("debit")
        beside = mapped.pop("credit")
        why["columns.amount"] = f"CHECK: each line books both sides; the other one ({beside}) is not read"


def _one_side(file: FileProfile, mapped: dict[str, str], why: dict[str, str]) -> None:
    """Say where one side alone has a column: lines without it are read as nothing."""
    sides = {"debit", "credit"} & mapped.keys()
    if len(sides) == 1 and "amount" not in mapped:
        (side,) = sides
        column = file.column(mapped[side])
        if column.filled < _NEARLY:
            why[f"columns.{side}"] = (
                f"CHECK: {column.filled:.0%} of lines fill it; no column is the other side"
            )


def _named_reference(file: FileProfile, mapped: dict[str, str], kind: str, why: dict[str, str]) -> None:
    """Take a bank's references for the other party where they are names, and no column gives one."""
    if kind != "bank" or "reference" not in mapped or {"vendor_name", "payee", "payer"} & mapped.keys():
        return
    column = file.column(mapped["reference"])
    names = sum(n for value, n in column.values.items() if _NAME.search(value) and not _CODED.search(value))
    if names > _HALF * file.rows and column.distinct >= APART:
        mapped["vendor_name"] = mapped.pop("reference")
        why["columns.vendor_name"] = "CHECK: its values are names, and no column gives the other party"


def _first_of_texts(file: FileProfile, mapped: dict[str, str], kind: str, why: dict[str, str]) -> None:
    """Take the first of a bank's numbered texts for the other party, the longest of the rest for the text."""
    if kind != "bank" or "description" not in mapped or {"vendor_name", "payee", "payer"} & mapped.keys():
        return
    texts = [
        column
        for column in file.columns
        if _NUMBERED.fullmatch(" ".join(column.words)) and column.is_text and has_words(column)
    ]
    if len(texts) > 1 and texts[0].filled > _NEARLY and not _is_code(texts[0]) and not _is_traffic(texts[0]):
        mapped["vendor_name"] = texts[0].name
        if mapped["description"] not in file.joined:
            mapped["description"] = max(texts[1:], key=lambda text: text.length * text.filled).name
        why["columns.vendor_name"] = f"CHECK: the first of {', '.join(text.name for text in texts)}"


def _is_traffic(column: FileColumn) -> bool:
    """Whether most values say how a bank moved money, and not whom it went to."""
    phrases = (*vocabulary().bank_traffic, *vocabulary().says_in, *vocabulary().says_out)
    says = re.compile(r"\b(" + "|".join(map(re.escape, phrases)) + r")\b")
    return sum(bool(says.search(plain(value))) for value in column.values) > _HALF * len(column.values)


def _fuller_text(
    file: FileProfile, free: list[FileColumn], mapped: dict[str, str], why: dict[str, str]
) -> None:
    """Take a text that every line has for the description, where the column of that name is mostly blank."""
    if "description" not in mapped or file.column(mapped["description"]).filled > _HALF:
        return
    texts = [c for c in free if c.is_text and c.filled > _NEARLY and c.distinct >= APART and has_words(c)]
    fullest = max(
        (column for column in texts if not _is_code(column)), key=lambda column: column.length, default=None
    )
    if fullest and fullest.name not in mapped.values():
        blank = mapped["description"]
        mapped["description"] = fullest.name
        why["columns.description"] = f"a text on every line; {blank} is mostly blank"


def has_words(column: FileColumn) -> bool:
    """Whether most values hold a word, where codes and marks do not."""
    worded = sum(n for value, n in column.values.items() if _NAME.search(value))
    return 2 * worded > sum(column.values.values())


def _telling_text(file: FileProfile, free: list[FileColumn], mapped: dict[str, str]) -> FileColumn | None:
    """Give the longest text of those that tell lines apart: no codes of currencies, no numbers of accounts.

    Where none is left, what was taken for a category, if nearly every line has its own.
    """
    texts = [column for column in free if column.is_text and column.filled > _HALF and not _is_code(column)]
    apart = [column for column in texts if len(column.values) > 1 and column.distinct >= APART]
    texts = apart or [column for column in texts if len(column.values) > 1] or texts
    if not apart and "category" in mapped and file.column(mapped["category"]).distinct >= APART:
        return file.column(mapped.pop("category"))
    return max(texts, key=lambda column: column.length, default=None)


def _is_code(column: FileColumn) -> bool:
    return holds_accounts(column) or all(value.upper() in CODES for value in column.values)


def is_money(column: FileColumn) -> bool:
    """Whether numbers look like amounts: with a sign or with decimals, not one and the same."""
    marked = sum(n for value, n in column.values.items() if re.search(r"[-\u2212(]|[.,]\d{1,2}\D*$", value))
    return len(column.values) > 1 and 2 * marked >= sum(column.values.values())
