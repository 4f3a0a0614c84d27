"""Whatever is sent to the pages over a socket: a page of ours answers, with all headers, and no traceback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desk.web.middleware import HEADERS
from tests import http
from tests.web import odd_requests as odd
from tests.web.conftest import CSRF, serving_pages
from tests.web.odd_requests import OddRequest

TRIES = 40 if settings.get_current_profile_name() == "desk" else 400
FUZZED = settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def port(seeded_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve the pages of a seeded desk at a port of this machine."""
    with serving_pages(seeded_desk, tmp_path_factory.mktemp("fuzzed")) as at:
        yield at


@pytest.fixture(scope="module")
def session(port: int) -> tuple[str, str]:
    """Sign in as an approver; give the cookie and the token of the session's forms."""
    with http.Client(base_url=f"http://127.0.0.1:{port}") as client:
        token = CSRF.findall(client.get("/desk/sign-in").text)[0]
        answer = client.post("/desk/sign-in", data={"csrf": token, "token": "dana-token"})
        assert answer.status_code == 303
        cookie = f"tieout_desk={client.cookies['tieout_desk']}"
        return cookie, CSRF.findall(client.get("/desk/cases").text)[0]


def _assert_sound(answer: httpx.Response, odd_request: OddRequest) -> None:
    """Hold an answer to what every answer of the pages has."""
    assert answer.status_code < 500
    for name, value in HEADERS.items():
        assert answer.headers.get(name) == value, (name, answer.status_code)
    assert "Traceback" not in answer.text
    way_on = answer.status_code < 400 or answer.status_code == 416 or 'role="alert"' in answer.text
    assert way_on or odd_request.method == "HEAD", answer.text[:300]


@FUZZED
@given(odd.requests)
def test_whatever_a_stranger_sends(port: int, odd_request: OddRequest) -> None:
    """Any method, address, cookie, header and body: below 500, with every header, and with a way on."""
    _assert_sound(odd_request.send(port), odd_request)


@FUZZED
@given(
    st.builds(odd.address_of, odd.posted, odd.pair_of_odd)
    | odd.posted.map(lambda p: f"/desk{p.format(**odd.NAMES)}"),
    st.dictionaries(st.sampled_from(odd.FIELDS), odd.odd, max_size=6),
)
def test_whatever_an_approver_sends(
    port: int, session: tuple[str, str], target: str, fields: dict[str, str]
) -> None:
    """Any fields in a form that has its session's token, about things that are or are not: plain words."""
    raw = {name: value.encode("utf-8", "surrogatepass") for name, value in fields.items()}
    headers = (("Host", f"127.0.0.1:{port}"), ("Cookie", session[0]), ("Content-Type", FORM))
    odd_request = OddRequest("POST", target, headers, urlencode({**raw, "csrf": session[1]}).encode())
    _assert_sound(odd_request.send(port), odd_request)


@FUZZED
@example("/desk/programmes/20251231-abc123/events")
@given(odd.targets)
def test_whatever_an_approver_reads(port: int, session: tuple[str, str], target: str) -> None:
    """Any address with any filters, by somebody who may read: a page, or one that says what is not there."""
    odd_request = OddRequest("GET", target, (("Host", f"127.0.0.1:{port}"), ("Cookie", session[0])))
    _assert_sound(odd_request.send(port), odd_request)


@pytest.mark.parametrize("path", ["/static/nope.css", "/static/", "/static/..%2f..%2fapp.py", "/zz"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE"])
def test_what_is_not_there(port: int, path: str, method: str) -> None:
    """An unknown page or file is said to be unknown, in whatever way it is asked for."""
    odd_request = OddRequest(method, f"/desk{path}", (("Host", f"127.0.0.1:{port}"),))
    answer = odd_request.send(port)
    assert answer.status_code in (404, 405)
    _assert_sound(answer, odd_request)
