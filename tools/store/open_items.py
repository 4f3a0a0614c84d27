"""Open items: unmatched rows that later runs try again to match.

carry(store, run_id, entity, items)     replace what the entity carries; claims.close calls it
of_entity(store, entity) -> list[OpenItem]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, select

from tools.store.database import Store
from tools.store.models import OpenItem
from tools.store.writes import insert_new


def carry(store: Store, run_id: str, entity: str, items: Sequence[Mapping[str, str]]) -> None:
    """Carry exactly these items forward; one that was carried before keeps the run it is open since.

    items: {"pair", "row_key", "source"}.
    """
    keys = {(item["pair"], item["row_key"]) for item in items}
    with store.begin() as session:
        for old in of_entity(store, entity):
            if (old.pair, old.row_key) not in keys:
                session.execute(
                    delete(OpenItem).where(
                        OpenItem.entity == entity, OpenItem.pair == old.pair, OpenItem.row_key == old.row_key
                    )
                )
        rows = [
            {
                "entity": entity,
                "pair": item["pair"],
                "row_key": item["row_key"],
                "source": item["source"],
                "since_run_id": run_id,
            }
            for item in items
        ]
        insert_new(session, OpenItem, rows)


def of_entity(store: Store, entity: str) -> list[OpenItem]:
    """Give what an entity carries, in order."""
    query = select(OpenItem).where(OpenItem.entity == entity).order_by(OpenItem.pair, OpenItem.row_key)
    with store.read() as session:
        return list(session.scalars(query))
