"""An audited desk whose flags wait for reviews, and a copy of it for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import audited_once
from tools.store import Store, open_store


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Audit the books once."""
    return audited_once(tmp_path_factory.mktemp("feedback") / "books")


@pytest.fixture
def folder(audited: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the audited desk, with the settings pointing into it."""
    shutil.copytree(audited, tmp_path / "desk")
    for name, value in scene.environment_of(tmp_path / "desk").items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "desk"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    """Give its store."""
    opened = open_store(f"sqlite:///{folder}/desk/tieout.db")
    yield opened
    opened.close()
