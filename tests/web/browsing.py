"""A headless Chromium before a real Server; axe-core run on what it shows."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.graph.small import TOKENS, write_books
from tests.server.served import Served, until
from tools.store import open_store, runs

AXE = (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    " --disable-sync --no-first-run"
).split()
WIDE, PHONE = (1280, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser for the enclosed code; skip where there is none."""
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser,
    served: Served,
    user: str = "",
    *,
    size: tuple[int, int] = WIDE,
    scripts: bool = True,
    tolerated: str = "",
) -> Iterator[Page]:
    """Open a window of its own, signed in as a user; what the browser complains about fails the test.

    tolerated: an answer of this status, such as 404, is no complaint.
    """
    width, height = size
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": height}, java_script_enabled=scripts, base_url=served.url
    )
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console", lambda complaint: complaints.append(complaint.text) if complaint.type == "error" else None
    )
    if user:
        page.goto("/desk/sign-in")
        page.get_by_label("Token").fill(TOKENS[user])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/desk/cases**")
    yield page
    context.close()
    serious = [complaint for complaint in complaints if not (tolerated and tolerated in complaint)]
    assert not serious, serious


def faults(page: Page) -> list[str]:
    """Run axe-core; give what it finds serious or critical, with where."""
    page.evaluate(AXE)  # over the debugger: the page's policy lets no stranger's script in
    report: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']}: {violation['help']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in report["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


def overflows(page: Page) -> int:
    """Say by how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def books(folder: Path, name: str, vendor: str = "") -> Path:
    """Write small books of an entity of their own, with rows of their own; give the sources file.

    vendor: what the vendor of the grave payment is called; after the books where it is not given.
    """
    path = write_books(folder / name)
    for file in ("card.csv", "bank.csv"):
        text = (path.parent / file).read_text()
        text = text.replace("Cedar Print", vendor or f"Cedar {name}").replace("Card payment", f"Cards {name}")
        (path.parent / file).write_text(text)
    declared = yaml.safe_load(path.read_text())
    declared["entity"]["name"] = f"{name} & Co <b>"
    path.write_text(yaml.safe_dump(declared))
    return path


def start_without_waiting(served: Served, name: str) -> str:
    """Start a run on the Server as riley; give its id as soon as it has one."""
    client = served.client(TOKENS["riley"])
    thread_id = client.threads.create()["thread_id"]
    client.runs.create(thread_id, "audit", input={"sources": str(books(served.folder, name))})
    store, deadline = open_store(served.settings["DATABASE_URL"]), time.monotonic() + 60
    while (run := runs.of_thread(store, thread_id)) is None:
        if time.monotonic() > deadline:
            raise TimeoutError(served.log.read_text()[-4000:])
        time.sleep(0.05)
    return run.run_id


def start_on_server(served: Served, name: str) -> str:
    """Start a run on the Server as riley, wait until it asks, and give its id."""
    run_id = start_without_waiting(served, name)
    run = runs.get(open_store(served.settings["DATABASE_URL"]), run_id)
    until(served, run.thread_id, "interrupted", token=TOKENS["riley"])
    return run_id
