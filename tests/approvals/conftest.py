"""Requests are held to a store on SQLite and on PostgreSQL."""

from tests.store.conftest import _key, copies, migrated, migrated_file, store, url

__all__ = ["_key", "copies", "migrated", "migrated_file", "store", "url"]
