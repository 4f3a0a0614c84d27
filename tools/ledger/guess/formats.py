"""How a file writes dates, amounts and currencies: told from its values, and from the files beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from tools.ledger.cells import CODES, SIGNS
from tools.ledger.guess.amounts import amount
from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.dates import ISO, moment
from tools.ledger.guess.directions import sides
from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.vocabulary import vocabulary, words

_DATES: Final = (
    "posted_on", "posted_at", "day", "sent_at", "starts_at", "created_on", "left_on", "due_on", "entered_on",
    "bank_changed_on", "ends_at",
)  # fmt: skip
_NUMBERS: Final = ("amount", "debit", "credit", "limit", "rate", "closing", "opening")
_COSTS: Final = ("card", "receipt", "invoice", "payment")
_MOST_ROWS: Final = 0.9  # share of rows whose side it has to say
_USUAL: Final = {"£": "GBP", "¥": "JPY"}  # of signs that several currencies have

_CODES: Final = CODES
_MONEY: Final = frozenset(("amount", "debit", "credit"))
_FILLED: Final = 0.95
_SURE_SIGNS: Final = {
    sign: codes
    for sign, codes in SIGNS.items()
    if (len(codes.split()) == 1 and len(sign) > 1) or (len(codes.split()) == 1 and not sign.isascii())
} | _USUAL
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")
_SPACED: Final = r"[A-Z]{2}\d{2}(?: [A-Z0-9]{4})+(?: [A-Z0-9]{1,4})?"
_ACCOUNTS: Final = {"GBP": re.compile(r"\d{2}-\d{2}-\d{2} ?\d{8}|'?\d{6}-\d{8}|'\d{2}-\d{2}-\d{2}")}
_GROUPS: Final = {
    "INR": re.compile(r"(^|\D)\d{1,2}(,\d{2})+,\d{3}(\D|$)"),
    "CHF": re.compile(r"\d['\u2019]\d{3}(\D|$)"),
}


def set_dates(drafts: Sequence[SourceDraft]) -> None:
    """Choose the format of each source's dates; where day and month could swap, as the other files do."""
    plain: Counter[str] = Counter()
    doubtful = []
    for draft in drafts:
        names = [n for n in _DATES if n in draft.columns]
        formats = draft.file.column(draft.columns[names[0]]).date_formats if names else ()
        if len(formats) == 1:
            plain[formats[0].split(" %H")[0].split(" %I")[0]] += 1
            _set_dates(draft, names, formats[0])
        elif formats:
            doubtful.append((draft, names))
    for draft, names in doubtful:
        column = draft.file.column(draft.columns[names[0]])
        best = min(column.date_formats, key=lambda form: (-plain[form], *_disorder(draft, column, form)))
        _set_dates(draft, names, best)
        if not plain[best]:
            others = ", ".join(form for form in column.date_formats if form != best)
            draft.why["date_format"] = f"CHECK: as in {next(iter(column.values))}; {others} would fit too"


def _set_dates(draft: SourceDraft, names: Sequence[str], best: str) -> None:
    column = draft.file.column(draft.columns[names[0]])
    example = next(iter(column.values))
    if best != ISO:
        draft.options["date_format"] = best
        draft.why["date_format"] = f"as in {example}"
    if best in column.mixed:
        odd = [value for value in column.values if moment(value, best) is None]
        rows = sum(column.values[value] for value in odd)
        draft.why["date_format"] = (
            f"CHECK: both orders of day and month are mixed in {column.name}: {rows} of"
            f" {sum(column.values.values())} dates, such as {odd[0]}, fit only the other order and are"
            " rejected; days up to 12 of the others may be swapped"
        )
    draft.why.setdefault(f"columns.{names[0]}", f"dates as in {example}")
    for name in names:
        if not {best, ISO} & set(draft.file.column(draft.columns[name]).date_formats):
            del draft.columns[name]


