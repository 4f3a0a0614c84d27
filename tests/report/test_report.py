"""The weekly report: its figures are the store's, its page needs nothing else and obeys no name."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desk.cli import main
from desk.papers import bounds, render, weekly
from tests.clocks import TurnedClock
from tests.desk.seeded import RUN, seed_store
from tools.approvals import requests
from tools.core import clock
from tools.core.errors import UsageError
from tools.store import Store, flags, trail

MONDAY = datetime(2025, 3, 31, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\x1b[31m & Sons"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Give a week: a run, two flags, one confirmed after six hours, one decision, one model call."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tieout.db")
    turned_clock = TurnedClock(MONDAY + timedelta(hours=2))
    with clock.using(turned_clock):
        seeded = seed_store(f"sqlite:///{tmp_path}/tieout.db")
        first, second = flags.find(seeded, sort="severity")
        with seeded.begin() as session:
            session.merge(first).lead_test = "duplicate_payment"
            session.merge(second).vendor = HOSTILE
        turned_clock.sleep(6 * 3600)
        flags.review(seeded, first.flag_id, "confirmed", by="ana")
        flags.review(seeded, second.flag_id, "false_positive", by="ana")
        (request,) = requests.waiting(seeded)
        subject = next(iter(request.needs))
        requests.decide(seeded, request.request_id, {subject: "approve"}, by="dana", roles=["approver"])
        trail.append(
            seeded, RUN, "tieout", "model call", model="m-1", tokens_in=900, tokens_out=70, cost="0.0123"
        )
    return seeded


def test_the_figures_are_the_stores(store: Store) -> None:
    """Counts, money, rates, spending and times, each as it was seeded."""
    figures = weekly(store, MONDAY, MONDAY + timedelta(days=7))
    assert figures["runs"]["by_status"] == {"waiting": 1}
    assert [(row["severity"], row["count"]) for row in figures["flags"]] == [("CRITICAL", 1), ("WARNING", 1)]
    assert figures["money"]["at_risk"] == [{"currency": "USD", "amount": "24801.00"}]
    assert figures["money"]["confirmed"] == [{"currency": "USD", "amount": "12400.50"}]
    assert figures["decisions"] == {"approve": 1}
    assert figures["spending"] == {
        "dollars": "0.0123",
        "by_model": {"m-1": {"calls": 1, "tokens_in": 900, "tokens_out": 70, "dollars": "0.0123"}},
    }
    assert figures["times"]["review_hours"] == {"n": 2, "median": 6.0, "most": 6.0}
    rates = {row["name"]: (row["reviewed"], row["rate"]) for row in figures["false_positives"]["by_vendor"]}
    assert rates[HOSTILE.replace("\x00", "")] == (1, 1.0)
    assert [row["title"] for row in figures["top"]] == ["Case c1", "Case c2"]
    assert [row["cases"] for row in figures["ageing"]] == [0, 2, 0, 0]
    assert figures["trend"][-1] == {
        "week": "2025-03-31", "CRITICAL": 1, "WARNING": 1, "INFO": 0, "confirmed": 1, "false_positive": 1
    }  # fmt: skip
    assert json.loads(json.dumps(figures)) == figures


def test_another_week_has_nothing(store: Store) -> None:
    """What was before or after is not counted, and the page says so."""
    figures = weekly(store, MONDAY + timedelta(days=7), MONDAY + timedelta(days=14))
    assert (figures["runs"]["count"], figures["flags"], figures["decisions"]) == (0, [], {})
    assert "Nothing was reviewed." in render(figures)


class _PageElements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"src", "href", "xlink:href"}]


def test_the_page_stands_alone(store: Store) -> None:
    """No script, nothing from elsewhere, three charts; a hostile name is text."""
    page = render(weekly(store, MONDAY, MONDAY + timedelta(days=7)))
    page_elements = _PageElements()
    page_elements.feed(page)
    assert "<dd>24,801.00 USD</dd>" in page
    assert "script" not in page_elements.tags
    assert page_elements.tags.count("svg") == 3
    assert all(link.startswith("#") for link in page_elements.links)
    assert "&lt;script&gt;alert(1)" in page
    assert "\x1b" not in page
    for drawing in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert ET.fromstring(drawing) is not None  # noqa: S314 - our own drawing


def test_it_may_be_part_of_another_page(store: Store) -> None:
    """Without its frame it begins with its heading."""
    part = render(weekly(store, MONDAY, MONDAY + timedelta(days=7)), whole=False)
    assert part.lstrip().startswith("<h1>The week from 2025-03-31 to 2025-04-07</h1>")
    assert "<html" not in part


@pytest.mark.parametrize("week", ["2025-W14", "2025-04-02", "2025-03-31"])
def test_a_week_is_named_by_number_or_day(week: str) -> None:
    """Both mean Monday to Monday."""
    assert bounds(week) == (MONDAY, MONDAY + timedelta(days=7))


@pytest.mark.parametrize("week", ["soon", "2025-W60", "2025-W"])
def test_what_is_no_week_is_said_so(week: str) -> None:
    """The error says how to write one."""
    with pytest.raises(UsageError, match="2025-W14"):
        bounds(week)


def test_the_command_writes_both(store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """JSON to standard output, HTML to a file."""
    assert store.dialect == "sqlite"
    assert main(("report", "--week", "2025-W14", "--json")) == 0
    assert json.loads(capsys.readouterr().out)["runs"]["count"] == 1
    assert main(("report", "--week", "2025-W14", "--out", "week.html")) == 0
    assert (tmp_path / "week.html").read_text().startswith("<!doctype html>")
    assert main(("report", "--out", "no/such/week.html")) == 1
