"""A desk to read from and to decide on, and a way to run commands on it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli import main
from desk.cli.screen import err, out
from tests.desk.seeded import copy_desk, seed_desk
from tools.store import Store

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the desk once."""
    return seed_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def store(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a copy of a desk with one run that waits."""
    return copy_desk(seeded, tmp_path, monkeypatch)


@pytest.fixture
def invoke(store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Run a command on that desk; give its exit code and what it said."""
    assert store.dialect == "sqlite"
    monkeypatch.setenv("COLUMNS", "80")

    def run(*arguments: str) -> tuple[int, str, str]:
        out.cache_clear()
        err.cache_clear()
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
