"""/metrics answers this machine and whoever has its token, and nobody else."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from desk.web.pages.metrics import Metrics
from tools.store import Store

LOOPBACK, OTHER_MACHINE = ("127.0.0.1", 50000), ("192.0.2.7", 50000)
TOKEN = "a long token for the scraper alone"


@pytest.fixture(autouse=True)
def _token(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert store.dialect == "sqlite"
    monkeypatch.setenv("TIEOUT_METRICS_TOKEN", TOKEN)


def _client(address: tuple[str, int]) -> TestClient:
    site = Starlette(middleware=[Middleware(Metrics)])
    return TestClient(site, base_url="http://127.0.0.1:2024", client=address)


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        (LOOPBACK, {}, 200),
        (OTHER_MACHINE, {}, 401),
        (LOOPBACK, {"X-Forwarded-For": "192.0.2.7"}, 401),
        (LOOPBACK, {"Host": "evil.example"}, 401),
        (OTHER_MACHINE, {"Authorization": f"Bearer {TOKEN}"}, 200),
        (OTHER_MACHINE, {"Authorization": f"bearer {TOKEN}"}, 200),
        (OTHER_MACHINE, {"Authorization": f"Bearer {TOKEN}x"}, 401),
        (OTHER_MACHINE, {"Authorization": f"Basic {TOKEN}"}, 401),
        (OTHER_MACHINE, {"Authorization": "Bearer dana-token"}, 401),
        (LOOPBACK, {"Authorization": "Bearer wrong"}, 401),
    ],
)
def test_who_reads_metrics(address: tuple[str, int], headers: dict[str, str], status: int) -> None:
    """This machine's own callers, or the scraper's token; what a proxy forwards is not this machine."""
    answer = _client(address).get("/metrics", headers=headers)
    assert answer.status_code == status
    assert ("tieout_runs{" in answer.text) == (status == 200)
    assert answer.headers["cache-control"] == "no-store"


def test_without_a_token_in_the_settings_none_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty token opens nothing, and a closed loopback closes this machine, too."""
    monkeypatch.delenv("TIEOUT_METRICS_TOKEN")
    assert _client(OTHER_MACHINE).get("/metrics", headers={"Authorization": "Bearer "}).status_code == 401
    monkeypatch.setenv("TIEOUT_OPEN_ON_LOOPBACK", "false")
    assert _client(LOOPBACK).get("/metrics").status_code == 401


def test_metrics_are_only_read() -> None:
    """Anything but GET and HEAD is refused; other paths are not answered here."""
    client = _client(LOOPBACK)
    assert client.post("/metrics").status_code == 405
    assert client.head("/metrics").status_code == 200
    assert client.get("/metrics/").status_code == 200
    assert client.get("/other").status_code == 404


def test_a_store_that_is_away_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Prometheus sees a failed scrape, and whoever looks sees why."""
    monkeypatch.setenv("DATABASE_URL", "sqlite:////dev/null/tieout.db")
    answer = _client(LOOPBACK).get("/metrics")
    assert (answer.status_code, "/dev/null" in answer.text) == (503, True)
