"""Claims out of flags that a person confirmed: money that was paid twice, or to the wrong party.

claims(books, flags) -> list[ClaimDraft]    one a party and chain of copies

A flag names the posting that is one too many, and which it repeats. What came back since (a return, a credit
note, a credit on the bank account) is set off; what came back whole makes no claim.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from tools.books.engine import Books
from tools.core.sql_files import sql
from tools.ledger import vendor
from tools.recovery.drafts import BASIS, CREDIT, OWED, ClaimDraft, ItemDraft, PartyDraft
from tools.store.models import Flag

_HERE: Final = "tools.recovery"
Row = Mapping[str, Any]
# Tests whose finding means that a posting is one too many.
TESTS: Final = frozenset({
    "altered_copy", "duplicate_invoice_number", "duplicate_outflow", "duplicate_payment", "near_copy",
    "repeated_block", "repeated_content", "repeated_id", "respelled_copy", "same_invoice_other_vendor",
    "same_vendor_amount",
})  # fmt: skip
_SPENT: Final = ("payment", "card")
_BASES: Final = {
    "double_payment": "Money paid without a debt is to be given back (unjust enrichment; Germany: BGB, 812).",
    "double_charge": "A charge made twice is to be refunded by the merchant (card scheme rules, duplicate"
    " processing).",
    "paid_to_other_vendor": "Paid on an invoice of another vendor: nothing was owed to this one.",
}
_SURE: Final = 70  # above it a finding is enough by itself; a weaker one takes a reviewer
_SLIP: Final = 0.25  # as the test altered_copy has it
_DAYS: Final = 400  # a return later than this is another matter


def claims(books: Books, flags: Sequence[Flag]) -> list[ClaimDraft]:
    """Give a claim for each party and chain of repeated postings, net of what came back.

    flags: those that a person confirmed. Only postings that cost money and still stand in these books count.
    """
    chosen = [flag for flag in flags if _tests(flag)]
    keys = {key for flag in chosen for key in (flag.row_key, *_partners(flag))}
    rows = {row["row_key"]: row for row in books.rows(sql(_HERE, "posting"), {"keys": sorted(keys)})}
    chains = _chains([flag for flag in chosen if _is_spent(rows.get(flag.row_key))], rows)
    backs = _backs(books, chains)
    return [draft for chain in chains if (draft := _claim(books.manifest.entity, chain, backs)) is not None]


def _tests(flag: Flag) -> list[Mapping[str, Any]]:
    """Give the findings that say of a posting, each by itself, that it is one too many."""
    results = [test for test in flag.tests if isinstance(test, Mapping) and test.get("test") in TESTS]
    return [test for test in results if int(test["score"]) > _SURE or flag.review == "confirmed"]


def _partners(flag: Flag) -> list[str]:
    return [str(test["partner_key"]) for test in _tests(flag) if test.get("partner_key")]


def _is_spent(row: Row | None) -> bool:
    return row is not None and row["kind"] in _SPENT and row["amount_minor"] > 0


class _Chain:
    """Postings that repeat each other: those that are too many, and what they repeat."""

    def __init__(self) -> None:
        self.extra: dict[str, tuple[Row, Flag]] = {}
        self.basis: dict[str, Row] = {}

    @property
    def first(self) -> Row:
        """Give the posting that was flagged first."""
        return min(
            (row for row, _ in self.extra.values()), key=lambda row: (str(row["posted_on"]), row["row_key"])
        )

    @property
    def currency(self) -> str:
        """Give the currency of the postings."""
        return str(self.first["currency"])

    @property
    def party(self) -> str:
        """Give the party's number in the books, or its normalised name."""
        return str(self.first["vendor_id"] or self.first["vendor_key"])


def _chains(flags: Iterable[Flag], rows: Mapping[str, Row]) -> list[_Chain]:
    """Join flags of one party that name each other's postings."""
    by_key: dict[str, _Chain] = {}
    for flag in sorted(flags, key=lambda flag: flag.row_key):
        row = rows[flag.row_key]
        partners = [key for key in _partners(flag) if key in rows and _same_event(row, rows[key])]
        if not partners:
            continue
        joined = [by_key[key] for key in (flag.row_key, *partners) if key in by_key]
        chain = joined[0] if joined else _Chain()
        for further in joined[1:]:
            chain.extra |= further.extra
            chain.basis |= further.basis
        chain.extra[flag.row_key] = (row, flag)
        chain.basis |= {key: rows[key] for key in partners}
        by_key |= dict.fromkeys((*chain.extra, *chain.basis), chain)
    chains = list({id(chain): chain for chain in by_key.values()}.values())
    return sorted(chains, key=lambda chain: chain.first["row_key"])


def _same_event(row: Row, partner: Row) -> bool:
    """Say whether two postings are of one event: their amounts differ by what a slip of a copy explains."""
    if partner["kind"] not in (*_SPENT, "invoice") or partner["currency"] != row["currency"]:
        return False
    return bool(abs(partner["amount_minor"] - row["amount_minor"]) <= _SLIP * abs(row["amount_minor"]))


def _backs(books: Books, chains: Sequence[_Chain]) -> dict[str, list[Row]]:
    """Give what may have come back: by party, and what the bank received under the empty name."""
    amounts = {row["amount_minor"] for chain in chains for row, _ in chain.extra.values()}
    sums = {sum(row["amount_minor"] for row, _ in chain.extra.values()) for chain in chains}
    parties = sorted({chain.party for chain in chains})
    by_party: dict[str, list[Row]] = defaultdict(list)
    values = {"parties": parties or [""], "amounts": sorted(amounts | sums) or [0]}
    for row in books.rows(sql(_HERE, "related"), values):
        by_party["" if row["kind"] == "bank" else str(row["vendor_id"] or row["vendor_key"])].append(row)
    return by_party


