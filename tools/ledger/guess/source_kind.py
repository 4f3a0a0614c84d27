"""What kind of source a file is, and which of its columns are the canonical ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from tools.books import tables
from tools.ledger.guess.balance_proof import BalanceProof, marks, proven
from tools.ledger.guess.directions import sides
from tools.ledger.guess.parties import parties
from tools.ledger.guess.profile import FileColumn, FileProfile
from tools.ledger.guess.vocabulary import Words, closeness, vocabulary, words
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.readers.file_format import BOOKS, FIXED, spoken
from tools.ledger.readers.row_reader import CARD
from tools.ledger.sources import TRANSACTIONS, columns_of, table_of

_CLOSE: Final = 0.45  # a column's name has to be this close to one of the phrases
_APART: Final = 0.5  # share of distinct values that an id has at least
_FILED: Final = 4.0  # what a file's name weighs
_STATES: Final = 12  # values that a status has at most
_CERTAIN: Final = 9.0
_HALF: Final = 0.5
_FEW_SIGNS: Final = 0.1
_SINCE: Final = frozenset(
    "created since start opened joined hired birth changed onboarded modified updated".split()
)
_BALANCED: Final = 5.0  # what a running balance weighs
_BOTH_WAYS: Final = 2.0
_HEADED: Final = 8.0  # what accounts as headings weigh
_NOT_AMOUNTS: Final = frozenset(("debit", "credit", "balance", "fee", "withdrawal", "deposit"))
_NOT_PARTIES: Final = frozenset(("cardholder", "bank", "own"))
_WORDS: Final = ("email", "calendar")
_ENOUGH: Final = 3.0  # a kind needs this much to be believed
_AMOUNTS: Final = (
    "amount",
    "fee",
    "debit",
    "credit",
    "balance",
    "limit",
    "rate",
    "opening",
    "movement",
    "closing",
)
_NAMES: Final = (
    "vendor_name", "person_name", "client_name", "description", "category", "title", "subject", "body",
    "sender", "currency", "created_by", "approved_by", "status", "payee", "payer",
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
_BOTH: Final = (
    ("ledger", (("account", "journal_id"),)),
    ("bank", (("description",), ("vendor_name",), ("reference",))),
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
    proof: BalanceProof | None = None
    why: Mapping[str, str] = field(default_factory=dict)


def guess(file: FileProfile) -> Guess | None:
    """Take a file as the kind that speaks most for itself; None when none does.

    A file of dated amounts that says no more is taken for what its columns are like, to be looked at.
    """
    if file.form in FIXED:
        return _of_format(file)
    if vocabulary().no_book & set(_file_words(file)):
        return None
    proof = _proof(file)
    fitting = [candidate for kind in vocabulary().needed if (candidate := _as_kind(file, kind, proof))]
    best = max(fitting, key=lambda candidate: candidate.score, default=None)
    if best and best.score >= _ENOUGH:
        return best
    postings = {candidate.kind: candidate for candidate in fitting if candidate.kind in TRANSACTIONS}
    return _like(file, postings) if postings else None


def _proof(file: FileProfile) -> BalanceProof | None:
    """Look for a running balance with each decimal mark that the numbers allow."""
    proofs = [proof for mark in marks(file.columns) if (proof := proven(file, mark))]
    return max(proofs, key=lambda proof: proof.lines, default=None)


def _of_format(file: FileProfile) -> Guess:
    """Take a file whose format says what it is: a statement of a bank or a card, a journal."""
    kinds = [column for column in file.columns if column.name == "account_kind"]
    is_card = bool(kinds) and set(kinds[0].values) == {CARD}
    kind = "ledger" if file.form in BOOKS else "card" if is_card else "bank"
    accepted = columns_of(kind)
    mapped = {
        column.name: column.name for column in file.columns if column.name in accepted and column.values
    }
    for name in ("posted_on", "amount"):
        mapped.setdefault(name, name)
    document = "journal" if kind == "ledger" else f"{kind}'s statement"
    return Guess(kind, _CERTAIN, (f"the file is a {document} in {spoken(file.form)}",), mapped)


def _like(file: FileProfile, postings: Mapping[str, Guess]) -> Guess | None:
    """Take dated amounts for the kind that has the column which tells it best."""
    signed = any(map(_has_both_signs, file.columns)) and not _is_spending(postings)
    first = _BOTH if signed or _goes_both_ways(file) else ()
    for kind, tells in (*first, *_LIKE):
        candidate = postings.get(kind)
        if candidate and any(all(name in candidate.columns for name in names) for names in tells):
            reason = "CHECK: nothing says what it is; its columns are like those of this kind"
            return replace(candidate, reasons=(reason,))
    return None


def columns(file: FileProfile, kind: str, fixed: Mapping[str, str] | None = None) -> dict[str, str]:
    """Map canonical names to the file's columns, by name and type, the surest first; each column once.

    fixed: what is known of them already; "" names a column that is none of the others.
    """
    mapped = dict(fixed or {})
    scored = sorted(
        (
            (-_closeness(kind, canonical, column), rank, place, canonical, column.name)
            for rank, canonical in enumerate(columns_of(kind))
            for place, column in enumerate(file.columns)
            if _fits(canonical, kind, column)
        ),
    )
    beside = {"payee", "payer"}  # only where values say which of two sides it is
    if "debit" in mapped:
        beside.add("amount")
    elif "amount" in mapped:
        beside |= {"debit", "credit"}
    if "amount" in mapped or "debit" in mapped:
        beside.add("fee")  # what is proven to leave beside it is there already
    for closeness_, _, _, canonical, name in scored:
        if canonical in beside:
            continue
        if -closeness_ >= _CLOSE and canonical not in mapped and name not in mapped.values():
            mapped[canonical] = name
    return _tidied(file, {name: column for name, column in mapped.items() if name in columns_of(kind)}, kind)


def _fixed(file: FileProfile, proof: BalanceProof | None, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give the columns that values prove or lay down, and why."""
    fixed, why = dict[str, str](), dict[str, str]()
    if kind not in TRANSACTIONS:
        return fixed, why
    if proof:
        for name in ("amount", "debit", "credit", "fee", "balance"):
            if column := getattr(proof, name):
                fixed[name] = column
        why["columns.debit" if proof.debit else "columns.amount"] = proof.why
        why["columns.balance"] = "the running balance"
        if proof.fee:
            why["columns.fee"] = "it leaves the account beside the amount"
    sides = parties(file) if kind == "bank" else None
    if sides:
        fixed |= sides.columns | {f"own {name}": name for name in sides.own}
        why |= dict.fromkeys((f"columns.{name}" for name in sides.columns), sides.why)
    if file.headings and kind == "ledger":
        fixed["account"] = HEADING
        why["columns.account"] = "the headings over the postings go down to them"
    return fixed, why


