"""A store with a run that asks, and servers that take notices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.seeded import RUN, seed_store
from tests.notices.servers import MailServer, WebServer, serving_mail, serving_web
from tools.notices.notice import Notice
from tools.store import Store


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a store with a run that waits for approval."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TIEOUT_TRAIL_KEY", "a key for tests only")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tieout.db")
    opened = seed_store(f"sqlite:///{tmp_path}/tieout.db")
    yield opened
    opened.close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Give a mail server."""
    with serving_mail() as server:
        yield server


@pytest.fixture(scope="session")
def session_web_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """Give a web server for the session."""
    with serving_web(tmp_path_factory.mktemp("edge")) as server:
        yield server


@pytest.fixture
def web_server(session_web_server: WebServer, monkeypatch: pytest.MonkeyPatch) -> WebServer:
    """Give the web server as the way to every host."""
    session_web_server.requests.clear()
    session_web_server.status = 200
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{session_web_server.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", session_web_server.authority)
    return session_web_server


def notice(title: str = "1 case to decide", vendor: str = "Pine & Co") -> Notice:
    """Give a notice about one case."""
    item = {
        "case": "c1",
        "title": f"{vendor}: paid twice",
        "severity": "CRITICAL",
        "amount": "12400.50 USD",
        "flags": 2,
        "why": f"Invoice 77 of {vendor} was paid twice.",
        "people": 2,
        "page": "cases/c1",
    }
    return Notice(
        origin_id=RUN,
        kind="flags",
        risk="CRITICAL",
        title=title,
        entity="Harbour",
        why=["2 flags of risk CRITICAL"],
        items=[item],
        choices="approve: the flags stand. reject: they are dismissed.",
        page="runs/r1",
        names={"VENDOR": [vendor]},
    )
