"""What kind of source a file is, and which of its columns are the canonical ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from tools.ledger.guess.balance_proof import BalanceProof
from tools.ledger.guess.bank_accounts import holds_bank_accounts
from tools.ledger.guess.column_map import APART, columns
from tools.ledger.guess.cost_signs import COSTS
from tools.ledger.guess.flow_names import flows
from tools.ledger.guess.journal_proof import JournalProof
from tools.ledger.guess.kind_evidence import (
    NEVER,
    file_words,
    goes_both_ways,
    has_both_signs,
    is_statement,
    score,
)
from tools.ledger.guess.nameless_columns import fill, is_money
from tools.ledger.guess.own_money import own_money
from tools.ledger.guess.own_side import own_sides
from tools.ledger.guess.parties import parties
from tools.ledger.guess.party_parts import is_party
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.proofs import Proofs, proofs_of
from tools.ledger.guess.tax_proof import is_of_wages
from tools.ledger.guess.vocabulary import vocabulary
from tools.ledger.readers.both_sides import SIDE
from tools.ledger.readers.carried_cells import HEADING
from tools.ledger.readers.file_format import BOOKS, FIXED, ORDERS, spoken
from tools.ledger.readers.row_reader import CARD
from tools.ledger.sources import TRANSACTIONS, columns_of

_CERTAIN: Final = 9.0
_HALF: Final = 0.5
_SINCE: Final = frozenset(
    "created since start opened joined hired birth changed onboarded modified updated".split()
)
_SPENDING: Final = frozenset(("category", "expense", "mcc", "merchant"))
_OF_SIDES: Final = {"account": f"{SIDE} account", "amount": f"{SIDE} amount", "vendor_name": f"{SIDE} party"}
_WORDS: Final = ("email", "calendar")
_ENOUGH: Final = 3.0  # a kind needs this much to be believed
_CLOSE: Final = 1.0  # by which a kind has to lead, to pass unseen
_LIKELY: Final = 2.0  # and this much, where it leads, to be taken and looked at
# What a file of dated amounts is like, in the order in which it is asked: the columns that tell.
_DUE: Final = ("invoice", (("due_on", "invoice_no"), ("due_on", "vendor_name"), ("due_on", "vendor_id")))
_LIKE: Final = (
    _DUE,
    ("bank", (("balance",),)),
    ("payment", (("vendor_name", "invoice_no"), ("vendor_id", "invoice_no"))),
    ("ledger", (("account", "debit", "credit"), ("account", "journal_id"))),
    ("card", (("category",), ("person_name",))),
    ("payment", (("vendor_name",), ("vendor_id",))),
    ("bank", (("description",), ("reference",))),
)
_BOTH: Final = (
    _DUE,
    ("ledger", (("account", "journal_id"),)),
    ("bank", (("description",), ("vendor_name",), ("reference",))),
)
_MASTERS: Final = {
    "vendor": ("vendor_name",), "employee": ("person_name", "person_id"), "client": ("client_name",)
}  # fmt: skip
_STATEMENTS: Final = ("bank", "card")
_DOCUMENTS: Final = {"ledger": "a journal", "payment": "what a bank was told to pay,"}
_UNDATED: Final = ("trial_balance",)  # of the supporting kinds, what has amounts of both signs


@dataclass(frozen=True)
class Guess:
    """A file taken as a source of a kind: why, and which column is which."""

    kind: str
    score: float
    reasons: tuple[str, ...]
    columns: Mapping[str, str]
    proof: BalanceProof | None = None
    why: Mapping[str, str] = field(default_factory=dict)
    ourselves: str = ""


def guess(file: FileProfile) -> Guess | None:
    """Take a file as the kind that speaks most for itself; None when none does.

    A file of dated amounts that says no more is taken for what its columns are like, to be looked at.
    """
    if file.form in FIXED:
        return _of_format(file)
    if vocabulary().no_book & set(file_words(file)):
        return None
    proofs = proofs_of(file)
    fitting = [candidate for kind in vocabulary().needed if (candidate := _as_kind(file, kind, proofs))]
    best = max(fitting, key=lambda candidate: candidate.score, default=None)
    if best and best.score >= _ENOUGH:
        return _doubted(best, fitting) if proofs.are_none else best
    postings = {
        candidate.kind: candidate
        for candidate in fitting
        if candidate.kind in TRANSACTIONS and candidate.score > NEVER / 2
    }
    return _likely(postings) or _like(file, postings) if postings else None


def _doubted(best: Guess, fitting: Sequence[Guess]) -> Guess:
    """Mark a kind that another one nearly is, where no balance, no entries and no taxes prove it."""
    rivals = [rival for rival in fitting if rival.kind != best.kind and rival.score > best.score - _CLOSE]
    if best.kind not in TRANSACTIONS or not rivals:
        return best
    rival = max(rivals, key=lambda candidate: candidate.score)
    doubt = f"CHECK: nearly as much says {rival.kind} ({'; '.join(rival.reasons)})"
    return replace(best, reasons=(*best.reasons, doubt))


def _of_format(file: FileProfile) -> Guess:
    """Take a file whose format says what it is: a statement of a bank or a card, a journal."""
    kinds = [column for column in file.columns if column.name == "account_kind"]
    is_card = bool(kinds) and set(kinds[0].values) == {CARD}
    kind = "ledger" if file.form in BOOKS else "card" if is_card else "bank"
    kind = "payment" if file.form in ORDERS else kind
    accepted = columns_of(kind)
    mapped = {
        column.name: column.name for column in file.columns if column.name in accepted and column.values
    }
    for name in ("posted_on", "amount"):
        mapped.setdefault(name, name)
    document = _DOCUMENTS.get(kind, f"a {kind}'s statement")
    return Guess(kind, _CERTAIN, (f"the file is {document} in {spoken(file.form)}",), mapped)


def _likely(postings: Mapping[str, Guess]) -> Guess | None:
    """Take a statement for what leads clearly although little speaks for it, to be looked at."""
    ranking = sorted(postings.values(), key=lambda candidate: -candidate.score)
    lead = ranking[0].score - (ranking[1].score if len(ranking) > 1 else 0.0)
    if ranking[0].kind not in _STATEMENTS or ranking[0].score < _LIKELY or lead < 1:
        return None
    return replace(ranking[0], reasons=(f"CHECK: little says what it is: {'; '.join(ranking[0].reasons)}",))


def _like(file: FileProfile, postings: Mapping[str, Guess]) -> Guess | None:
    """Take dated amounts for the kind that has the column which tells it best."""
    is_spending = _is_spending(file, postings)
    signed = any(map(has_both_signs, file.columns)) and not is_spending
    first = _BOTH if signed or goes_both_ways(file) else ()
    for kind, tells in (*first, *_LIKE):
        candidate = postings.get(kind)
        if kind == "ledger" and candidate and _is_a_banks(file, candidate):
            continue
        told = tells if kind != "card" or is_spending else (("person_name",),)
        if candidate and any(all(name in candidate.columns for name in names) for names in told):
            reason = "CHECK: nothing says what it is; its columns are like those of this kind"
            return replace(candidate, reasons=(reason,))
    return None


def _is_a_banks(file: FileProfile, candidate: Guess) -> bool:
    """Whether a ledger's account would be numbers of bank accounts, or money in and out is named."""
    account = candidate.columns.get("account")
    return bool(flows(file)) or (account is not None and holds_bank_accounts(file.column(account)))