def _disorder(draft: SourceDraft, column: FileColumn, form: str) -> tuple[int, int, int]:
    """Order formats: fewer values that do not fit first, then more lines in order, then fewer days."""
    days = [day for value in list(column.values)[:20_000] if (day := moment(value, form))]
    span = (max(days) - min(days)).days if days else 0
    at = draft.file.names.index(column.name)
    order = [day for line in draft.file.lines[:2_000] if (day := moment(line[at], form))]
    steps = [(b - a).days for a, b in pairwise(order) if a != b]
    return len(column.values) - len(days), min(sum(n > 0 for n in steps), sum(n < 0 for n in steps)), span


def set_numbers(draft: SourceDraft) -> None:
    """Choose the decimal mark and, from the amounts themselves, the sign."""
    columns = [draft.file.column(draft.columns[name]) for name in _NUMBERS if name in draft.columns]
    marks = {column.decimal_marks for column in columns if column.values}
    if (",",) in marks and (".",) not in marks:
        draft.options["decimal_mark"] = ","
        comma = next(column for column in columns if column.decimal_marks == (",",))
        draft.why["decimal_mark"] = (
            f"as in {next((v for v in comma.values if ',' in v), next(iter(comma.values)))}"
        )
    elif (".",) not in marks and (grouped := next(filter(None, map(_grouped_by_points, columns)), None)):
        draft.options["decimal_mark"] = ","
        draft.why["decimal_mark"] = f"points group thousands, as in {grouped}: CHECK"
    _leave_other_marks(draft)
    if draft.proof and draft.kind in ("bank", "ledger"):
        _set_proven(draft, draft.proof)
        return
    if draft.is_transactions and {"debit", "credit"} <= set(draft.columns):
        _set_signed_sides(draft)
    if not draft.is_transactions or "amount" not in draft.columns:
        return
    _set_fee(draft)
    mark = draft.options.get("decimal_mark", ".")
    signs: Counter[int] = Counter()
    for value, n in draft.file.column(draft.columns["amount"]).values.items():
        number = amount(value, mark) or 0
        signs[(number > 0) - (number < 0)] += n
    if not signs[-1]:
        _set_sides(draft)
    elif signs[-1] > signs[1] and draft.kind in _COSTS:
        draft.options["sign"] = "negate"
        share = f"{signs[-1]} of {signs[-1] + signs[1]} amounts are negative"
        draft.why["sign"] = f"{share}: costs are positive here"


def _leave_other_marks(draft: SourceDraft) -> None:
    """Leave a balance away that is written with the other decimal mark than the amounts."""
    mark = draft.options.get("decimal_mark", ".")
    if "balance" in draft.columns and draft.columns.get("amount") != "balance":
        column = draft.file.column(draft.columns["balance"])
        if column.values and mark not in column.decimal_marks:
            del draft.columns["balance"]
            draft.why["decimal_mark"] = (
                f"CHECK: {column.name} is written with the other mark and left away"
                f" ({draft.why.get('decimal_mark', 'amounts have a point')})"
            )


def _grouped_by_points(column: FileColumn) -> str | None:
    """Give an amount that says so: every point stands before three digits, which no amount's decimals are."""
    pointed = [value for value in column.values if "." in value]
    is_rate = "rate" in column.words
    return pointed[0] if pointed and not is_rate and column.decimal_marks == (".", ",") else None


def _set_signed_sides(draft: SourceDraft) -> None:
    """Say where the side that takes away is written with a minus already."""
    mark = draft.options.get("decimal_mark", ".")
    side = "debit" if draft.kind == "bank" else "credit"
    values = draft.file.column(draft.columns[side]).values
    numbers = {value: amount(value, mark) or 0 for value in values}
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


