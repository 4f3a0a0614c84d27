"""The store: what the desk remembers between runs.

open_store(url) -> Store            tables up to date, the same one again within a process
store.begin(), store.read()         a transaction; what is called inside joins it

Each table has a module of functions that take the store first: runs, windows (claims, watermarks, closing),
open_items, flags, cases, outbox, rule_versions, aliases ... Every write may be repeated: a replay
writes nothing twice. The trail is tools/store/trail.py.
"""

from __future__ import annotations

import atexit
import os
import threading

from tools.store import database, seals
from tools.store.database import Store
from tools.store.migrate import upgrade

__all__ = ["Store", "close_stores", "connect", "open_store", "upgrade"]

_opened: dict[tuple[str, int], Store] = {}
_opening = threading.Lock()


def connect(url: str) -> Store:
    """Make a store for a URL without touching its tables; what it writes is sealed on the trail.

    Raises SettingsError for a URL that is neither SQLite in a file nor PostgreSQL.
    """
    store = database.connect(url)
    seals.attach(store)
    return store


def open_store(url: str) -> Store:
    """Open the store at a URL, its tables up to date; the same one again within a process.

    Makes the folder of a SQLite file. Raises SettingsError for what is no store, UnreachableError
    for one that is away.
    """
    key = (url, os.getpid())  # connections do not survive a fork
    with _opening:
        if key not in _opened:
            store = connect(url)
            upgrade(store)
            _opened[key] = store
        return _opened[key]


def close_stores() -> None:
    """Close every store that this process opened."""
    with _opening:
        for key in [key for key in _opened if key[1] == os.getpid()]:
            _opened.pop(key).close()


atexit.register(close_stores)
