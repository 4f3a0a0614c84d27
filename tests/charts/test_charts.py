"""Charts are whole SVG files, the same for the same figures, and load nothing."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desk import charts
from tests.books import make_books
from tools.checks.anomaly import digits

MATCHES = [{"pair": "p", "pass": "exact", "left_key": f"a{n}", "right_key": f"x{n}"} for n in range(7)] + [
    {"pair": "p", "pass": "group", "left_key": "b", "right_key": f"y{n}"} for n in range(3)
]
BREAKS = [{"age_days": age} for age in (1, 9, 45, 400, None)]
ROWS = [
    {
        "row_key": f"r{n}",
        "kind": "payment",
        "vendor_name": "Alder <Supply>",
        "posted_on": f"2025-{1 + n % 12:02}-{1 + n % 27:02}",
        "amount_minor": 1000 + 137 * n,
    }
    for n in range(400)
]


@pytest.fixture
def svgs(tmp_path: Path) -> dict[str, str]:
    """Give one of each."""
    with make_books(tmp_path, txn=ROWS) as books:
        profile = digits.profile(books, ["payment"], "first")
        return {
            "benford": charts.benford(profile),
            "vendor": charts.vendor_amounts(books, "ALDER <SUPPLY>", "payment", ["r7", "another's"]),
            "rate": charts.match_rate(MATCHES, BREAKS),
            "ageing": charts.ageing(BREAKS),
        }


@pytest.mark.parametrize("name", ["benford", "vendor", "rate", "ageing"])
def test_a_chart_is_an_svg_that_loads_nothing(svgs: dict[str, str], name: str) -> None:
    """It parses, and no reference leaves it."""
    root = ET.fromstring(svgs[name])  # noqa: S314 - our own text
    assert root.tag.endswith("svg")
    outside = re.findall(r'(?:href|src)="(?!#)[^"]*"', svgs[name])
    assert outside == []


def test_charts_say_their_figures_in_words(svgs: dict[str, str]) -> None:
    """What the picture shows is in its title, as text; hostile names are escaped."""
    assert "Digits of 400 amounts" in svgs["benford"]
    assert "78.3% of 23" in svgs["rate"]  # 7 pairs, 1 row against 3, and 5 open
    assert "Ageing of 5 open rows" in svgs["ageing"]
    assert "Alder &lt;Supply&gt;" in svgs["vendor"]


def test_the_same_figures_give_the_same_file() -> None:
    """A report that is made again differs in nothing."""
    assert charts.ageing(BREAKS) == charts.ageing(BREAKS)


def test_nothing_to_draw_is_drawn() -> None:
    """Books without a match or a break have a chart, too."""
    assert "100.0% of 0" in charts.match_rate([], [])
    assert "0 open rows" in charts.ageing([])


def test_amounts_are_written_as_people_write_money(svgs: dict[str, str]) -> None:
    """The scale is 50, 100, 200 and no power of ten; only what is drawn is counted as standing out."""
    labels = re.findall(r">([\d,]+)</text>", svgs["vendor"])
    assert {"50", "100", "200"} <= set(labels)
    assert "1 stands out" in svgs["vendor"]


def test_few_amounts_are_not_said_to_differ_where_chance_does_as_much(tmp_path: Path) -> None:
    """Nigrini's bounds are for many amounts: 34 that keep the law pass them, and the title says so."""
    grown = [{**ROWS[0], "row_key": f"g{n}", "amount_minor": round(1000 * 10 ** (n / 17))} for n in range(34)]
    with make_books(tmp_path, txn=grown) as books:
        chart = charts.benford(digits.profile(books, ["payment"], "first"), "payments in USD")
    assert "Digits of 34 payments in USD" in chart
    assert "no more than chance" in chart


def test_a_vendors_chart_is_of_one_currency(tmp_path: Path) -> None:
    """Yen and dollars do not share a scale: what stands out says which of them is drawn."""
    yen = [{**row, "row_key": f"y{row['row_key']}", "currency": "JPY"} for row in ROWS[:20]]
    with make_books(tmp_path, txn=[*ROWS, *yen]) as books:
        vendor = "ALDER <SUPPLY>"
        assert "20 payment amounts" in charts.vendor_amounts(books, vendor, "payment", ["yr3"])
        assert "400 payment amounts" in charts.vendor_amounts(books, vendor, "payment", ["r3"])