def _is_spending(file: FileProfile, postings: Mapping[str, Guess]) -> bool:
    """Whether amounts stand under categories of spending, as a card's do: no types of what a bank did."""
    category = postings["card"].columns.get("category") if "card" in postings else None
    return category is not None and bool(_SPENDING & set(file.column(category).words))


def _as_kind(file: FileProfile, kind: str, proofs: Proofs) -> Guess | None:
    proof, tax = proofs.balance, proofs.tax
    fixed, why = _fixed(file, proof, kind)
    if file.both_sides and kind == "ledger":
        fixed |= {name: column for name, column in _OF_SIDES.items() if column in file.both_sides}
        why["columns.amount"] = "each line books a debit and a credit: two postings"
    if tax and kind in COSTS:
        of_wages = is_of_wages(file, tax)
        fixed |= tax.of_wages() if of_wages else tax.of_a_bill()
        why["columns.amount"] = f"it is paid of {tax.gross}" if of_wages else tax.why
    mapped = columns(file, kind, fixed)
    fill(file, mapped, kind, why)
    if kind == "ledger" and proofs.journal:
        _number_journals(file, mapped, proofs.journal, why)
    if not all(any(name in mapped for name in group) for group in vocabulary().needed[kind]):
        return None
    if kind in _MASTERS and not any(_is_master(file, mapped, name) for name in _MASTERS[kind]):
        return None
    if kind in _WORDS and {"posted_on", "amount"} <= columns(file, "bank").keys():
        return None  # mails and meetings have no amounts
    if kind not in (*TRANSACTIONS, *_UNDATED) and is_statement(file, proof):
        return None
    if kind == "remittance" and not _is_advice(file, mapped):
        return None
    weight, reasons = score(file, kind, mapped, proofs)
    sides = parties(file) if kind == "bank" else None
    return Guess(
        kind, weight, tuple(reasons), mapped, proof if kind in TRANSACTIONS else None, why,
        sides.ourselves if sides else "",
    )  # fmt: skip


