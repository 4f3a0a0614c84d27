"""An audited desk whose flags wait for reviews, and a copy of it for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import audited_once, sound
from desk import feedback
from tools.core.environment_variables import with_variables
from tools.store import Store, close_stores, open_store


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Audit the books once."""
    return audited_once(tmp_path_factory.mktemp("feedback") / "books")


@pytest.fixture(scope="session")
def asked(audited: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give that desk once sound people have reviewed its flags, and a round asks about its one proposal."""
    folder = tmp_path_factory.mktemp("feedback") / "asked"
    shutil.copytree(audited, folder)
    with with_variables(scene.environment_of(folder)):
        sound(open_store(f"sqlite:///{folder}/desk/tieout.db"))
        feedback.begin(thread_id="round")
        close_stores()
    return folder


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a copy of the audited desk, or of the one that is asked, with the settings pointing into it."""
    name = "asked" if "asked" in request.fixturenames else "audited"
    shutil.copytree(request.getfixturevalue(name), tmp_path / "desk")
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
