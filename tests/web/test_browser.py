"""The desk as people use it: from a run to its approved flags, by mouse, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from graph.runtime import session
from tests.graph.small import TOKENS, settings_of, write_books
from tests.server.served import Served, serving
from tests.web.browsing import (
    PHONE,
    WIDE,
    books,
    chromium,
    faults,
    overflows,
    start_on_server,
    start_without_waiting,
    window,
)  # fmt: skip
from tools.approvals import requests
from tools.store import Store, flags, open_store, runs

TELLING = (
    "/desk/cases?show=all", "/desk/cases/CASE", "/desk/approvals", "/desk/runs/RUN", "/desk/runs/RUN/trail",
    "/desk/report",
)  # fmt: skip
FURTHER = (
    "/desk/cases?show=decide&vendor=cedar", "/desk/runs", "/desk/feedback", "/desk/health", "/desk/lineage",
    "/desk/lineage?name=C900", "/desk/nothing",
)  # fmt: skip
HOSTILE = f"<img src=x onerror=alert(1)>\u202e{'W' * 3000}"


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the graph and its pages over one desk."""
    folder = tmp_path_factory.mktemp("served-desk")
    write_books(folder)
    with serving(folder, settings_of(folder)) as server:
        yield server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one browser for this module: its event loop must not outlive it."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def hostile(served: Served) -> str:
    """Have a run of the command line wait; its vendor is markup, turns the line round and never ends."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in served.settings.items():
            patch.setenv(name, value)
        inputs = {"sources": str(books(served.folder, "hostile", HOSTILE))}
        return session.start(inputs, token=TOKENS["riley"]).run_id


@pytest.fixture(scope="session")
def waiting(served: Served) -> str:
    """Have one run of the Server wait for people."""
    return start_on_server(served, "reading")


def _store(served: Served) -> Store:
    return open_store(served.settings["DATABASE_URL"])


def _signers(store: Store, run_id: str) -> set[str]:
    run_requests = requests.of_run(store, run_id)
    return {vote.by for request in run_requests for vote in requests.decisions(store, request.request_id)}


def _decide_all(page: Page, run_id: str) -> None:
    """Approve on the approvals page whatever this person may of a run."""
    request = page.locator(f"section[aria-labelledby='q-{run_id}-flags-1']")
    open_ones = request.locator("li:has(form.decide input[value=approve]:not([disabled]))")
    page.goto("/desk/approvals")
    while open_ones.count():
        open_ones.first.locator("summary").click()
        open_ones.first.get_by_label("Uphold").check()
        open_ones.first.get_by_label("Note").fill("seen with the vendor")
        open_ones.first.get_by_role("button", name="Record decision").click()
        expect(page.get_by_text("Recorded: approved.")).to_be_visible()
        page.goto("/desk/approvals")


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.textContent.trim()"))


def _approve_by_keys(page: Page, token: str) -> int:
    """Sign in, work through the queue and approve, without ever touching the mouse; count the cases."""
    page.goto("/desk/sign-in")
    page.keyboard.type(token)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases**")
    cases = 0
    to_decide = page.locator("[aria-current=true]", has_text="To decide")
    while to_decide.count() and page.locator("a[data-row]").count():
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/cases/C-**")
        page.keyboard.press("a")
        assert _focused(page) == "Record decision"
        page.keyboard.press("Enter")
        expect(page.get_by_text("Recorded: upheld. Next case.")).to_be_visible(timeout=30_000)
        cases += 1
        page.wait_for_load_state()
        page.keyboard.press("g")
        with page.expect_navigation(url="**/desk/cases?**"):
            page.keyboard.press("q")
    return cases


def test_from_run_to_approved_flags_by_two_people(browser: Browser, served: Served) -> None:
    """A run of the Server, followed live: one person with the mouse, another with keys alone; then closed."""
    store = _store(served)
    with window(browser, served, "dana") as dana:
        run_id = start_without_waiting(served, "two-people")
        dana.goto(f"/desk/runs/{run_id}")
        expect(dana.locator(".progress .waiting")).to_have_text("Wait for approval · waiting", timeout=60_000)
        expect(dana.get_by_text("Waits for a person")).to_be_visible()
        _decide_all(dana, run_id)
        dana.goto("/desk/approvals")
        expect(dana.get_by_text("dana has approved").first).to_be_attached()
    assert runs.get(store, run_id).status == "waiting"
    with window(browser, served) as omar:
        assert _approve_by_keys(omar, TOKENS["omar"]) >= 1
        omar.goto(f"/desk/runs/{run_id}")
        expect(omar.locator(".heading .state.closed")).to_be_visible()
    assert runs.get(store, run_id).status == "closed"
    assert flags.count(store, run_id=run_id, status="proposed") == {}
    assert _signers(store, run_id) == {"dana", "omar"}


def test_without_scripts_everything_is_there(browser: Browser, served: Served, hostile: str) -> None:
    """A run of the command line: filtered, read, reviewed and rejected by plain forms."""
    with window(browser, served, "dana", scripts=False, tolerated="400") as page:
        page.goto(f"/desk/cases?show=decide&run_id={hostile}")
        page.get_by_label("Severity", exact=True).select_option("CRITICAL")
        page.get_by_role("button", name="Filter").click()
        page.locator("a[data-row]").first.click()
        case = page.url
        page.get_by_text("step by step").click()
        expect(page.locator("svg.waterfall")).to_be_visible()
        page.get_by_label("Dismiss", exact=False).first.check()
        page.get_by_label("Why, to dismiss").select_option("It was known and is settled")
        page.get_by_label("It turned out to be", exact=True).select_option("A false alarm")
        page.get_by_role("button", name="Record decision").click()
        expect(page.get_by_text("add a note to the reason")).to_be_visible()
        page.goto(case)
        page.get_by_label("Dismiss", exact=False).first.check()
        page.get_by_label("Why, to dismiss").select_option("It was known and is settled")
        page.get_by_label("It turned out to be", exact=True).select_option("A false alarm")
        page.get_by_label("Note").first.fill("settled in March")
        page.get_by_role("button", name="Record decision").click()
        expect(page.get_by_text("Recorded: dismissed. Next case.")).to_be_visible(timeout=30_000)
        page.goto(case)
        expect(page.locator(".signed", has_text="dana: reject")).to_be_visible()
    store = _store(served)
    assert _signers(store, hostile) == {"dana"}
    reviewed = flags.find(store, run_id=hostile, review="false_positive")
    assert {flag.reviewed_by for flag in reviewed} == {"dana"}


def test_who_started_a_run_is_told_that_others_decide(browser: Browser, served: Served, waiting: str) -> None:
    """An auditor's choices are off, with the reason beside them."""
    with window(browser, served, "riley") as page:
        page.goto(f"/desk/cases?show=decide&run_id={waiting}")
        page.locator("a[data-row]").first.click()
        expect(page.get_by_text("riley has no role that may decide").first).to_be_visible()
        expect(page.get_by_role("button", name="Record decision")).to_be_disabled()


