"""A desk whose sample books were audited once, for all tests of the front desk."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.front_desk import SentenceResult, ask
from tests.graph.small import TOKENS, settings_of
from tests.waiting_desk import copy_waiting_desk
from tools.core import settings
from tools.front_desk import snapshot
from tools.front_desk.snapshot import Snapshot
from tools.store import Store, open_store


@pytest.fixture(scope="session")
def audited(waiting_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a desk over small books that the front desk's tests only read."""
    folder = tmp_path_factory.mktemp("front-desk")
    copy_waiting_desk(waiting_desk, folder)
    return folder


@pytest.fixture
def store(audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a copy of that desk."""
    folder = tmp_path / "copy"
    shutil.copytree(audited, folder)
    for name, value in settings_of(folder).items():
        monkeypatch.setenv(name, value)
    opened = open_store(settings.load().database_url)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def books(audited: Path) -> Iterator[Snapshot]:
    """Give its books, open for figures."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(audited).items():
            patch.setenv(name, value)
        store = open_store(settings.load().database_url)
        opened = snapshot.at_folder(*snapshot.newest_folder(store, settings.load()), settings.load())
        opened.refresh_flags(store)
        store.close()
        yield opened
        opened.books.close()


def ask_desk(text: str, user: str = "riley", choose: int | None = None) -> SentenceResult:
    """Put a sentence to the desk as somebody."""
    return ask(text, token=TOKENS[user], choose=choose)
