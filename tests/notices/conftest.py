"""A store with a run that asks, and servers that take notices."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk.seeded import RUN, seed_store
from tests.notices.edge import Sink, Web, mail_server, web_server
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
def sink() -> Iterator[Sink]:
    """Give a mail server."""
    with mail_server() as server:
        yield server


@pytest.fixture(scope="session")
def edge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Give a web server for the session."""
    with web_server(tmp_path_factory.mktemp("edge")) as server:
        yield server


@pytest.fixture
def web(edge: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """Give the web server as the way to every host."""
    edge.requests.clear()
    edge.status = 200
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{edge.port}")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", edge.authority)
    return edge


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