def _number_journals(
    file: FileProfile, mapped: dict[str, str], proof: JournalProof, why: dict[str, str]
) -> None:
    """Take the column whose documents balance for the journal's number, where no name says which one is."""
    free = proof.document in file.names and proof.document not in mapped.values()
    if free and "journal_id" not in mapped:
        mapped["journal_id"] = proof.document
        why["columns.journal_id"] = proof.why


def _is_advice(file: FileProfile, mapped: Mapping[str, str]) -> bool:
    """Whether lines say which invoices a payment settles: by the file's name, or several lines a payment."""
    if set(vocabulary().filed["remittance"]) & set(file_words(file)):
        return True
    names_invoices = "invoice" in file.column(mapped["invoice_ref"]).words
    return names_invoices and file.column(mapped["payment_id"]).distinct < 1


def _fixed(file: FileProfile, proof: BalanceProof | None, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give the columns that values prove or lay down, and why."""
    fixed, why = dict[str, str](), dict[str, str]()
    if kind not in TRANSACTIONS:
        return fixed, why
    if proof:
        _fix_proven(file, proof, kind, fixed, why)
    elif own := own_money(file):
        fixed |= own.columns
        why["columns.amount"] = own.why
    for name, parts in file.joined.items():
        canonical = _canonical(file, name, parts)
        if canonical == "vendor_name" and kind == "card":
            continue  # whose card it is
        fixed[canonical] = name
        why[f"columns.{canonical}"] = "these columns make it together"
    sides = parties(file) if kind == "bank" else None
    if kind == "bank" and not sides:
        fixed |= {f"own {name}": name for name in own_sides(file, proof)}
    if sides:
        fixed |= sides.columns | {f"own {name}": name for name in sides.own}
        why |= dict.fromkeys((f"columns.{name}" for name in sides.columns), sides.why)
    if file.heads_parties:
        fixed["vendor_name"] = HEADING
        why["columns.vendor_name"] = f"the headings in {file.headings} go down to the postings below"
    elif file.headings and kind == "ledger":
        fixed["account"] = HEADING
        why["columns.account"] = "the headings over the postings go down to them"
    return fixed, why


def _canonical(file: FileProfile, name: str, parts: tuple[str, ...]) -> str:
    """Say what columns make together: a day, a party's name, or what a posting is for."""
    if file.column(name).is_date:
        return "posted_on"
    return "vendor_name" if is_party(file, parts) else "description"


def _fix_proven(
    file: FileProfile, proof: BalanceProof, kind: str, fixed: dict[str, str], why: dict[str, str]
) -> None:
    """Take the columns that a balance proves. Debits raise a ledger's balance where they lower a bank's."""
    debit, credit = proof.debit, proof.credit
    if kind != "bank" and debit and not _are_called_so(file, debit, credit):
        debit, credit = credit, debit
    sides = {"debit": debit, "credit": credit}
    proven = {"amount": proof.amount, **sides, "fee": proof.fee, "balance": proof.balance}
    fixed |= {name: column for name, column in proven.items() if column}
    why["columns.debit" if proof.debit else "columns.amount"] = proof.why
    why["columns.balance"] = "the running balance"
    if proof.fee:
        why["columns.fee"] = "it leaves the account beside the amount"


def _are_called_so(file: FileProfile, debit: str, credit: str) -> bool:
    return "debit" in file.column(debit).words or "credit" in file.column(credit).words


def _is_master(file: FileProfile, mapped: Mapping[str, str], name: str) -> bool:
    """Say whether a file names each party about once, and has no postings."""
    postings = columns(file, "payment")
    dated = any(
        column.is_day and column.filled > _HALF and not _SINCE & set(column.words) for column in file.columns
    )
    if "amount" in postings and "posted_on" in postings:
        return False
    if dated and any(
        column.is_amount and is_money(column) and "limit" not in column.words for column in file.columns
    ):
        return False
    return file.column(mapped[name]).distinct > APART if name in mapped else False
