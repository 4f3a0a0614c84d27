"""What stands before the pages: headers, cookies, forms' tokens, other sites, other machines."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.routing import Route

from desk.web.routes import ROUTES
from desk.web.sessions import IDLE, Sessions
from tests.clocks import TurnedClock
from tests.desk.seeded import RUN
from tests.web.conftest import Browser, browser
from tools.approvals import requests
from tools.core import clock
from tools.store import Store, flags
from tools.store.models import ApprovalRequest, Run

PAGES = (
    "/desk/sign-in", "/desk/cases", "/desk/cases?show=decide", "/desk/cases/c1", "/desk/approvals",
    "/desk/books", "/desk/runs", f"/desk/runs/{RUN}", f"/desk/runs/{RUN}/trail", f"/desk/runs/{RUN}/live",
    "/desk/health", "/desk/lineage", "/desk/feedback", "/desk/report", "/desk/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_carries_the_headers(visitor: Browser, path: str) -> None:
    """No inline script or style, no frame, no copy kept, no type guessed; whatever the status."""
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(visitor: Browser, path: str) -> None:
    """No style attribute, no handler in the markup, no script without a file, nothing from elsewhere."""
    text = visitor.get(path).text
    for forbidden in (
        " style=",
        "<style",
        " onclick=",
        " onload=",
        "javascript:",
        "hx-on",
        "https://",
        "//cdn",
    ):
        assert forbidden not in text.replace("http://www.w3.org", "")
    assert text.count("<script") == text.count("<script src=")


def test_another_machine_signs_in_first(site: Starlette) -> None:
    """Nothing but sign-in and what pages are dressed with is open; not behind a proxy either."""
    gets = [route for route in ROUTES if "GET" in (route.methods or ())]
    with browser(site, client=("203.0.113.9", 40000)) as far:
        for route in gets:
            path = _path(route)
            answer = far.get(path, follow_redirects=False)
            expected = 200 if path == "/desk/sign-in" else 303
            assert answer.status_code == expected, path
        assert far.get("/desk/static/desk.css").status_code == 200
    with browser(site) as near:
        proxied = near.get("/desk/cases", headers={"X-Forwarded-For": "203.0.113.9"}, follow_redirects=False)
        renamed = near.get("/desk/cases", headers={"Host": "evil.example"}, follow_redirects=False)
    assert (proxied.status_code, renamed.status_code) == (303, 303)


def test_every_form_needs_its_token(visitor: Browser) -> None:
    """Without the session's token, with another's, or with none, nothing is taken: of any form there is."""
    visitor.sign_in("dana")
    posts = [route for route in ROUTES if "POST" in (route.methods or ())]
    assert posts
    for route in posts:
        for form in ({}, {"csrf": "0" * 64}, {"csrf": Sessions().csrf("x")}):
            answer = visitor.post(_path(route), data=form, follow_redirects=False)
            assert answer.status_code == 403, _path(route)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors", "Origin": "http://localhost:9999"},
    ],
)
def test_another_site_gets_nothing(visitor: Browser, headers: dict[str, str]) -> None:
    """A page elsewhere can neither post for a person nor read what this machine may read."""
    token = visitor.csrf()
    posted = visitor.post("/desk/sign-in", data={"csrf": token, "token": "dana-token"}, headers=headers)
    assert posted.status_code == 403
    read = visitor.get("/desk/cases", headers={"Sec-Fetch-Mode": "cors", **headers})
    assert read.status_code == 403


def test_a_link_in_a_mail_opens_the_page(visitor: Browser) -> None:
    """A browser holds a strict cookie back on such a click: the page asks for itself again, as its own."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    answer = visitor.get("/desk/cases/c1", headers=headers)
    assert answer.status_code == 200
    assert 'http-equiv="refresh"' in answer.text
    assert "Pine" not in answer.text


def test_the_cookie_is_out_of_reach(visitor: Browser) -> None:
    """No script reads it, no other site sends it; over TLS it is sent over TLS alone."""
    visitor.sign_in("dana")
    cookie = visitor.answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    with browser(visitor.app, client=("203.0.113.9", 1)) as far:  # type: ignore[arg-type]  # any ASGI application
        secure = far.get("https://desk.example/desk/sign-in").headers["set-cookie"]
    assert "Secure" in secure


def test_a_session_is_new_after_signing_in_and_gone_after_signing_out(visitor: Browser) -> None:
    """The name before is not the name after, and a cookie kept aside is worth nothing once signed out."""
    visitor.get("/desk/sign-in")
    before = visitor.cookies["tieout_desk"]
    visitor.sign_in("dana")
    cookie = visitor.cookies["tieout_desk"]
    assert before != cookie
    assert "Dana" in visitor.get("/desk/cases").text
    assert visitor.send_form("/desk/sign-out") == 303
    visitor.cookies.set("tieout_desk", cookie)
    assert "Dana" not in visitor.get("/desk/cases").text