def _set_fee(draft: SourceDraft) -> None:
    """Keep a fee only on a bank's line, and where no other column is the amount with it: else that one."""
    if "fee" not in draft.columns:
        return
    mark = draft.options.get("decimal_mark", ".")
    at, fee = (draft.file.names.index(draft.columns[name]) for name in ("amount", "fee"))
    values = [(amount(line[at], mark) or 0, amount(line[fee], mark) or 0) for line in draft.file.lines]
    whole = {sign: [a + sign * f for a, f in values] for sign in (1, -1)}
    for column in draft.file.columns:
        place = draft.file.names.index(column.name)
        net = [amount(line[place], mark) for line in draft.file.lines]
        if place != at and any(f for _, f in values) and net in whole.values():
            draft.columns["amount"] = column.name
            draft.why["columns.amount"] = (
                f"it is {draft.columns['fee']} and the gross amount together on every line"
            )
            del draft.columns["fee"]
            return
    fees = [f for _, f in values if f]
    if draft.kind != "bank" or not fees:
        del draft.columns["fee"]
        return
    draft.options["fees"] = "added" if sum(f < 0 for f in fees) > len(fees) / 2 else "taken_off"
    draft.why["fees"] = (
        f"CHECK: fees in {draft.columns['fee']} leave the account beside the amount; no balance proves it"
    )


def _set_sides(draft: SourceDraft) -> None:
    """Find the column that says debit or credit where every amount is positive."""
    for column in draft.file.columns:
        if directions := sides(column):
            out, come = directions
            draft.options["negate_where"] = {column.name: out if draft.kind == "bank" else come}
            side = "out" if draft.kind == "bank" else "in"
            draft.why["negate_where"] = f"all amounts are positive; these go {side}"
            return


def set_currency(draft: SourceDraft) -> None:
    """Take the column that holds currencies, or the one that an amount's column names or its values carry."""
    _unset_names(draft)
    if "currency" in draft.columns | draft.options or not _MONEY & set(draft.columns):
        return
    coded = next((column for column in draft.file.columns if _holds_currencies(column)), None)
    if coded and coded.name not in draft.columns.values() and not vocabulary().foreign & set(coded.words):
        draft.columns["currency"] = coded.name
        draft.why["columns.currency"] = f"its values are currencies: {', '.join(sorted(coded.values)[:3])}"
        return
    columns = [draft.file.column(draft.columns[name]) for name in sorted(_MONEY) if name in draft.columns]
    columns += [draft.file.column(draft.columns["balance"])] if "balance" in draft.columns else []
    code, why = _in_header(columns)
    if not code:
        code, why = _in_cells(columns)
    if not code:
        code, why = _in_words(draft.file)
    if not code and coded and len(coded.values) == 1:
        code, why = next(iter(coded.values)).upper(), f"CHECK: {coded.name} says nothing else"
    if code:
        draft.options["currency"], draft.why["currency"] = code, why


def _in_header(columns: Sequence[FileColumn]) -> tuple[str, str]:
    """Give the currency that an amount's column names: Betrag (€), Bedrag (EUR), Umsatz in CHF."""
    for column in columns:
        codes = [word.upper() for word in words(column.name) if word.upper() in _CODES]
        codes += [
            vocabulary().currencies[word] for word in words(column.name) if word in vocabulary().currencies
        ]
        signs = [sign for sign in _SURE_SIGNS if sign in column.name]
        if codes or signs:
            return (codes[0] if codes else _SURE_SIGNS[signs[0]]), f"the column's name says it: {column.name}"
    return "", ""


def _in_cells(columns: Sequence[FileColumn]) -> tuple[str, str]:
    """Give the currency that amounts carry, as a sign or as a code."""
    values = [value for column in columns for value in list(column.values)[:200]]
    codes = Counter(code for value in values for code in re.findall(r"[A-Z]{3}", value) if code in _CODES)
    if codes:
        code = codes.most_common(1)[0][0]
        return code, f"amounts carry {code}"
    signs = [sign for sign in _SURE_SIGNS if any(sign in value for value in values)]
    return (_SURE_SIGNS[max(signs, key=len)], f"amounts carry {max(signs, key=len)}") if signs else ("", "")


