"""Addresses and domains that nothing is sent to: whatever is on the list, by whatever way it came there.

The digest of an address stays when the address itself is erased (GDPR, Art. 17 and 21): it is still refused.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.recovery.contacts import valid
from tools.store import Store
from tools.store.database import lock
from tools.store.models import Contact, SuppressedAddress
from tools.store.writes import in_batches, insert_new

REASONS: Final = ("opt_out", "complaint", "hard_bounce", "soft_bounces", "by_hand")


def digest_of(address: str) -> str:
    """Give the digest of an address, or of "@domain": what is compared, in lower case."""
    return hashlib.sha256(address.strip().casefold().encode()).hexdigest()


def is_suppressed(session: Session, address: str) -> bool:
    """Say whether an address, or its whole domain, is on the list."""
    return bool(refused(session, [address]))


def refused(session: Session, addresses: Sequence[str]) -> set[str]:
    """Give those of the addresses that are on the list, by themselves or by their domain."""
    digests_by_address = {address: _digests(address) for address in addresses}
    digests = sorted({digest for pair in digests_by_address.values() for digest in pair})
    listed: set[str] = set()
    for batch in in_batches(digests):
        query = select(SuppressedAddress.digest).where(SuppressedAddress.digest.in_(batch))
        listed.update(session.scalars(query))
    return {address for address, pair in digests_by_address.items() if listed.intersection(pair)}


def _digests(address: str) -> tuple[str, str]:
    return digest_of(address), digest_of("@" + valid.domain_of(address))


def guard(session: Session, address: str) -> None:
    """Hold the list still for an address until the transaction ends: nobody adds it meanwhile."""
    for name in (address.casefold(), "@" + valid.domain_of(address)):
        lock(session, f"suppression:{name}")


def add(store: Store, address: str, reason: str, *, by: str, note: str = "") -> bool:
    """Put an address, or "@domain", on the list; say whether that is new. Raises UsageError for neither."""
    text = address.strip().casefold()
    if not (text.startswith("@") and "." in text) and not valid.email(text):
        raise UsageError(f"'{address}' is no address.", remedy="Write name@domain, or @domain for all of it.")
    with store.begin() as session:
        return put(session, text, reason, by=by, note=note)


def put(session: Session, address: str, reason: str, *, by: str, note: str = "") -> bool:
    """Put an address on the list within a transaction; say whether that is new."""
    text = address.strip().casefold()
    lock(session, f"suppression:{text}")
    if session.get(SuppressedAddress, digest_of(text)) is not None:
        return False
    row = {
        "digest": digest_of(text),
        "address": text,
        "reason": reason,
        "by": by,
        "at": clock().now(),
        "note": note,
    }
    insert_new(session, SuppressedAddress, [row])
    return True


def erase(store: Store, address: str) -> bool:
    """Forget an address, everywhere that it is kept as a contact; its digest goes on refusing it."""
    text = address.strip().casefold()
    with store.begin() as session:
        put(session, text, "by_hand", by="erasure", note="")
        session.execute(
            update(SuppressedAddress)
            .where(SuppressedAddress.digest == digest_of(text))
            .values(address="", note="")
        )
        gone = [row for row in session.scalars(select(Contact)) if row.value.casefold() == text]
        for contact in gone:
            session.delete(contact)
        return bool(gone)


def rows(store: Store) -> list[dict[str, Any]]:
    """List what is suppressed, the newest first."""
    with store.read() as session:
        listed = session.scalars(
            select(SuppressedAddress).order_by(SuppressedAddress.at.desc(), SuppressedAddress.digest)
        )
        return [row.as_dict() for row in listed]