def _claim(entity: str, chain: _Chain, backs: Mapping[str, list[Row]]) -> ClaimDraft | None:
    extra = [(row, flag) for key, (row, flag) in sorted(chain.extra.items()) if not _is_all(chain, key)]
    if not extra:
        return None
    owed = [_item(OWED, row, row["amount_minor"], flag.flag_id) for row, flag in extra]
    basis = [
        _item(BASIS, row, row["amount_minor"])
        for key, row in sorted(chain.basis.items())
        if key not in chain.extra
    ]
    rows = [row for row, _ in extra]
    back = [_item(CREDIT, row, abs(row["amount_minor"])) for row in _returned(chain, rows, backs)]
    kind = _kind(chain)
    first = chain.first
    name = str(first["vendor_name"] or first["vendor_key"] or "unknown")
    party = PartyDraft(
        "vendor", name, str(first["vendor_key"] or vendor.key(name)), str(first["vendor_id"] or "")
    )
    title = f"{_WORDS[kind]}: {name}, {_documents(rows)}"
    draft = ClaimDraft(entity, kind, party, title, _BASES[kind], chain.currency, [*owed, *basis, *back])
    return draft if draft.amount_minor > 0 else None


def _is_all(chain: _Chain, key: str) -> bool:
    """Say whether a posting is the only one of its chain: what it repeats is not in these books."""
    return not chain.basis and len(chain.extra) > 1 and key == min(chain.extra)


_WORDS: Final = {
    "double_payment": "Paid twice",
    "double_charge": "Charged twice",
    "paid_to_other_vendor": "Paid on another vendor's invoice",
}


def _kind(chain: _Chain) -> str:
    named = {test["test"] for _, flag in chain.extra.values() for test in _tests(flag)}
    if "same_invoice_other_vendor" in named:
        return "paid_to_other_vendor"
    return "double_charge" if chain.first["kind"] == "card" else "double_payment"


def _documents(rows: Sequence[Row]) -> str:
    names = [str(row["invoice_no"] or row["txn_id"] or row["row_key"]) for row in rows]
    unique = list(dict.fromkeys(names))
    return ", ".join(unique[:3]) + (f" and {len(unique) - 3} more" if len(unique) > 3 else "")  # noqa: PLR2004 - a title


def _returned(chain: _Chain, rows: Sequence[Row], backs: Mapping[str, list[Row]]) -> list[Row]:
    """Give what took these postings back, each once: by number, else by amount."""
    open_amounts = [row["amount_minor"] for row in rows]
    numbers = {
        _plain(name) for row in (*rows, *chain.basis.values()) for name in (row["invoice_no"],) if name
    }
    since = min((row["posted_on"] for row in rows if row["posted_on"]), default=None)
    words = vendor.key(str(chain.first["vendor_name"] or "")).split()
    returned = []
    for row in (*backs.get(chain.party, []), *backs.get("", [])):
        if row["currency"] != chain.currency or not _is_after(row, since) or row["row_key"] in chain.extra:
            continue
        size = abs(row["amount_minor"])
        if row["kind"] == "bank" and not _is_named(row, words, numbers):
            continue
        by_number = row["kind"] != "bank" and _plain(row["invoice_no"]) in numbers
        if size in open_amounts:
            open_amounts.remove(size)
        elif size == sum(open_amounts) and len(open_amounts) > 1:
            open_amounts.clear()
        elif not (by_number and size <= sum(open_amounts)):
            continue
        returned.append(row)
    return _once(returned)


def _once(rows: Sequence[Row]) -> list[Row]:
    """Leave out the bank's side of a return that the payments' register has, too."""
    registered = [abs(row["amount_minor"]) for row in rows if row["kind"] != "bank"]
    returns = []
    for row in rows:
        if row["kind"] == "bank" and abs(row["amount_minor"]) in registered:
            registered.remove(abs(row["amount_minor"]))
            continue
        returns.append(row)
    return returns


def _is_after(row: Row, since: object) -> bool:
    if since is None or row["posted_on"] is None:
        return True
    return bool(0 <= (row["posted_on"] - since).days <= _DAYS)


def _is_named(row: Row, words: Sequence[str], numbers: set[str]) -> bool:
    text = str(row["description"] or "").upper()
    plain = _plain(f"{text} {row['reference'] or ''}")
    long = [word for word in words if len(word) > 3]  # noqa: PLR2004 - "AND", "OF" name nobody
    return any(number and number in plain for number in numbers) or (
        bool(long) and all(word in text for word in long[:2])
    )


def _plain(text: object) -> str:
    return "".join(c for c in str(text or "").upper() if c.isalnum())


def _item(role: str, row: Row, amount_minor: int, flag_id: str = "") -> ItemDraft:
    return ItemDraft(
        role=role,
        document=str(row["invoice_no"] or row["txn_id"] or row["row_key"]),
        reference=str(row["reference"] or row["txn_id"] or ""),
        dated_on=row["posted_on"],
        amount_minor=int(amount_minor),
        currency=str(row["currency"]),
        row_key=str(row["row_key"]),
        source=str(row["source"]),
        file=str(row["file"] or ""),
        line=row["line"],
        flag_id=flag_id,
        note=str(row["txn_id"] or ""),
    )
