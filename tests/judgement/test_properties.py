"""What must hold of judgement whatever the findings are."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judgement.desk import Desk, finding
from tools.core.severity_levels import SEVERITIES
from tools.judgement import cases
from tools.judgement.severity import band
from tools.judgement.test_families import family_of
from tools.rules.severity import SeverityRules

TESTS = {
    "quality": ("repeated_id", "missing_required_field", "near_copy"),
    "reconciliation": ("unmatched_row", "amount_mismatch", "timing_item"),
    "anomaly": (
        "duplicate_payment",
        "amount_against_vendor",
        "weekend_posting",
        "after_hours",
        "round_amount",
    ),
}
KEYS = [f"r{number}" for number in range(6)]
ROWS: list[dict[str, Any]] = [
    {
        "row_key": key,
        "txn_id": f"T{number}",
        "line": number,
        "kind": "payment",
        "posted_on": f"2025-03-{number + 3:02}",
        "amount_minor": 10 ** (number + 2),
        "vendor_name": ("Acme", "Birch")[number % 2],
    }
    for number, key in enumerate(KEYS)
]
check_tests = st.sampled_from([(check, test) for check, tests in TESTS.items() for test in tests])
findings = st.lists(st.tuples(st.sampled_from(KEYS), check_tests, st.integers(1, 100)), max_size=12)
Findings = list[tuple[str, tuple[str, str], int]]
few_examples = settings(max_examples=2, deadline=None)


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> list[Desk]:
    """Give the same books twice: in order, and shuffled."""
    shuffled = [ROWS[place] for place in (3, 0, 5, 2, 4, 1)]
    return [Desk(tmp_path_factory.mktemp("desk") / "run", txn=rows) for rows in (ROWS, shuffled)]


def _judge(desk: Desk, drawn_findings: Findings) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Give suspects and flags."""
    for check in TESTS:
        desk.record(
            check,
            [finding(key, name, n, check=check) for key, (of, name), n in drawn_findings if of == check],
        )
    return desk.flags(), desk.read("suspects/suspect.parquet", "row_key")


@few_examples
@given(findings, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_findings_changes_nothing(
    desks: list[Desk], drawn_findings: Findings, chance: random.Random
) -> None:
    """Shuffled books and findings give the same suspects and flags."""
    assert _judge(desks[0], drawn_findings) == _judge(
        desks[1], chance.sample(drawn_findings, len(drawn_findings))
    )


@few_examples
@given(findings)
def test_a_row_is_a_suspect_by_a_strong_finding_or_by_weak_ones_of_several_families(
    desks: list[Desk], drawn_findings: Findings
) -> None:
    """Never by one weak signal, nor by several that see the same thing."""
    suspects = {row["row_key"] for row in _judge(desks[0], drawn_findings)[1]}
    for key in KEYS:
        best: dict[str, int] = {}
        for _, (check, test), score in (entry for entry in drawn_findings if entry[0] == key):
            family = family_of(check, test).name
            best[family] = max(best.get(family, 0), score)
        strong = any(score > 70 for score in best.values())
        together = len(best) > 1 and sum(best.values()) > 70
        assert (key in suspects) is (strong or together)


@few_examples
@given(findings)
def test_every_score_and_severity_recomputes_from_its_steps(
    desks: list[Desk], drawn_findings: Findings
) -> None:
    """Points sum to the score, capped; the last severity of the steps is the flag's."""
    for flag in _judge(desks[0], drawn_findings)[0]:
        steps = json.loads(flag["components"])
        points = sum(step.get("points", 0) for step in steps["severity"])
        assert flag["score"] == min(100, points)
        assert flag["severity"] == [step["severity"] for step in steps["severity"] if "severity" in step][-1]
        confidence = sum(step["points"] for step in steps["confidence"])
        assert round(flag["confidence"] * 100) == max(0, min(99, confidence))


@given(st.integers(0, 100))
def test_bands_rise_with_points(score: int) -> None:
    """One point more never lowers the severity."""
    rank = [band(points, SeverityRules()) for points in (score, min(100, score + 1))]
    order = [-1 if level is None else SEVERITIES.index(level) for level in rank]
    assert order[0] <= order[1]


vendors = st.sampled_from(["A", "B", None])
members = st.lists(
    st.tuples(vendors, vendors, st.integers(0, 30), st.integers(0, 1000)), min_size=1, max_size=30
)


@given(members, st.integers(1, 8))
def test_each_suspect_is_in_one_case_and_no_case_is_too_large(
    rows: list[tuple[str | None, str | None, int, int]], limit: int
) -> None:
    """Cases partition the suspects, hold at most `limit`, keep their exposure and are ranked by it."""
    suspects: list[dict[str, Any]] = [
        {
            **dict.fromkeys(cases.COLUMNS),
            "row_key": f"r{number}",
            "family": "duplicate",
            "source": "card",
            "vendor_key": vendor,
            "vendor_name": vendor,
            "person_id": person,
            "partner_key": f"r{partner}",
            "posted_day": number,
            "exposure_base": exposure,
            "score": 80,
        }
        for number, (vendor, person, partner, exposure) in enumerate(rows)
    ]
    groups, member_of = cases.group(suspects, "USD", limit=limit)
    assert sorted(member_of) == sorted(row["row_key"] for row in suspects)
    assert all(case["rows"] <= limit for case in groups)
    assert sum(case["rows"] for case in groups) == len(suspects)
    assert sum(case["exposure_minor"] for case in groups) == sum(row["exposure_base"] for row in suspects)
    grave = [case["exposure_minor"] * case["score"] for case in groups]
    assert grave == sorted(grave, reverse=True)
    assert cases.group(suspects[::-1], "USD", limit=limit) == (groups, member_of)


@pytest.mark.parametrize(
    ("identity", "label"),
    [
        ({"person_id": "E06"}, "Ada Moss"),
        ({"txn_id": "PAY-1", "vendor_id": "V9"}, "vendor V9"),
        ({"txn_id": "PAY-1", "invoice_no": "77"}, "invoice 77"),
        ({"txn_id": "PAY-1"}, "PAY-1"),
        ({"line": 7, "file": "bank.csv"}, "line 7 of bank.csv"),
    ],
)
def test_a_case_is_called_by_what_its_reader_knows(identity: dict[str, str], label: str) -> None:
    """A person's name before an employee number, a party and a document before an id; never a row's key."""
    row = dict.fromkeys(cases.COLUMNS) | {
        "row_key": "bank:1f", "source": "bank", "family": "outlier", "score": 80, "exposure_base": 1200,
    }  # fmt: skip
    (case,), _ = cases.group([row | identity], "USD", limit=5, people={"E06": "Ada Moss"})
    assert case["title"] == f"Unusual amount: {label}"


def test_vendors_that_have_only_ids_have_cases() -> None:
    """Books without vendors' names are grouped by vendor all the same."""
    row = dict.fromkeys(cases.COLUMNS) | {
        "source": "payment",
        "family": "duplicate",
        "score": 90,
        "exposure_base": 1,
    }
    rows = [row | {"row_key": f"p{n}", "vendor_id": f"V{n % 2}"} for n in range(6)]
    groups, _ = cases.group(rows, "USD", limit=9)
    assert sorted(case["title"] for case in groups) == [
        "Twice: vendor V0, 3 rows, 0.03 USD",
        "Twice: vendor V1, 3 rows, 0.03 USD",
    ]
