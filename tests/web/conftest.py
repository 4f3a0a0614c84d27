"""A desk with one run that waits, and its pages asked in this process."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from desk.web.app import Under, pages
from tests.desk.seeded import copy_desk, seed_desk
from tests.ports import free_port
from tools.store import Store

SITE = "http://127.0.0.1:2024"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')


class Browser(TestClient):
    """A client that keeps its cookies and fills in the forms' tokens."""

    def csrf(self, path: str = "/desk/sign-in") -> str:
        """Give the token that a page's forms bring back."""
        match = CSRF.search(self.get(path).text)
        assert match
        return match.group(1)

    def sign_in(self, user: str) -> Browser:
        """Sign in with the token of a user of the seeded desk."""
        assert self.enter(f"{user}-token") == 303
        return self

    def enter(self, token: str, next_page: str = "") -> int:
        """Show a token; give the status."""
        return self.send_form("/desk/sign-in", token=token, next=next_page)

    def send_form(self, path: str, **fields: str) -> int:
        """Post a form with its token; give the status."""
        form = {"csrf": self.csrf(), **fields}
        self.answer = self.post(path, data=form, follow_redirects=False)
        return self.answer.status_code


def browser(site: Starlette, *, client: tuple[str, int] = ("127.0.0.1", 50000)) -> Browser:
    """Give a browser before the pages: at this machine, or at another address."""
    return Browser(site, base_url=SITE, client=client)


@pytest.fixture(scope="session")
def seeded_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the desk once."""
    return seed_desk(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def store(seeded_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a copy of that desk."""
    monkeypatch.setenv("CHECKPOINT_URL", f"sqlite:///{tmp_path}/checkpoints.db")
    return copy_desk(seeded_desk, tmp_path, monkeypatch)


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


@contextmanager
def serving_pages(seeded: Path, folder: Path) -> Iterator[int]:
    """Serve the pages of a copy of a seeded desk over HTTP for the enclosed code; give the port."""
    at = free_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHECKPOINT_URL", f"sqlite:///{folder}/checkpoints.db")
        copy_desk(seeded, folder, patch)
        site = Starlette(routes=[Under("/desk", pages())])
        server = uvicorn.Server(uvicorn.Config(site, port=at, log_level="critical", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield at
        server.should_exit = True
        thread.join()