def test_the_list_is_worked_by_keys_and_filtered_while_one_types(
    browser: Browser, served: Served, waiting: str
) -> None:
    """The list changes under the fields and says so; `?` lists the keys, which do nothing once turned off."""
    with window(browser, served, "dana") as page:
        page.goto(f"/desk/cases?run_id={waiting}&show=all")
        page.get_by_label("Text or id").press_sequentially("no such thing")
        expect(page.get_by_text("No case is like that.")).to_be_visible()
        expect(page.locator("#announcer")).to_have_text("0 cases")
        assert "text=no%20such%20thing" in page.url
        page.goto(f"/desk/cases?run_id={waiting}")
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
        page.get_by_label("Single-key shortcuts are on").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("j")
        assert page.evaluate("document.activeElement.dataset.row") is None


def test_hostile_books_stay_text(browser: Browser, served: Served, hostile: str) -> None:
    """A vendor whose name is markup, turns the line round and never ends: read on a phone, nothing runs."""
    case = max(flags.find(_store(served), run_id=hostile), key=lambda flag: flag.score).case_id
    dialogs: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    with window(browser, served, "dana", size=PHONE) as page:
        page.on("dialog", dismiss)
        for path in ("/desk/cases", f"/desk/cases/{case}", "/desk/approvals", f"/desk/runs/{hostile}"):
            page.goto(path)
            assert overflows(page) <= 0, path
            assert page.locator("img[src=x]").count() == 0
        expect(page.locator("h1")).to_be_visible()
    assert dialogs == []


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        pytest.param(WIDE, TELLING, id="1280"),
        pytest.param(WIDE, FURTHER, id="1280, further pages", marks=pytest.mark.exhaustive),
        pytest.param(PHONE, TELLING + FURTHER, id="390", marks=pytest.mark.exhaustive),
    ],
)
def test_everybody_can_read_it(
    browser: Browser, served: Served, waiting: str, size: tuple[int, int], paths: tuple[str, ...]
) -> None:
    """axe-core finds nothing serious on any page, and none is wider than its window."""
    case = flags.find(_store(served), run_id=waiting)[0].case_id
    violations, wide = {}, {}
    with window(browser, served, size=size) as page:
        page.goto("/desk/sign-in")
        violations["/desk/sign-in"] = faults(page)
    with window(browser, served, "dana", size=size, tolerated="404") as page:
        for path in paths:
            page.goto(path.replace("RUN", waiting).replace("CASE", str(case)))
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            violations[path], wide[path] = faults(page), overflows(page)
    assert {path: problems for path, problems in violations.items() if problems} == {}
    assert {path: by for path, by in wide.items() if by > 0} == {}
