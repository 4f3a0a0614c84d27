"""A store for each test of tasks: SQLite and PostgreSQL."""

from __future__ import annotations

from tests.store.conftest import _key, copies, migrated, migrated_file, store, url

__all__ = ["_key", "copies", "migrated", "migrated_file", "store", "url"]
