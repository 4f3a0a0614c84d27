"""Aliases: other names under which a vendor was met, learned from matches.

learn(store, run_id, entity, aliases)              idempotent per run
known(store, entity) -> {alias_key: vendor_key}    the surest for each
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tools.store.database import Store, lock
from tools.store.models import Alias


def learn(store: Store, run_id: str, entity: str, aliases: Sequence[Mapping[str, Any]]) -> None:
    """Remember aliases; one that an earlier run learned counts as seen once more.

    aliases: {"alias_key", "vendor_key", "confidence"} with normalised names.
    """
    with store.begin() as session:
        lock(session, f"aliases:{entity}")
        for alias in aliases:
            key = (entity, alias["alias_key"], alias["vendor_key"])
            row = session.get(Alias, key)
            if row is None:
                row = Alias(
                    entity=entity, alias_key=key[1], vendor_key=key[2], seen=0, confidence=0, run_id=""
                )
                session.add(row)
            if row.run_id == run_id:
                continue
            row.seen, row.run_id = row.seen + 1, run_id
            row.confidence = max(row.confidence, float(alias.get("confidence", 1.0)))


def names_of(store: Store, entity: str) -> dict[str, str]:
    """Give for each alias the vendor that it most surely stands for."""
    query = select(Alias).where(Alias.entity == entity)
    with store.read() as session:
        rising = session.scalars(query.order_by(Alias.confidence, Alias.seen, Alias.vendor_key.desc()))
        return {alias.alias_key: alias.vendor_key for alias in rising}
