"""What a test flags beyond its share is one case, but never what is grave."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.judgement.desk import Desk, finding
from tools.rules.severity import PERFORMANCE

MATERIALITY = 500_000  # minor units
ROWS: list[dict[str, Any]] = [
    {
        "row_key": f"b{number:02}",
        "source": "bank",
        "kind": "bank",
        "posted_on": f"2025-03-{number % 28 + 1:02}",
        "amount_minor": -(20_000 + number) * (1 if number % 13 else 50),
        "vendor_name": f"Vendor {number % 7}" if number % 3 else None,
        "description": f"payment {number}",
    }
    for number in range(45)
]
LOUD = (("reconciliation", "unmatched_row"), ("anomaly", "amount_against_vendor"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give books of 45 payments, four of which are above performance materiality."""
    desk = Desk(tmp_path_factory.mktemp("crowd") / "run", txn=ROWS)
    desk.declare(materiality="5000.00")
    return desk


def _flags(desk: Desk, loud: tuple[str, str], few: list[int], more: set[int]) -> list[dict[str, Any]]:
    """Record one test's findings on all rows but a few, with a bad record and a second sign on some."""
    for check in ("quality", "reconciliation", "anomaly"):
        found = [
            finding(row["row_key"], loud[1], 85, check=check)
            for number, row in enumerate(ROWS)
            if check == loud[0] and number not in few
        ]
        if check == "quality":
            found += [finding(ROWS[n]["row_key"], "malformed_card", 90, check=check) for n in more]
        if check == "anomaly" and loud[0] != check:
            found += [finding(ROWS[n]["row_key"], "velocity", 90, check=check) for n in more]
        broken = [
            {"pair": "p", "side": "left", "row_key": row["row_key"], "reason": "missing"}
            for row in found
            if check == "reconciliation"
        ]
        desk.record(check, found, breaks=broken)
    return desk.flags()


@settings(max_examples=6, deadline=None)
@given(
    st.sampled_from(LOUD),
    st.lists(st.integers(0, 44), max_size=4),
    st.sets(st.integers(0, 44), max_size=6),
)
def test_nothing_grave_is_only_behind_a_crowd(
    desk: Desk, loud: tuple[str, str], few: list[int], more: set[int]
) -> None:
    """CRITICAL, or above performance materiality: its case is no crowd's; the rest of the test is one."""
    flags = _flags(desk, loud, few, more)
    crowds = {
        case["case_id"]
        for case in desk.read("suspects/case.parquet", "case_id")
        if case["calmed_by"] is not None
    }
    grave = {
        flag["case_id"]
        for flag in flags
        if flag["severity"] == "CRITICAL" or flag["exposure_base"] > PERFORMANCE * MATERIALITY
    }
    assert grave
    assert not grave & crowds
    assert len(crowds) == 1


def test_a_wire_stands_beside_a_crowd_of_wages(desk: Desk) -> None:
    """Each of the four has a case with its own title; wages are one case, of what is left."""
    _flags(desk, LOUD[0], [], set())
    by_size = {case["rows"]: case for case in desk.read("suspects/case.parquet", "case_id")}
    assert sorted(by_size) == [1, 41]
    assert "41 rows of bank (45 in all)" in by_size[41]["calmed_by"]
    assert by_size[1]["calmed_by"] is None
