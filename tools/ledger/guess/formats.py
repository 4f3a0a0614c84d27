"""How a file writes dates, amounts and currencies: told from its values, and from the files beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

from tools.core.money import EXPONENTS
from tools.ledger.cells import SIGNS
from tools.ledger.guess.profile import ISO, Column, amount, moment
from tools.ledger.guess.source_draft import Draft
from tools.ledger.guess.vocabulary import CURRENCIES, IN, OUT, words

_DATES: Final = (
    "posted_on", "posted_at", "day", "sent_at", "starts_at", "created_on", "left_on", "due_on", "entered_on",
    "bank_changed_on", "ends_at",
)  # fmt: skip
_NUMBERS: Final = ("amount", "debit", "credit", "limit", "rate", "closing", "opening")
_COSTS: Final = ("card", "receipt", "invoice", "payment")
_SIDES: Final = 8  # values that a column has at most which says debit or credit
_TOLD: Final = 0.9  # share of rows whose side it has to say
_USUAL: Final = {"£": "GBP", "¥": "JPY"}  # of signs that several currencies have
_CURRENCIES: Final = frozenset(code for codes in SIGNS.values() for code in codes.split())
_CODES: Final = _CURRENCIES | EXPONENTS.keys()
_MONEY: Final = frozenset(("amount", "debit", "credit"))
_FILLED: Final = 0.95


def set_dates(made: Sequence[Draft]) -> None:
    """Choose the format of each source's dates; where day and month could swap, as the other files do."""
    plain: Counter[str] = Counter()
    doubtful = []
    for one in made:
        held = [n for n in _DATES if n in one.columns]
        formats = one.file.column(one.columns[held[0]]).date_formats if held else ()
        if len(formats) == 1:
            plain[formats[0].split(" %H")[0].split(" %I")[0]] += 1
            _set_dates(one, held, formats[0])
        elif formats:
            doubtful.append((one, held))
    for one, held in doubtful:
        column = one.file.column(one.columns[held[0]])
        best = min(column.date_formats, key=lambda form: (-plain[form], *_disorder(column, form)))
        _set_dates(one, held, best)
        if not plain[best]:
            others = ", ".join(form for form in column.date_formats if form != best)
            one.why["date_format"] += f"; {others} would fit too: CHECK"


def _set_dates(one: Draft, names: Sequence[str], best: str) -> None:
    example = next(iter(one.file.column(one.columns[names[0]]).values))
    if best != ISO:
        one.options["date_format"] = best
        one.why["date_format"] = f"as in {example}"
    one.why[f"columns.{names[0]}"] = f"dates as in {example}"
    for name in names:
        if not {best, ISO} & set(one.file.column(one.columns[name]).date_formats):
            del one.columns[name]


def _disorder(column: Column, form: str) -> tuple[int, int]:
    """Order formats: fewer values that do not fit first, then the shorter span of days."""
    days = [found for value in list(column.values)[:20_000] if (found := moment(value, form))]
    span = (max(days) - min(days)).days if days else 0
    return len(column.values) - len(days), span


def set_numbers(one: Draft) -> None:
    """Choose the decimal mark and, from the amounts themselves, the sign."""
    columns = [one.file.column(one.columns[name]) for name in _NUMBERS if name in one.columns]
    marks = {column.decimal_marks for column in columns if column.values}
    if (",",) in marks and (".",) not in marks:
        one.options["decimal_mark"] = ","
        comma = next(column for column in columns if column.decimal_marks == (",",))
        one.why["decimal_mark"] = (
            f"as in {next((v for v in comma.values if ',' in v), next(iter(comma.values)))}"
        )
    elif (".",) not in marks and (grouped := next(filter(None, map(_grouped_by_points, columns)), None)):
        one.options["decimal_mark"] = ","
        one.why["decimal_mark"] = f"points group thousands, as in {grouped}: CHECK"
    if one.is_transactions and {"debit", "credit"} <= set(one.columns):
        _set_signed_sides(one)
    if not one.is_transactions or "amount" not in one.columns:
        return
    mark = one.options.get("decimal_mark", ".")
    signs: Counter[int] = Counter()
    for value, n in one.file.column(one.columns["amount"]).values.items():
        found = amount(value, mark) or 0
        signs[(found > 0) - (found < 0)] += n
    if not signs[-1]:
        _set_sides(one)
    elif signs[-1] > signs[1] and one.kind in _COSTS:
        one.options["sign"] = "negate"
        told = f"{signs[-1]} of {signs[-1] + signs[1]} amounts are negative"
        one.why["sign"] = f"{told}: costs are positive here"


