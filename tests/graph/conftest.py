"""A desk in a folder of its own, over small books."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.graph.small import settings_of, write_books


@pytest.fixture
def books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the sources file of small books; settings point into the same folder."""
    for name, value in settings_of(tmp_path).items():
        monkeypatch.setenv(name, value)
    return write_books(tmp_path)