def _in_words(file: FileProfile) -> tuple[str, str]:
    """Give the currency of the country that IBANs and words of the file speak of: a guess."""
    texts = [*file.names, *(value for column in file.columns for value in list(column.values)[:100])]
    texts += [file.paths[0].stem, *(word for line in file.titles for word in re.split(r"[\s;,]+", line))]
    texts += [re.sub(r"\s", "", part) for line in file.titles for part in re.findall(_SPACED, line)]
    ibans = Counter(
        vocabulary().iban_currencies[text[:2]]
        for text in (text.replace(" ", "") for text in texts)
        if _IBAN.fullmatch(text) and text[:2] in vocabulary().iban_currencies
    )
    if ibans:
        code = ibans.most_common(1)[0][0]
        return code, f"CHECK: its IBANs are of a country that counts in {code}"
    titled = Counter(
        word for line in file.titles for word in re.findall(r"\b[A-Z]{3}\b", line) if word in _CODES
    )
    titled += Counter(_SURE_SIGNS[sign] for line in file.titles for sign in _SURE_SIGNS if sign in line)
    if titled:
        code = titled.most_common(1)[0][0]
        return code, f"the lines before the header say {code}"
    plain_words = {word for text in texts for word in re.findall(r"[a-z]+", text.casefold())}
    joined = " ".join(file.names).casefold()
    for code, hints in vocabulary().currency_hints.items():
        hint = next((hint for hint in hints if hint in plain_words or (" " in hint and hint in joined)), None)
        if hint:
            return code, f"CHECK: {hint.upper()} is of a country that counts in {code}"
    for code, shape in _ACCOUNTS.items():
        account = next((text for text in texts if shape.fullmatch(text)), None)
        if account:
            return code, f"CHECK: {account} is an account where {code} is counted"
    numbers = [value for column in file.columns if column.is_amount for value in list(column.values)[:200]]
    for code, shape in _GROUPS.items():
        if any(shape.search(value) for value in numbers):
            return code, f"CHECK: amounts are grouped as where {code} is counted"
    return "", ""


def _unset_names(draft: SourceDraft) -> None:
    """Take no column for the currency that names none by its code: "US Dollar" is said once for all rows."""
    if "currency" not in draft.columns:
        return
    column = draft.file.column(draft.columns["currency"])
    codes = sum(n for value, n in column.values.items() if value.upper() in _CODES)
    if codes and column.filled < _FILLED:
        draft.why["columns.currency"] = f"{column.filled:.0%} of its cells are filled"
    if codes >= (1 - _MOST_ROWS) * sum(column.values.values()):
        return
    del draft.columns["currency"]
    named = {code for value in column.values if (code := vocabulary().currencies.get(" ".join(words(value))))}
    if len(named) == 1:
        draft.options["currency"] = named.pop()
        draft.why["currency"] = f"{column.name} is {next(iter(column.values))}"


def set_dollars(drafts: Sequence[SourceDraft]) -> None:
    """Among books of another currency, take a bare $ for that of the United States.

    Where other files name a dollar, or none names any currency, the entity's own is what it stands for.
    """
    columns = [
        draft.file.column(draft.columns["currency"]) for draft in drafts if "currency" in draft.columns
    ]
    named = {value for column in columns for value in column.values}
    named |= {str(draft.options["currency"]) for draft in drafts if "currency" in draft.options}
    if not named or named & set(SIGNS["$"].split()):
        return
    for draft in drafts:
        money_columns = [
            draft.file.column(draft.columns[name]) for name in sorted(_MONEY) if name in draft.columns
        ]
        if "currency" not in draft.columns | draft.options and any(
            "$" in v for col in money_columns for v in col.values
        ):
            draft.options["currency"] = "USD"
            draft.why["currency"] = "CHECK: amounts carry $, and the other files are in another currency"


def _holds_currencies(column: FileColumn) -> bool:
    codes = [value for value in column.values if value.upper() in _CODES]
    return len(codes) > 0 and column.filled >= _FILLED and len(codes) == len(column.values)
