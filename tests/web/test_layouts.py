"""No page breaks a word over lines that would fit into one, on a screen or a phone, whatever is beside."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from desk.papers import bounds, render, weekly
from tests.desk.seeded import RUN
from tests.web.browsing import PHONE, WIDE, chromium, overflows
from tests.web.conftest import serving_pages
from tools.rules.model import Rules
from tools.store import open_store, trail

BROKEN = (Path(__file__).parent / "broken_words.js").read_text(encoding="utf-8")
LONG = "The statement of the bank could not be read because its closing balance differs. " * 5
PAGES = (
    "cases?show=all", "cases/c1", "approvals", "runs", f"runs/{RUN}", f"runs/{RUN}/trail", "feedback",
    "report", "health", "lineage", "lineage?name=card:a", "nothing", "sign-in",
)  # fmt: skip
TELLING = ("cases?show=all", "cases/c1", f"runs/{RUN}/trail", "lineage?name=card:a")


@pytest.fixture(scope="module")
def desk(seeded_desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve a desk whose trail has long words of people and of failures; give its address and folder."""
    folder = tmp_path_factory.mktemp("laid-out")
    with serving_pages(seeded_desk, folder) as port:
        store = open_store(f"sqlite:///{folder}/tieout.db")
        trail.append(
            store, RUN, "local:administrator", "check_data_quality", error=LONG, duration_ms=1_234_567
        )
        trail.append(store, RUN, "dana", "reviewed", details={"note": LONG + "x" * 300})
        yield f"http://127.0.0.1:{port}/desk", folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Give one browser for this module."""
    with chromium() as opened:
        yield opened


def _assert_fits(page: Page) -> None:
    assert (page.evaluate(BROKEN), overflows(page)) == ([], 0)


@pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="1280", marks=pytest.mark.exhaustive), pytest.param(PHONE, id="390")],
)
@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in TELLING else pytest.mark.exhaustive) for name in PAGES],
)
def test_words_stay_whole(browser: Browser, desk: tuple[str, Path], name: str, size: tuple[int, int]) -> None:
    """On each page every word of up to 16 letters stands on one line, and nothing runs out of the window."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(120_000)
    page.goto(f"{desk[0]}/{name}")
    _assert_fits(page)
    page.close()


@pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="1280", marks=pytest.mark.exhaustive), pytest.param(PHONE, id="390")],
)
def test_the_weekly_paper_keeps_words_whole(
    browser: Browser, desk: tuple[str, Path], size: tuple[int, int]
) -> None:
    """The report as a file of its own, with six columns of runs, reads on a phone too."""
    since, until = bounds(None)
    store = open_store(f"sqlite:///{desk[1]}/tieout.db")
    paper = desk[1] / "weekly.html"
    paper.write_text(render(weekly(store, since, until, Rules())), encoding="utf-8")
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(120_000)
    page.goto(paper.as_uri())
    _assert_fits(page)
    page.close()
