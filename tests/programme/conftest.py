"""A desk of one's own for each test of programmes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programme.desks import settle
from tools.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give the store of a desk that works in the test's folder."""
    opened = settle(tmp_path, monkeypatch)
    yield opened
    opened.close()