def _grouped_by_points(column: Column) -> str | None:
    """Give an amount that says so: every point stands before three digits, which no amount's decimals are."""
    pointed = [value for value in column.values if "." in value]
    is_rate = "rate" in column.words
    return pointed[0] if pointed and not is_rate and column.decimal_marks == (".", ",") else None


def _set_signed_sides(one: Draft) -> None:
    """Say where the side that takes away is written with a minus already."""
    mark = one.options.get("decimal_mark", ".")
    side = "debit" if one.kind == "bank" else "credit"
    values = one.file.column(one.columns[side]).values
    found = {value: amount(value, mark) or 0 for value in values}
    below = sum(n for value, n in values.items() if found[value] < 0)
    if below and below >= _TOLD * sum(n for value, n in values.items() if found[value]):
        one.options["sides"] = "signed"
        one.why["sides"] = f"{below} amounts of {one.columns[side]} carry their minus"


def _set_sides(one: Draft) -> None:
    """Find the column that says debit or credit where every amount is positive."""
    for column in one.file.columns:
        if len(column.values) > _SIDES:
            continue
        out = [value for value in column.values if _says(value, OUT) and not _says(value, IN)]
        come = [value for value in column.values if _says(value, IN) and not _says(value, OUT)]
        told = sum(column.values[value] for value in (*out, *come))
        if out and come and told >= _TOLD * sum(column.values.values()):
            one.options["negate_where"] = {column.name: out if one.kind == "bank" else come}
            side = "out" if one.kind == "bank" else "in"
            one.why["negate_where"] = f"all amounts are positive; these go {side}"
            return


def _says(value: str, side: frozenset[str]) -> bool:
    return bool(side & set(words(value)))


def set_currency(one: Draft) -> None:
    """Take the column that holds currencies, or the one that an amount's column names or its values carry."""
    _unset_names(one)
    if "currency" in one.columns | one.options or not _MONEY & set(one.columns):
        return
    told = next((column for column in one.file.columns if _holds_currencies(column)), None)
    if told and told.name not in one.columns.values():
        one.columns["currency"] = told.name
        one.why["columns.currency"] = f"its values are currencies: {', '.join(sorted(told.values)[:3])}"
        return
    columns = [one.file.column(one.columns[name]) for name in sorted(_MONEY) if name in one.columns]
    named = [word.upper() for column in columns for word in column.words if word.upper() in _CURRENCIES]
    alone = {sign: codes for sign, codes in SIGNS.items() if len(codes.split()) == 1} | _USUAL
    seen = [value for column in columns for value in list(column.values)[:200]]
    signs = [sign for sign in alone if any(sign in value for value in seen)]
    if named or signs:
        one.options["currency"] = named[0] if named else alone[signs[0]]
        one.why["currency"] = "the column's name says it" if named else f"amounts carry {signs[0]}"


def _unset_names(one: Draft) -> None:
    """Take no column for the currency that names none by its code: "US Dollar" is said once for all rows."""
    if "currency" not in one.columns:
        return
    held = one.file.column(one.columns["currency"])
    codes = sum(n for value, n in held.values.items() if value.upper() in _CODES)
    if codes >= (1 - _TOLD) * sum(held.values.values()):
        return
    del one.columns["currency"]
    named = {code for value in held.values if (code := CURRENCIES.get(" ".join(words(value))))}
    if len(named) == 1:
        one.options["currency"] = named.pop()
        one.why["currency"] = f"{held.name} is {next(iter(held.values))}"


def set_dollars(made: Sequence[Draft]) -> None:
    """Among books of another currency, take a bare $ for that of the United States.

    Where other files name a dollar, or none names any currency, the entity's own is what it stands for.
    """
    columns = [one.file.column(one.columns["currency"]) for one in made if "currency" in one.columns]
    named = {value for column in columns for value in column.values}
    named |= {str(one.options["currency"]) for one in made if "currency" in one.options}
    if not named or named & set(SIGNS["$"].split()):
        return
    for one in made:
        held = [one.file.column(one.columns[name]) for name in sorted(_MONEY) if name in one.columns]
        if "currency" not in one.columns | one.options and any("$" in v for col in held for v in col.values):
            one.options["currency"] = "USD"
            one.why["currency"] = "CHECK: amounts carry $, and the other files are in another currency"


def _holds_currencies(column: Column) -> bool:
    codes = [value for value in column.values if value.upper() in _CODES]
    return len(codes) > 0 and column.filled >= _FILLED and len(codes) == len(column.values)
