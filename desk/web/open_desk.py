"""What every page opens: the settings and the store in force."""

from __future__ import annotations

from dataclasses import dataclass

from tools.core import settings
from tools.core.settings import Settings
from tools.store import Store, open_store


@dataclass(frozen=True)
class OpenDesk:
    """The settings in force and the store that they name."""

    settings: Settings
    store: Store


def open_desk() -> OpenDesk:
    """Open the desk."""
    limits = settings.load()
    return OpenDesk(limits, open_store(limits.database_url))
