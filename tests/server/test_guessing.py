"""Guessing tokens is slow on a real Server, API and pages: at once, from one address, by any header."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.datastructures import Headers

from desk.server.client_address import client_address
from tests import http
from tests.graph.small import TOKENS, settings_of, users
from tests.processes import ROOT
from tests.server.served import Served, serving
from tests.web.conftest import CSRF
from tools.core.settings import Settings

TRIES, AT_ONCE = 5, 24
PROXIED = {"TIEOUT_TRUSTED_PROXIES": '["127.0.0.3"]'}


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a desk with the limit as it is by default, and one proxy that is trusted."""
    folder = tmp_path_factory.mktemp("guessed")
    users(folder)
    with serving(folder, settings_of(folder) | PROXIED) as server:
        yield server


def _search(guarded: Served, token: str, source: str, **headers: str) -> httpx.Response:
    """Ask the API with a token, from an address of this machine."""
    with http.Client(
        transport=httpx.HTTPTransport(verify=http.CERTIFICATES, local_address=source), timeout=60
    ) as client:
        all_headers = {"Authorization": f"Bearer {token}", **headers}
        return client.post(f"{guarded.url}/threads/search", json={}, headers=all_headers)


def _sign_in(guarded: Served, token: str, source: str) -> int:
    """Show a token to the pages, from an address of this machine."""
    with http.Client(
        transport=httpx.HTTPTransport(verify=http.CERTIFICATES, local_address=source), timeout=60
    ) as client:
        csrf = CSRF.findall(client.get(f"{guarded.url}/desk/sign-in").text)[0]
        return client.post(f"{guarded.url}/desk/sign-in", data={"csrf": csrf, "token": token}).status_code


def _guess(guarded: Served, source: str, **headers: str) -> Counter[int]:
    """Try tokens all at once; count what comes back."""
    with ThreadPoolExecutor(AT_ONCE) as together:
        answers = [
            together.submit(_search, guarded, f"guess-{source}-{number}", source, **headers)
            for number in range(AT_ONCE)
        ]
        return Counter(answer.result().status_code for answer in answers)


def test_tokens_tried_at_once_are_counted(guarded: Served) -> None:
    """Of many at once five are looked at; then a right one waits too, but not one that works already."""
    assert _search(guarded, TOKENS["riley"], "127.0.0.2").status_code == 200
    assert _guess(guarded, "127.0.0.2") == {401: TRIES, 429: AT_ONCE - TRIES}
    late = _search(guarded, TOKENS["dana"], "127.0.0.2")
    assert (late.status_code, 0 < int(late.headers["retry-after"]) <= 61) == (429, True)
    assert "Wait" in late.json()["detail"]
    assert _sign_in(guarded, TOKENS["dana"], "127.0.0.2") == 429
    assert _search(guarded, TOKENS["riley"], "127.0.0.2").status_code == 200
    assert _search(guarded, TOKENS["dana"], "127.0.0.4").status_code == 200
    assert _sign_in(guarded, TOKENS["omar"], "127.0.0.4") == 303


def test_a_header_moves_nobody_elsewhere(guarded: Served) -> None:
    """Who writes X-Forwarded-For by themselves, or has a proxy add to it, stays where they are."""
    statuses = Counter(
        _search(guarded, f"guess-f-{n}", "127.0.0.5", **{"X-Forwarded-For": f"198.51.100.{n}"}).status_code
        for n in range(TRIES + 3)
    )
    assert statuses == {401: TRIES, 429: 3}
    behind = Counter(
        _search(
            guarded, f"guess-p-{n}", "127.0.0.3", **{"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"}
        ).status_code
        for n in range(TRIES + 3)
    )
    assert behind == {401: TRIES, 429: 3}
    forged_header = {"X-Forwarded-For": "203.0.113.8"}
    assert _search(guarded, TOKENS["vera"], "127.0.0.3", **forged_header).status_code == 200


def test_many_addresses_share_a_beginning(guarded: Served) -> None:
    """Tokens that begin alike are few over all addresses, too; who has not failed still gets in."""
    statuses: Counter[int] = Counter()
    for number in range(1, 13):
        for guess in range(TRIES):
            statuses[_search(guarded, f"token-{number}-{guess}", f"127.0.1.{number}").status_code] += 1
    assert statuses[401] <= TRIES * 10 + 2
    assert _search(guarded, TOKENS["kim"], "127.0.2.1").status_code == 200


def test_processes_count_together(tmp_path: Path) -> None:
    """Four processes that each try ten times look at five tokens together."""
    script = (
        "import sys; from pathlib import Path; from tools.identity import sign_in_tries as tries;"
        "print(sum(not tries.begin(Path(sys.argv[1]), f'{n}-guess', '192.0.2.1', 5).wait for n in range(10)))"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    assert sum(int(process.communicate()[0]) for process in running) == TRIES


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        (("203.0.113.9", 4000), "1.2.3.4", [], "203.0.113.9"),
        (("10.0.0.1", 4000), "1.2.3.4, 5.6.7.8", ["10.0.0.0/8"], "5.6.7.8"),
        (("10.0.0.1", 4000), "1.2.3.4, 10.0.0.2", ["10.0.0.0/8"], "1.2.3.4"),
        (("10.0.0.1", 4000), "[, \xff", ["10.0.0.0/8"], "unknown"),
        (("1.2.3.4", 0), "1.2.3.4", [], "127.0.0.1"),  # uvicorn believed a caller on this machine
        (("2001:db8:1:2::9", 4000), "", [], "2001:db8:1:2::/64"),
        (("::ffff:192.0.2.7", 4000), "", [], "192.0.2.7"),
    ],
)
def test_where_a_request_comes_from(
    peer: tuple[str, int], forwarded: str, proxies: list[str], expected: str
) -> None:
    """The socket's other end; a header only as far as trusted proxies wrote it; IPv6 by subscriber."""
    headers = Headers({"X-Forwarded-For": forwarded} if forwarded else {})
    settings = Settings(trusted_proxies=proxies)
    assert client_address({"type": "http", "client": peer}, headers, settings) == expected
