"""What kind of source a file is, and which of its columns are the canonical ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tools.books import tables
from tools.ledger.guess.profile import Column, FileProfile
from tools.ledger.guess.vocabulary import (
    ALSO,
    CALLED,
    FILED,
    NEEDED,
    NO_BOOK,
    OWN,
    TOLD_BY,
    Words,
    closeness,
    words,
)
from tools.ledger.readers.open_file import STATEMENTS
from tools.ledger.sources import TRANSACTIONS, columns_of, table_of

_CLOSE: Final = 0.45  # a column's name has to be this close to one of the phrases
_APART: Final = 0.5  # share of distinct values that an id has at least
_FILED: Final = 4.0  # what a file's name weighs
_STATES: Final = 12  # values that a status has at most
_CERTAIN: Final = 9.0
_WORDS: Final = ("email", "calendar")
_ENOUGH: Final = 3.0  # a kind needs this much to be believed
_AMOUNTS: Final = ("amount", "debit", "credit", "balance", "limit", "rate", "opening", "movement", "closing")
_NAMES: Final = (
    "vendor_name", "person_name", "client_name", "description", "category", "title", "subject", "body",
    "sender", "currency", "created_by", "approved_by", "status",
)  # fmt: skip
# What a file of dated amounts is like, in the order in which it is asked: the columns that tell.
_LIKE: Final = (
    ("bank", (("balance",),)),
    ("payment", (("vendor_name", "invoice_no"), ("vendor_id", "invoice_no"))),
    ("ledger", (("account", "debit", "credit"), ("account", "journal_id"))),
    ("card", (("category",), ("person_name",))),
    ("payment", (("vendor_name",), ("vendor_id",))),
    ("bank", (("description",), ("reference",))),
)
_MASTERS: Final = {
    "vendor": ("vendor_name",), "employee": ("person_name", "person_id"), "client": ("client_name",)
}  # fmt: skip


@dataclass(frozen=True)
class Guess:
    """A file taken as a source of a kind: why, and which column is which."""

    kind: str
    score: float
    reasons: tuple[str, ...]
    columns: Mapping[str, str]


def guess(file: FileProfile) -> Guess | None:
    """Take a file as the kind that speaks most for itself; None when none does.

    A file of dated amounts that says no more is taken for what its columns are like, to be looked at.
    """
    if file.paths[0].suffix.lower() in STATEMENTS:
        known = columns_of("bank")
        columns = {one.name: one.name for one in file.columns if one.name in known and one.values}
        return Guess("bank", _CERTAIN, ("the file is a bank's statement",), columns)
    if NO_BOOK & set(_file_words(file)):
        return None
    found = [one for kind in NEEDED if (one := _as_kind(file, kind))]
    best = max(found, key=lambda one: one.score, default=None)
    if best and best.score >= _ENOUGH:
        return best
    postings = {one.kind: one for one in found if one.kind in TRANSACTIONS}
    return _like(postings) if postings else None


def _like(postings: Mapping[str, Guess]) -> Guess | None:
    """Take dated amounts for the kind that has the column which tells it best."""
    for kind, tells in _LIKE:
        one = postings.get(kind)
        if one and any(all(name in one.columns for name in names) for names in tells):
            said = "CHECK: nothing says what it is; its columns are like those of this kind"
            return Guess(kind, one.score, (said,), one.columns)
    return None


def columns(file: FileProfile, kind: str) -> dict[str, str]:
    """Map canonical names to the file's columns, by name and type, the surest first; each column once."""
    scored = sorted(
        (
            (-_closeness(kind, canonical, column), rank, place, canonical, column.name)
            for rank, canonical in enumerate(columns_of(kind))
            for place, column in enumerate(file.columns)
            if _fits(canonical, kind, column)
        ),
    )
    mapped: dict[str, str] = {}
    for closeness_, _, _, canonical, name in scored:
        if -closeness_ >= _CLOSE and canonical not in mapped and name not in mapped.values():
            mapped[canonical] = name
    return _tidied(file, mapped, kind)


