"""A graph that only the catalogue knows, on a real Server: started, listed, answered on the pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest

from tests import http
from tests.graph.small import TOKENS, settings_of, write_books
from tests.server.served import Served, serving, until
from tests.web.conftest import CSRF

LETTER = {"TIEOUT_GRAPHS": '["tests.letter_graph:ENTRY"]'}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a desk with the letter's graph."""
    folder = tmp_path_factory.mktemp("letters")
    write_books(folder)
    with serving(folder, settings_of(folder) | LETTER) as server:
        yield server


def page(served: Served, path: str, user: str) -> tuple[httpx.Client, str]:
    """Sign in, and give a page."""
    client = http.Client(base_url=served.url, follow_redirects=True, timeout=60)
    (csrf, *_) = CSRF.findall(client.get("/desk/sign-in").text)
    signed = client.post("/desk/sign-in", data={"token": TOKENS[user], "csrf": csrf, "next": path})
    assert signed.status_code == 200, (signed.text, client.cookies)
    return client, signed.text


@pytest.mark.exhaustive
def test_it_is_served_asked_about_and_answered(served: Served) -> None:
    """Two people approve on the approvals page; the thread on the Server ends as they decided."""
    client = served.client(TOKENS["riley"])
    thread_id = client.threads.create()["thread_id"]
    client.runs.create(thread_id, "letter", input={"text": "Pay the open invoices."})
    until(served, thread_id, "interrupted", token=TOKENS["riley"])
    for user in ("dana", "omar"):
        browser, text = page(served, "/desk/approvals", user)
        assert "Pay the open invoices." in text
        action = re.search(r'action="([^"]*/decide)"', text)
        assert action
        form = {
            "csrf": CSRF.findall(text)[0],
            "back": "/desk/approvals",
            "subject": "letter",
            "word": "approve",
        }
        answered = browser.post(action[1], data=form)
        assert answered.status_code == 200, answered.text
        browser.close()
    thread = until(served, thread_id, "idle", token=TOKENS["riley"])
    assert thread["values"]["outcome"] == "approve"