def _as_kind(file: FileProfile, kind: str, proof: BalanceProof | None) -> Guess | None:
    fixed, why = _fixed(file, proof, kind)
    mapped = columns(file, kind, fixed)
    _fill(file, mapped, kind, why)
    if not all(any(name in mapped for name in group) for group in vocabulary().needed[kind]):
        return None
    if kind in _MASTERS and not any(_is_master(file, mapped, name) for name in _MASTERS[kind]):
        return None
    if kind in _WORDS and {"posted_on", "amount"} <= columns(file, "bank").keys():
        return None  # mails and meetings have no amounts
    filed = [word for word in _file_words(file) if word in vocabulary().filed[kind]]
    weights = _word_weights(file, kind, mapped)
    score = (_FILED if filed else 0.0) + min(sum(weights.values()), 6.0) + _of_values(file, kind, proof)
    reasons = [f"the file's name says {', '.join(dict.fromkeys(filed))}"] if filed else []
    if weights:
        reasons.append(f"it has {', '.join(sorted(weights, key=lambda w: -weights[w])[:4])}")
    if kind == "bank" and proof:
        reasons.append("it has a running balance")
    if file.headings and kind == "ledger":
        reasons.append("its postings stand under the accounts' names")
    return Guess(kind, score, tuple(reasons), mapped, proof if kind in TRANSACTIONS else None, why)


def _of_values(file: FileProfile, kind: str, proof: BalanceProof | None) -> float:
    """Weigh what the values say: a running balance is a bank's, accounts as headings are a ledger's."""
    if file.headings:
        return _HEADED if kind == "ledger" else 0.0
    if kind == "bank":
        own = 1.0 if any(_is_iban(column) for column in file.columns) else 0.0
        return own + (_BALANCED if proof else 0.0) + (_BOTH_WAYS if _goes_both_ways(file) else 0.0)
    return 0.0


def _is_iban(column: FileColumn) -> bool:
    """Whether a column holds one account's IBAN, or few."""
    values = [value.replace(" ", "") for value in column.values]
    return 0 < len(values) <= _STATES and all(re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}", v) for v in values)


def _goes_both_ways(file: FileProfile) -> bool:
    """Whether a column says of each line on which side it is, and both sides occur."""
    return any(sides(column) is not None for column in file.columns)


def _is_spending(postings: Mapping[str, Guess]) -> bool:
    """Whether amounts stand under categories of spending, as a card's do."""
    return "card" in postings and "category" in postings["card"].columns