def _as_kind(file: FileProfile, kind: str) -> Guess | None:
    mapped = columns(file, kind)
    if not all(any(name in mapped for name in group) for group in NEEDED[kind]):
        return None
    if kind in _MASTERS and not any(_is_master(file, mapped, name) for name in _MASTERS[kind]):
        return None
    if kind in _WORDS and {"posted_on", "amount"} <= columns(file, "bank").keys():
        return None  # mails and meetings have no amounts
    filed = [word for word in _file_words(file) if word in FILED[kind]]
    told = _told(file, kind, mapped)
    score = (_FILED if filed else 0.0) + min(sum(told.values()), 6.0)
    reasons = [f"the file's name says {', '.join(dict.fromkeys(filed))}"] if filed else []
    if told:
        reasons.append(f"it has {', '.join(sorted(told, key=lambda w: -told[w])[:4])}")
    return Guess(kind, score, tuple(reasons), mapped)


def _file_words(file: FileProfile) -> Words:
    return words(file.paths[0].stem)


def _told(file: FileProfile, kind: str, mapped: Mapping[str, str]) -> dict[str, float]:
    """Weigh the words of column names that tell the kind; of a supporting kind, the columns that it maps.

    The day on which something went to the ledger stands in every subledger, too.
    """
    if kind in TRANSACTIONS:
        telling = [column for column in file.columns if kind != "ledger" or not column.is_day]
        held = {word for column in telling for word in column.words}
        return {word: weight for word, weight in TOLD_BY[kind].items() if word in held}
    return dict.fromkeys(mapped.values(), 1.0)


def _is_master(file: FileProfile, mapped: Mapping[str, str], name: str) -> bool:
    """Say whether a file names each party about once, and has no postings."""
    postings = columns(file, "payment")
    if "amount" in postings and "posted_on" in postings:
        return False
    return file.column(mapped[name]).distinct > _APART if name in mapped else False


def _closeness(kind: str, canonical: str, column: Column) -> float:
    phrases = [*CALLED.get(canonical, ()), *ALSO.get(kind, {}).get(canonical, ())]
    found = closeness(column.name, phrases, OWN.get(kind, ()))
    # Of two ids, the one that tells more rows apart is the row's own.
    return found * (0.5 + 0.5 * column.distinct) if canonical == "txn_id" else found


def _fits(canonical: str, kind: str, column: Column) -> bool:
    """Whether a column's values can be those of a canonical column."""
    if tables.CANONICAL[table_of(kind)].get(canonical) in ("DATE", "TIMESTAMP"):
        return column.is_date and (canonical != "posted_at" or column.has_times)
    if canonical in _AMOUNTS:
        return column.is_amount
    if canonical == "card_last4":
        return bool(column.values) and all(any(c.isdigit() for c in v) for v in list(column.values)[:50])
    if canonical == "status" and len(column.values) > _STATES:
        return False
    if canonical in _NAMES:
        return bool(column.values) and not column.is_date and not column.is_amount
    is_id = canonical != "txn_id" or column.distinct >= _APART
    return is_id and bool(column.values) and (canonical == "period" or not column.is_day)


def _empty_side(file: FileProfile, canonical: str, kind: str) -> str | None:
    """Find the column of the other side, of which this file happens to hold nothing."""
    near = {one.name: _closeness(kind, canonical, one) for one in file.columns if not one.values}
    return max((name for name in near if near[name] >= _CLOSE), key=lambda name: near[name], default=None)


def _tidied(file: FileProfile, mapped: dict[str, str], kind: str) -> dict[str, str]:
    """Drop half an amount beside a whole one; what a card's line says is whom it paid."""
    if "amount" in mapped:
        mapped.pop("debit", None)
        mapped.pop("credit", None)
    elif ("debit" in mapped) != ("credit" in mapped):
        other = "credit" if "debit" in mapped else "debit"
        if empty := _empty_side(file, other, kind):
            mapped[other] = empty
    if kind == "card" and "vendor_name" not in mapped and "description" in mapped:
        mapped["vendor_name"] = mapped.pop("description")
    return {name: mapped[name] for name in columns_of(kind) if name in mapped}
