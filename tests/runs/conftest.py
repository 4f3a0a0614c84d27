"""A desk's settings on each kind of store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Set DATABASE_URL to an empty store of that kind, and give it."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'desk' / 'tieout.db'}"
        monkeypatch.setenv("DATABASE_URL", url)
        yield url
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    name = cluster.create()
    monkeypatch.setenv("DATABASE_URL", cluster.url(name))
    yield cluster.url(name)
    cluster.drop(name)
