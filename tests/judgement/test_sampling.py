"""Monetary-unit samples: published examples, a selection that is what it says, limits that hold."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.books import make_books
from tools.core.errors import UsageError
from tools.judgement.sampling import factors
from tools.judgement.sampling.evaluate import AuditedRow, evaluate
from tools.judgement.sampling.plan import SampleAims, plan
from tools.judgement.sampling.select import SampledPopulation, select, start_of


def row(book: int, audited: int) -> AuditedRow:
    """Give a row of whole dollars."""
    return AuditedRow("", book * 100, audited * 100)


def test_the_size_of_a_published_example() -> None:
    """Of 2,500,000, tolerable 125,000, expected 27,722 at 95%: R 3.0, EF 1.6, n 93, interval 26,882."""
    planned = plan(250_000_000, SampleAims(12_500_000, 2_772_200, 95, "USD"))
    assert (planned.size, planned.reliability, planned.expansion) == (93, Decimal("3.00"), Decimal("1.6"))
    assert round(planned.interval_minor / 100) == 26_882


def test_factors_are_those_of_the_guide() -> None:
    """AICPA, Audit Sampling, table C-3: 5% and 10% risk of incorrect acceptance."""
    table = {95: "3.00 4.75 6.30 7.76 9.16 10.52", 90: "2.31 3.89 5.33 6.69 8.00 9.28"}
    for confidence, line in table.items():
        assert [str(factors.reliability(confidence, number)) for number in range(6)] == line.split()


def test_limits_of_published_exercises() -> None:
    """Harder Company (90 rows of 720,000, 5%): 38,001; University of Florida, ACG 5637 (10%): 172,819."""
    errors = [(1_500, 1_000), (2_400, 1_200), (8_200, 7_500), (6_000, 5_400), (9_000, 8_000)]
    over = evaluate([row(*pair) for pair in errors], 800_000, 95).over
    assert (over.most_likely, over.basic, over.upper_limit) == (916_667, 2_400_000, 3_800_134)
    errors = [(71_330, 60_631), (18_996, 17_096), (30_081, 21_057), (3_555, 1_422)]
    # The exercise's own table has one decimal: 172,988.
    assert evaluate([row(*pair) for pair in errors], 4_237_300, 90).over.upper_limit == 17_281_870


def test_directions_are_not_netted() -> None:
    """Too much and too little stand apart; of a credit, too small a credit is an understatement."""
    limits = evaluate([row(100, 90), row(200, 220), row(-50, -40)], 100_000, 95)
    assert (limits.over.projected, limits.under.projected) == (30_000, 10_000)


def test_what_no_sample_can_show_is_refused() -> None:
    """Where the expected misstatement uses all that is tolerable, and for a confidence of no table."""
    with pytest.raises(UsageError, match="no sample shows this"):
        plan(1_000_000, SampleAims(100_000, 70_000, 95, "USD"))
    with pytest.raises(UsageError, match="stands in no table"):
        plan(1_000_000, SampleAims(100_000, 0, 94, "USD"))


@settings(max_examples=15)
@given(
    sizes=st.lists(st.integers(-40_000, 40_000), min_size=1, max_size=30),
    tolerable=st.integers(3_000, 90_000),
    seed=st.integers(0, 2**64 - 1),
)
def test_every_interval_selects_its_row(
    sizes: list[int], tolerable: int, seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The rows are those in which the selected units lie, counted one by one; flagged ones never."""
    rows = [
        {"row_key": f"{at:02}", "posted_on": "2025-03-03", "amount_minor": size}
        for at, size in enumerate(sizes)
    ]
    aims = SampleAims(tolerable, 0, 95, "USD")
    with make_books(
        tmp_path_factory.mktemp("books"), txn=[*rows, {"row_key": "x", "amount_minor": 10**6}]
    ) as books:
        if not any(sizes):
            return
        drawn = select(books, SampledPopulation(["books"], ["x"]), aims, seed)
        again = select(books, SampledPopulation(["books"], ["x"]), aims, seed)
    assert drawn == again
    interval, start = drawn.plan.interval_minor, start_of(seed, drawn.plan.interval_minor)
    ends = np.cumsum([abs(size) for size in sizes])
    units = range(start, int(ends[-1]) + 1, interval)
    expected = sorted({f"{int(np.searchsorted(ends, unit)):02}" for unit in units})
    assert [each["row_key"] for each in drawn.rows] == expected
    assert sum(each["hits"] for each in drawn.rows) == len(units)
    assert {f"{at:02}" for at, size in enumerate(sizes) if abs(size) >= interval} <= set(expected)
    assert drawn.totals["flagged_rows"] == 1


def test_the_limit_is_seldom_below_what_is_wrong(tmp_path: Path) -> None:
    """Of 60 samples of books with 6% too much, at most a tenth have a limit under it at 95% confidence."""
    random = np.random.default_rng(7)
    amounts = (random.lognormal(8, 1.2, 2_000)).astype(int) + 100
    wrong = np.where(random.random(2_000) < 0.06, amounts, 0)
    rows = [
        {"row_key": f"{at:05}", "posted_on": "2025-03-03", "amount_minor": int(size)}
        for at, size in enumerate(amounts)
    ]
    aims = SampleAims(int(amounts.sum() * 0.06), 0, 95, "USD")
    missed = 0
    with make_books(tmp_path, txn=rows) as books:
        for seed in range(60):
            drawn = select(books, SampledPopulation(["books"], []), aims, seed)
            audited = [
                AuditedRow(
                    each["row_key"],
                    each["amount_minor"],
                    each["amount_minor"] - int(wrong[int(each["row_key"])]),
                )
                for each in drawn.rows
            ]
            missed += evaluate(audited, drawn.plan.interval_minor, 95).over.upper_limit < wrong.sum()
    assert missed <= 6
