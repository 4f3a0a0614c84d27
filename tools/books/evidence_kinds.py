"""Which evidence the books declare: only what is there can be missing."""

from __future__ import annotations

from typing import Final

from tools.books.engine import Books

CLOSE_IN_MEANING: Final = (
    "close in meaning"  # a document that may have to do with the row, and does not name it
)


def declared_kinds(books: Books) -> list[str]:
    """Name the evidence sources that these books declare: only what is there can be missing."""
    kinds = {*books.manifest.sources.values(), *books.manifest.kinds()}
    tables = {"email": "email", "calendar": "event", "authority": "authority", "document": "document"}
    tables["receipt"] = "receipt"
    present = books.manifest.present
    kinds_present = {kind for kind, table in tables.items() if kind in kinds or present.get(table)}
    approving = {
        f"approved_by:{kind}" for kind in books.manifest.kinds() if books.has("approved_by", (kind,))
    }
    return sorted(kinds_present | approving)