def test_a_forged_cookie_is_nobodys(visitor: Browser) -> None:
    """A name without our signature, or with another process's, names no session."""
    for forged in ("dana", "dana.0", Sessions().cookie("dana"), "." * 10_000):
        visitor.cookies.clear()
        visitor.cookies.set("tieout_desk", forged)
        assert "local:open" in visitor.get("/desk/cases").text


def test_a_session_ends_by_itself(store: Store) -> None:
    """Unused for a while it is forgotten; used, it ends after a working day."""
    sessions, turned = Sessions(), TurnedClock(datetime(2026, 1, 5, 9, tzinfo=UTC))
    assert store.dialect
    with clock.using(turned):
        name = sessions.begin("dana-token")
        turned.sleep(IDLE.total_seconds() - 1)
        assert sessions.token(name) == "dana-token"
        turned.sleep(IDLE.total_seconds() + 1)
        assert sessions.token(name) is None
        name = sessions.begin("dana-token")
        for _ in range(21):
            turned.sleep(timedelta(minutes=29).total_seconds())
            sessions.token(name)
        assert sessions.token(name) is None


def test_guessing_tokens_is_slow(visitor: Browser) -> None:
    """After five wrong ones the sixth waits, right or wrong, and is told how long."""
    assert [visitor.enter(f"guess-{n}") for n in range(5)] == [403] * 5
    assert visitor.enter("dana-token") == 429
    assert 0 < int(visitor.answer.headers["retry-after"]) <= 60


@pytest.mark.parametrize(
    "next_page",
    ["https://evil.example", "//evil.example", "/desk//evil.example", "/desk/\\evil", "javascript:alert(1)",
     "/elsewhere", "", "/desk/\r\nX: y"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(visitor: Browser, next_page: str) -> None:
    """Whatever `next` says, the way goes on within the desk."""
    visitor.enter("dana-token", next_page)
    assert visitor.answer.headers["location"] == "/desk/"


def test_reading_here_is_open_and_named_deciding_is_not(visitor: Browser, store: Store) -> None:
    """The header says that nobody is signed in; a form without a person leads to sign-in."""
    page = visitor.get("/desk/cases/c1")
    assert "local:open" in page.text
    fields = {"word": "approve", "subject": "c2"}
    assert visitor.send_form(f"/desk/approvals/{RUN}-flags-1/decide", **fields) == 303
    assert visitor.answer.headers["location"].startswith("/desk/sign-in")
    assert requests.decisions(store, f"{RUN}-flags-1") == []


def test_who_may_not_is_told_why(visitor: Browser, store: Store) -> None:
    """An auditor reviews but does not decide; the choices are off and say why, and the form is refused."""
    visitor.sign_in("riley")
    page = visitor.get("/desk/cases/c1").text
    assert "riley" in page
    assert 'value="approve" id' in page
    assert "disabled" in page
    fields = {"word": "approve", "subject": "c2", "back": "/desk/approvals"}
    assert visitor.send_form(f"/desk/approvals/{RUN}-flags-1/decide", **fields) == 403
    flag = flags.find(store, case_id="c2")[0]
    review = {"verdict": "confirmed", "note": "seen", "back": "/desk/cases/c2"}
    assert visitor.send_form(f"/desk/flags/{flag.flag_id}/review", **review) == 303
    assert flags.get(store, flag.flag_id).reviewed_by == "riley"


def test_who_started_a_run_cannot_approve_its_critical_flags(visitor: Browser, store: Store) -> None:
    """The page says so beside the choices, which are off; the form says so, too, and records nothing."""
    with store.begin() as session:
        session.execute(update(ApprovalRequest).values(barred={"c1": {"dana": "started"}}))
        session.get_one(Run, RUN).started_by = "dana"
    visitor.sign_in("dana")
    text = visitor.get("/desk/cases/c1").text
    assert "can&#39;t decide on its CRITICAL flags" in text
    choices = re.findall(r'<input type="radio" name="word"[^>]*>', text)
    assert len(choices) == 4
    assert all(" disabled" in choice for choice in choices)
    page = f"/desk/approvals/{RUN}-flags-1/decide"
    assert visitor.send_form(page, word="approve", subject="c1") == 403
    assert requests.decisions(store, f"{RUN}-flags-1") == []


def _path(route: Route) -> str:
    return "/desk" + route.path_format.format(
        change="p",
        task="T1",
        claim_id="K-1",
        incident_id="X-1",
        form="X-1",
        letter_id="L-1",
        reply_id="R-1",
        case_id="c1",
        flag_id="f",
        proposal_id="p",
        request_id=f"{RUN}-flags-1",
        run_id=RUN,
        name="matches",
    )
