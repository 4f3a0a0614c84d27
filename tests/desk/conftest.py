"""A desk to read from and to decide on, and a way to run commands on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desk.cli import main
from desk.cli.screen import err, out
from tests.desk.seeded import RUN, seed_folder, seed_store, users_file
from tools.store import Store, open_store, runs

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the desk once."""
    folder = tmp_path_factory.mktemp("desk")
    users_file(folder)
    seed_folder(folder / RUN)
    seed_store(f"sqlite:///{folder}/tieout.db").close()
    return folder


@pytest.fixture
def store(seeded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a copy of a desk with one run that waits."""
    shutil.copytree(seeded, tmp_path, dirs_exist_ok=True)
    url = f"sqlite:///{tmp_path}/tieout.db"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("WORKSPACE_URL", str(tmp_path))
    monkeypatch.setenv("TIEOUT_USERS", str(tmp_path / "users.yaml"))
    monkeypatch.delenv("TIEOUT_TOKEN", raising=False)
    store = open_store(url)
    runs.record(store, RUN, snapshot_uri=str(tmp_path / RUN / "snapshot"))
    return store


@pytest.fixture
def say(store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Say:
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
