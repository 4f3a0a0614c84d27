"""Find the money that came for claims in the books: payments on the bank account, credit notes, returns.

match_money(run_id, entity) -> Matched      each posting once over all runs; what it settles closes a claim

The bank's money is applied to the claims' documents as payments are to invoices (cash.py). Of what that
leaves, a posting that names a claim, its letter or one of its documents is that claim's; else the payer has
to be the party and the amount what is open on one claim, or on all of the party's together. Anything less is
left to people: a wrong claim closed is worse than one chased a day longer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.sql_files import sql
from tools.recovery import books as recovery_books
from tools.recovery import cash, items
from tools.recovery.candidates import Candidate, plain
from tools.recovery.claim_index import BankText, ClaimIndex
from tools.recovery.receipts import Receipt, book
from tools.rules.recovery import RecoveryRules
from tools.store import Store, open_store
from tools.store.database import lock
from tools.store.models import RecoveryClaim, RecoveryEvent, RecoveryItem, RecoveryParty
from tools.store.writes import in_batches

_FEWEST: Final = 4  # characters of a document's number that may stand for it alone
Row = Mapping[str, Any]


class Matched(NamedTuple):
    """What came: postings that are some claim's money, and claims that it closed."""

    postings: int
    won: int


def match_money(run_id: str, entity: str) -> Matched:
    """Apply what came in to the entity's claims; a replay, and later runs, apply nothing twice."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    if not recovery_books.has_books(limits, run_id):
        return Matched(0, 0)
    with recovery_books.open_books(limits, run_id) as books:
        rows = books.rows(sql("tools.recovery", "money_in"))
        advice = books.rows(sql("tools.recovery", "advice"))
    return apply(store, rules, entity, rows, advice)


def apply(
    store: Store, rules: RecoveryRules, entity: str, rows: Sequence[Row], advice: Sequence[Row] = ()
) -> Matched:
    """Apply postings to an entity's claims, in their order, with what payers say that they are for."""
    with store.begin() as session:
        lock(session, f"money of claims:{entity}")  # two that read a bank's lines at once
        listed = candidates(session, entity)
        used = _used(session, entity)
        fresh = [row for row in rows if row["row_key"] not in used]
        applied, index = cash.shares(fresh, advice, listed), ClaimIndex(listed)
        receipts = []
        for row in fresh:
            for candidate, amount in applied.get(row["row_key"]) or share(row, index):
                candidate.coming_minor += amount
                receipts.append(Receipt(candidate.claim, candidate.items, amount, row))
        _lock_claims(session, [receipt.claim.claim_id for receipt in receipts])
        won = book(session, receipts, rules, by="tieout")
    return Matched(len(receipts), won)


def _lock_claims(session: Session, claim_ids: Sequence[str]) -> None:
    """Lock claims, and read them anew: an answer may have moved them since."""
    for batch in in_batches(sorted(set(claim_ids))):
        query = select(RecoveryClaim).where(RecoveryClaim.claim_id.in_(batch))
        locked = query.order_by(RecoveryClaim.claim_id).with_for_update()
        session.scalars(locked.execution_options(populate_existing=True)).all()


def candidates(session: Session, entity: str) -> list[Candidate]:
    """Give the claims of an entity that money may still come for: all but those that are won."""
    query = (
        select(RecoveryClaim, RecoveryParty)
        .join(RecoveryParty, RecoveryParty.party_id == RecoveryClaim.party_id)
        .where(
            RecoveryClaim.entity == entity, RecoveryClaim.status != "won", RecoveryClaim.kind != "prospect"
        )
        .order_by(RecoveryClaim.arisen_on, RecoveryClaim.claim_id)
    )
    pairs = session.execute(query).all()
    of_claim = items.of_each(session, [claim.claim_id for claim, _ in pairs])
    return [
        Candidate(
            claim,
            party,
            _numbers(claim, of_claim[claim.claim_id]),
            _rows(of_claim[claim.claim_id]),
            of_claim[claim.claim_id],
        )
        for claim, party in pairs
    ]


def _numbers(claim: RecoveryClaim, owned: Iterable[RecoveryItem]) -> frozenset[str]:
    names = {plain(claim.claim_id), *(plain(item.document) for item in owned if item.role == "owed")}
    return frozenset(name for name in names if len(name) >= _FEWEST and any(c.isdigit() for c in name))


def _rows(owned: Iterable[RecoveryItem]) -> frozenset[str]:
    return frozenset(item.row_key for item in owned if item.row_key)


def _used(session: Session, entity: str) -> set[str]:
    """Give the postings that some claim has had already."""
    query = (
        select(RecoveryEvent.details)
        .join(RecoveryClaim, RecoveryClaim.claim_id == RecoveryEvent.claim_id)
        .where(RecoveryEvent.kind == "money", RecoveryClaim.entity == entity)
    )
    return {str(details.get("row_key", "")) for details in session.scalars(query)}


def share(row: Row, index: ClaimIndex) -> list[tuple[Candidate, int]]:
    """Say which claims a posting is for, and how much of it: none where that is not sure."""
    text = BankText.of(row) if row["kind"] == "bank" else None
    likely = index.likely(row, text)
    parties = {candidate.party_id: candidate.party for candidate in likely}
    payers = {name for name, party in parties.items() if _is_party(row, party, text)}
    meant = [c for c in likely if c.party_id in payers or (text and _is_numbered(c, text))]
    open_now = [c for c in meant if c.open_minor > 0 and _may_be_for(row, c)]
    named = [c for c in open_now if _names(row, c, text, pays=c.party_id in payers)]
    if named:
        return _in_order(named, row["amount_minor"])
    ours = [candidate for candidate in open_now if candidate.party_id in payers]
    exact = [candidate for candidate in ours if candidate.open_minor == row["amount_minor"]]
    if len(exact) == 1:
        return [(exact[0], row["amount_minor"])]
    if len(ours) > 1 and sum(candidate.open_minor for candidate in ours) == row["amount_minor"]:
        return [(candidate, candidate.open_minor) for candidate in ours]
    return []


def _may_be_for(row: Row, candidate: Candidate) -> bool:
    claim = candidate.claim
    later = row["posted_on"] is None or row["posted_on"] >= claim.arisen_on
    is_own = row["row_key"] in candidate.own_rows  # set off when the claim was made
    return bool(row["currency"] == claim.currency and later and not is_own)


def _names(row: Row, candidate: Candidate, text: BankText | None, *, pays: bool) -> bool:
    """Say whether a posting names the claim or one of its documents; of a bank's text each word counts."""
    if text is None:
        return pays and plain(row["invoice_no"]) in candidate.numbers
    if candidate.plain_id in text.plain:
        return True
    return _is_numbered(candidate, text) and (pays or row["amount_minor"] == candidate.open_minor)


def _is_numbered(candidate: Candidate, text: BankText) -> bool:
    """Say whether a bank's text has a number of the claim: a document's, or its own, however broken."""
    return not text.numbers.isdisjoint(candidate.numbers) or candidate.plain_id in text.plain


def _is_party(row: Row, party: RecoveryParty, text: BankText | None) -> bool:
    if text is not None:
        return text.names(party)
    return party.external_id == str(row["vendor_id"] or "-") or party.party_key == row["vendor_key"]


def _in_order(named: Sequence[Candidate], amount: int) -> list[tuple[Candidate, int]]:
    """Give money to the claims that it names, the oldest first; what is left over is left to people."""
    shares = []
    for candidate in named:
        part = min(amount, candidate.open_minor)
        if part > 0:
            shares.append((candidate, part))
            amount -= part
    return shares
