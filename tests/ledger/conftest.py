"""Books on disk, and what a reading makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.books.engine import Books
from tools.core.settings import Settings
from tools.ledger import Window, read
from tools.ledger import sources as declared

Reader = Callable[..., Books]
SETTINGS = Settings(engine_threads=1)
ENTITY: dict[str, Any] = {"name": "Test Ltd", "currency": "USD", "country": "US"}


def write_sources(folder: Path, sources: Mapping[str, Any], **more: object) -> Path:
    """Write a sources file and give its path."""
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"entity": ENTITY, "sources": dict(sources), **more}), encoding="utf-8")
    return path


@pytest.fixture
def books(tmp_path: Path) -> Reader:
    """Give a function that reads sources (files lie in tmp_path) and opens the snapshot."""

    def open_books(sources: Mapping[str, Any], window: Window | None = None, **more: object) -> Books:
        declaration = declared.load(write_sources(tmp_path, sources, **more))
        folder = tmp_path / "run" / "snapshot"
        read(declaration, window or Window({}, date(2030, 1, 1)), SETTINGS, folder)
        return Books.open(folder, SETTINGS)

    return open_books
