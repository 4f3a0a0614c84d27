"""A desk with one run that waits, and its pages asked in this process."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from desk.web.app import pages
from tests.desk.seeded import RUN, seed_folder, seed_store, users_file
from tools.store import Store, open_store, runs

SITE = "http://127.0.0.1:2024"
_TOKEN = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Browser(TestClient):
    """A client that keeps its cookies and fills in the forms' tokens."""

    def csrf(self, path: str = "/desk/sign-in") -> str:
        """Give the token that a page's forms bring back."""
        found = _TOKEN.search(self.get(path).text)
        assert found
        return found.group(1)

    def sign_in(self, user: str) -> Browser:
        """Sign in with the token of a user of the seeded desk."""
        assert self.enter(f"{user}-token") == 303
        return self

    def enter(self, token: str, where: str = "") -> int:
        """Show a token; give the status."""
        return self.send_form("/desk/sign-in", token=token, next=where)

    def send_form(self, path: str, **fields: str) -> int:
        """Post a form with its token; give the status."""
        given = {"csrf": self.csrf(), **fields}
        self.answer = self.post(path, data=given, follow_redirects=False)
        return self.answer.status_code


def browser(site: Starlette, *, client: tuple[str, int] = ("127.0.0.1", 50000)) -> Browser:
    """Give a browser before the pages: at this machine, or at another address."""
    return Browser(site, base_url=SITE, client=client)


@pytest.fixture(scope="session")
def seeded_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the desk once."""
    folder = tmp_path_factory.mktemp("desk")
    users_file(folder)
    seed_folder(folder / RUN)
    seed_store(f"sqlite:///{folder}/tieout.db").close()
    return folder


@pytest.fixture
def store(seeded_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a copy of that desk."""
    shutil.copytree(seeded_desk, tmp_path, dirs_exist_ok=True)
    settings = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/tieout.db",
        "CHECKPOINT_URL": f"sqlite:///{tmp_path}/checkpoints.db",
        "WORKSPACE_URL": str(tmp_path),
        "TIEOUT_USERS": str(tmp_path / "users.yaml"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TIEOUT_TOKEN", raising=False)
    store = open_store(settings["DATABASE_URL"])
    runs.record(store, RUN, snapshot_uri=str(tmp_path / RUN / "snapshot"))
    return store


@pytest.fixture
def site(store: Store) -> Starlette:
    """Give the pages over that desk, with sessions of their own."""
    assert store.dialect == "sqlite"
    return Starlette(routes=[Mount("/desk", pages())])


@pytest.fixture
def visitor(site: Starlette) -> Iterator[Browser]:
    """Give a browser at this machine that nobody signed in with."""
    with browser(site) as client:
        yield client
