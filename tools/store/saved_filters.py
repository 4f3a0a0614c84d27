"""Views of the queue that a person keeps, by name.

save(store, owner, name, query)              under that name, in place of what was there
remove(store, owner, name)
of(store, owner) -> list[SavedFilter]        by name
"""

from __future__ import annotations

from sqlalchemy import select

from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.store.database import Store
from tools.store.models import SavedFilter

LONGEST_NAME = 60
MOST = 30


def save(store: Store, owner: str, name: str, query: str) -> None:
    """Keep a view. Raises UsageError for one without a name, or one too many."""
    name = " ".join(name.split())[:LONGEST_NAME]
    if not name:
        raise UsageError("give the filters a name.")
    with store.begin() as session:
        if len(of(store, owner)) >= MOST and session.get(SavedFilter, (owner, name)) is None:
            raise UsageError(f"{MOST} filters are saved already.", remedy="Remove one.")
        session.merge(SavedFilter(owner=owner, name=name, query=query, at=clock().now()))


def remove(store: Store, owner: str, name: str) -> None:
    """Forget a view; one that is not there is forgotten already."""
    with store.begin() as session:
        view = session.get(SavedFilter, (owner, name))
        if view is not None:
            session.delete(view)


def of(store: Store, owner: str) -> list[SavedFilter]:
    """Give a person's views, by name."""
    query = select(SavedFilter).where(SavedFilter.owner == owner).order_by(SavedFilter.name)
    with store.read() as session:
        return list(session.scalars(query))
