"""What every step at the front desk opens: the store and the settings in force."""

from __future__ import annotations

from tools.core import settings
from tools.core.settings import Settings
from tools.store import Store, open_store


def store_and_settings() -> tuple[Store, Settings]:
    """Give the store and the settings in force."""
    limits = settings.load()
    return open_store(limits.database_url), limits
