"""Which columns of a file are the canonical ones of a kind: by their names, by what their values can be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from tools.books import tables
from tools.ledger.guess.file_column import IBAN, FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.vocabulary import closeness, vocabulary
from tools.ledger.sources import columns_of, table_of

_CLOSE: Final = 0.45  # a column's name has to be this close to one of the phrases
APART: Final = 0.5  # share of distinct values that an id has at least
_LONG: Final = 50  # characters of a long text
_CENTS: Final = frozenset(".,")
_STATES: Final = 12  # values that a status has at most
_NOT_AMOUNTS: Final = frozenset(("debit", "credit", "balance", "fee", "withdrawal", "deposit"))
_NOT_PARTIES: Final = frozenset(("cardholder", "bank", "own", "bic", "swift", "iban"))
_OTHERS: Final = frozenset(("payee", "payer", "party", "customer", "vendor", "supplier", "merchant"))
_STATEMENTS: Final = ("bank", "card")
_OWN_MONEY: Final = ("amount", "currency")  # of the account itself, never the foreign one beside it
_PARTIES: Final = ("vendor_name", "payee", "payer", "client_name", "person_name")
_AMOUNTS: Final = (
    "amount", "fee", "debit", "credit", "balance", "limit", "rate", "opening", "movement", "closing",
)  # fmt: skip
_NAMES: Final = (
    "vendor_name", "person_name", "client_name", "description", "category", "title", "subject", "body",
    "sender", "currency", "created_by", "approved_by", "status", "payee", "payer",
)  # fmt: skip
_SIDES: Final = frozenset(("debit", "credit"))
_FLOWS: Final = frozenset(("withdrawal", "deposit"))
_PAIRED: Final = 0.8  # closeness of two columns that are called alike but for their side
_OWN: Final = frozenset(("net", "local", "functional", "base"))
_LEAST: Final = 3  # lines before one name on all of them is ours
_BILLED: Final = ("payment", "invoice")
_BANKS: Final = 6  # digits that a bank's account number has at least
_ACCOUNT: Final = re.compile(rf"{IBAN.pattern}|[\dXx*./ -]*\d[\dXx*./ -]*")


def columns(file: FileProfile, kind: str, fixed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Map canonical names to the file's columns, by name and type, the surest first; each column once.

    fixed: what is known of them already; "" names a column that is none of the others.
    """
    mapped, paired = dict(fixed or {}), paired_sides(file)
    scored = sorted(
        (
            (
                -max(_closeness(kind, canonical, column), _paired(paired, canonical, column)),
                rank,
                place,
                canonical,
                column.name,
            )
            for rank, canonical in enumerate(columns_of(kind))
            for place, column in enumerate(file.columns)
            if _fits(canonical, kind, column) and not _is_ourselves(file, canonical, kind, column)
        ),
    )
    beside = {"payee", "payer"}  # only where values say which of two sides it is
    if "debit" in mapped:
        beside.add("amount")
    elif "amount" in mapped:
        beside |= {"debit", "credit"}
    if "balance" in mapped:
        beside.add("fee")  # what is proven to leave beside the amount is there already
    for closeness_, _, _, canonical, name in scored:
        if canonical in beside:
            continue
        if -closeness_ >= _CLOSE and canonical not in mapped and name not in mapped.values():
            mapped[canonical] = name
    return _tidied(file, {name: column for name, column in mapped.items() if name in columns_of(kind)}, kind)


def _is_ourselves(file: FileProfile, canonical: str, kind: str, column: FileColumn) -> bool:
    """Whether a bank's column of names has one name on every line, where a text tells the lines apart."""
    if kind != "bank" or canonical != "vendor_name" or file.rows < _LEAST:
        return False
    if len(column.values) != 1 or column.filled <= APART:
        return False
    return any(text.is_text and text.distinct >= APART and text.filled > APART for text in file.columns)


def paired_sides(file: FileProfile) -> dict[str, float]:
    """Give the columns that are called alike but for debit and credit, the account's own money first."""
    partners: dict[frozenset[str], set[str]] = {}
    for column in file.columns:
        sides = _SIDES & set(column.words)
        if len(sides) == 1 and column.is_amount:
            partners.setdefault(frozenset(column.words) - _SIDES, set()).add(column.name)
    return {
        name: _PAIRED + (bool(rest & _OWN) - bool(rest & {*vocabulary().foreign, "gross"})) / 100
        for rest, names in partners.items()
        if len(names) == len(_SIDES)
        for name in names
    }


def _paired(paired: Mapping[str, float], canonical: str, column: FileColumn) -> float:
    return paired.get(column.name, 0.0) if canonical in _SIDES and canonical in column.words else 0.0


def _closeness(kind: str, canonical: str, column: FileColumn) -> float:
    if _is_of_else(canonical, column) or (kind in _STATEMENTS and _is_others_account(canonical, column)):
        return 0.0
    phrases = [*vocabulary().called.get(canonical, ()), *vocabulary().also.get(kind, {}).get(canonical, ())]
    score = closeness(column.name, phrases, vocabulary().own.get(kind, ()))
    if canonical == "txn_id" and "check" in column.words:
        return 0.0  # what a bank's line names: the reference that both have
    if canonical == "txn_id":  # of two ids, the one that tells more rows apart is the row's own
        return score * (0.5 + 0.5 * column.distinct)
    if canonical == "description" and score:  # of two texts of one name, the longer
        return score + column.filled * min(column.length, _LONG) / _LONG / 2_000
    return score