def _has_both_signs(column: FileColumn) -> bool:
    """Whether amounts come and go: of the fewer, one in ten at least."""
    if not column.is_amount or not _is_money(column):
        return False
    below = sum(n for value, n in column.values.items() if re.match(r"\W*[-\u2212(]|.*-$", value))
    total = sum(column.values.values())
    return min(below, total - below) >= _FEW_SIGNS * total


def _fill(file: FileProfile, mapped: dict[str, str], kind: str, why: dict[str, str]) -> None:
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
            column for column in free if column.is_amount and _is_money(column) and column.filled > _HALF
        ]
        if len(amounts) == 1:
            mapped["amount"] = amounts[0].name
            why["columns.amount"] = "CHECK: the one column that holds money; its name says nothing"
    if not {"description", "vendor_name", "payee", "payer"} & mapped.keys():
        texts = [
            column for column in free if not column.is_date and not column.is_amount and column.filled > _HALF
        ]
        texts = [column for column in texts if len(column.values) > 1] or texts
        longest = max(texts, key=_length, default=None)
        if longest:
            mapped["vendor_name" if kind == "card" else "description"] = longest.name
            why["columns.description"] = "CHECK: the longest text; its name says nothing"


def _is_money(column: FileColumn) -> bool:
    """Whether numbers look like amounts: with a sign or with decimals, not one and the same."""
    marked = sum(n for value, n in column.values.items() if re.search(r"[-\u2212(]|[.,]\d{1,2}\D*$", value))
    return len(column.values) > 1 and 2 * marked >= sum(column.values.values())


def _length(column: FileColumn) -> float:
    return sum(len(value) * n for value, n in column.values.items()) / sum(column.values.values())


def _file_words(file: FileProfile) -> Words:
    return words(file.paths[0].stem)


def _word_weights(file: FileProfile, kind: str, mapped: Mapping[str, str]) -> dict[str, float]:
    """Weigh the words of column names that tell the kind; of a supporting kind, the columns that it maps.

    The day on which something went to the ledger stands in every subledger, too.
    """
    if kind in TRANSACTIONS:
        telling = [column for column in file.columns if kind != "ledger" or not column.is_day]
        column_words = {word for column in telling for word in column.words}
        return {
            word: weight for word, weight in vocabulary().column_words[kind].items() if word in column_words
        }
    return dict.fromkeys(mapped.values(), 1.0)


def _is_master(file: FileProfile, mapped: Mapping[str, str], name: str) -> bool:
    """Say whether a file names each party about once, and has no postings."""
    postings = columns(file, "payment")
    dated = any(
        column.is_day and column.filled > _HALF and not _SINCE & set(column.words) for column in file.columns
    )
    if "amount" in postings and "posted_on" in postings:
        return False
    if dated and any(
        column.is_amount and _is_money(column) and "limit" not in column.words for column in file.columns
    ):
        return False
    return file.column(mapped[name]).distinct > _APART if name in mapped else False


def _closeness(kind: str, canonical: str, column: FileColumn) -> float:
    phrases = [*vocabulary().called.get(canonical, ()), *vocabulary().also.get(kind, {}).get(canonical, ())]
    named = set(column.words)
    if canonical == "amount" and named & _NOT_AMOUNTS:
        return 0.0
    if canonical in ("debit", "credit") and {"debit", "credit"} <= named:
        return 0.0
    if canonical == "vendor_name" and named & _NOT_PARTIES:
        return 0.0
    score = closeness(column.name, phrases, vocabulary().own.get(kind, ()))
    # Of two ids, the one that tells more rows apart is the row's own.
    return score * (0.5 + 0.5 * column.distinct) if canonical == "txn_id" else score


def _fits(canonical: str, kind: str, column: FileColumn) -> bool:
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
    near = {column.name: _closeness(kind, canonical, column) for column in file.columns if not column.values}
    return max((name for name in near if near[name] >= _CLOSE), key=lambda name: near[name], default=None)


def _tidied(file: FileProfile, mapped: dict[str, str], kind: str) -> dict[str, str]:
    """Drop half an amount beside a whole one; what a card's line says is whom it paid."""
    if "amount" in mapped:
        mapped.pop("debit", None)
        mapped.pop("credit", None)
    elif ("debit" in mapped) != ("credit" in mapped):
        opposite = "credit" if "debit" in mapped else "debit"
        if empty := _empty_side(file, opposite, kind):
            mapped[opposite] = empty
    if kind == "card" and "vendor_name" not in mapped and "description" in mapped:
        mapped["vendor_name"] = mapped.pop("description")
    return {name: mapped[name] for name in columns_of(kind) if name in mapped}