def _is_of_else(canonical: str, column: FileColumn) -> bool:
    """Whether a name says that the column is of something else than its words would have it."""
    named = set(column.words)
    if canonical in _OWN_MONEY and named & vocabulary().foreign:
        return True
    if canonical in ("debit", "credit"):
        return {"debit", "credit"} <= named
    if canonical == "account" and column.is_amount:
        return bool(named & _FLOWS)  # what went out of an account, and into it
    aside = {"amount": _NOT_AMOUNTS, "currency": _NOT_AMOUNTS, "vendor_name": _NOT_PARTIES}.get(canonical)
    if canonical == "vendor_name" and column.is_description:
        return True
    return bool(aside and named & aside)


def _is_others_account(canonical: str, column: FileColumn) -> bool:
    """Whether a column of accounts is of the other party, where a statement's account is our own."""
    return canonical == "account" and bool(_OTHERS & set(column.words))


def _fits(canonical: str, kind: str, column: FileColumn) -> bool:
    """Whether a column's values can be those of a canonical column."""
    if tables.CANONICAL[table_of(kind)].get(canonical) in ("DATE", "TIMESTAMP"):
        return column.is_date and (canonical != "posted_at" or column.has_times)
    if canonical in _AMOUNTS:
        return column.is_amount and (canonical != "amount" or _is_of_something(column))
    return bool(column.values) and _fits_text(canonical, column)


def _is_of_something(column: FileColumn) -> bool:
    """Whether amounts are not nought on every line, as what is not paid yet is."""
    return not column.values or any(re.search(r"[1-9]", value) for value in column.values)


def _fits_text(canonical: str, column: FileColumn) -> bool:
    if canonical == "card_last4":
        return all(any(c.isdigit() for c in v) for v in list(column.values)[:50])
    if canonical == "status" and len(column.values) > _STATES:
        return False
    if canonical in _PARTIES and holds_accounts(column):
        return False
    if canonical == "account" and column.is_amount and _CENTS & set("".join(list(column.values)[:50])):
        return False
    if canonical in _NAMES:
        return column.is_text
    is_id = canonical != "txn_id" or column.distinct >= APART
    return is_id and (canonical == "period" or not column.is_day)


def _empty_side(file: FileProfile, canonical: str, kind: str) -> str | None:
    """Find the column of the other side, of which this file happens to hold nothing."""
    near = {column.name: _closeness(kind, canonical, column) for column in file.columns if not column.values}
    return max((name for name in near if near[name] >= _CLOSE), key=lambda name: near[name], default=None)


def _tidied(file: FileProfile, mapped: dict[str, str], kind: str) -> dict[str, str]:
    """Drop half an amount beside a whole one; what a card's line says is whom it paid."""
    if "amount" in mapped and {"debit", "credit"} <= mapped.keys() and _sides_say_more(file, mapped):
        del mapped["amount"]
    elif "amount" in mapped:
        mapped.pop("debit", None)
        mapped.pop("credit", None)
    elif ("debit" in mapped) != ("credit" in mapped):
        opposite = "credit" if "debit" in mapped else "debit"
        if empty := _empty_side(file, opposite, kind):
            mapped[opposite] = empty
    if "entered_on" in mapped and not {"posted_on", "posted_at"} & mapped.keys():
        mapped["posted_on"] = mapped.pop("entered_on")  # the one day that there is
    if kind == "card" and "vendor_name" not in mapped and "description" in mapped:
        mapped["vendor_name"] = mapped.pop("description")
    if kind == "payment" and "vendor_name" not in mapped and "person_name" in mapped:
        mapped["vendor_name"] = mapped.pop("person_name")  # wages
    if kind in _BILLED and "bank_account" not in mapped and _is_of_payees(file, mapped):
        mapped["bank_account"] = mapped.pop("account")
    return {name: mapped[name] for name in columns_of(kind) if name in mapped}


def _is_of_payees(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    """Whether accounts of banks are those of who is paid: many of them, about one for each party."""
    if not {"account", "vendor_name"} <= mapped.keys():
        return False
    account, party = file.column(mapped["account"]), file.column(mapped["vendor_name"])
    own = len(account.values) <= APART * len(party.values)  # a company has fewer accounts than payees
    return not own and len(account.values) >= _LEAST and holds_accounts(account) and not _is_short(account)


def _is_short(column: FileColumn) -> bool:
    """Whether the numbers are as short as those of a ledger's accounts."""
    return sum(len(value.strip()) >= _BANKS for value in column.values) <= APART * len(column.values)


def _sides_say_more(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    """Whether debit and credit, one a line, say what the amount beside them does not (net, unsigned)."""
    mark = (file.column(mapped["debit"]).decimal_marks or (".",))[0]
    whole, out, come = (file.amounts(mapped[name], mark) for name in ("amount", "debit", "credit"))
    if any(a and b for a, b in zip(out, come, strict=True)):
        return False
    differences = [abs(b) - abs(a) for a, b in zip(out, come, strict=True)]
    return any(differences) and whole not in (differences, [-difference for difference in differences])


def holds_accounts(column: FileColumn) -> bool:
    """Whether (nearly) all values are numbers of accounts, which name nobody."""
    values = [value.replace(" ", "") for value in list(column.values)[:200]]
    return bool(values) and sum(bool(_ACCOUNT.fullmatch(value)) for value in values) > len(values) / 2
