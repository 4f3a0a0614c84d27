"""Each test of the books finds its cases, and leaves the look-alikes beside them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.casefiles import CheckCase, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.test}-{case.words}")
def test_case(case: CheckCase, tmp_path: Path) -> None:
    """The test finds exactly the rows that the case names."""
    result, found = case.run(tmp_path)
    if case.not_applicable:
        assert (result.status, result.reason) == ("not_applicable", case.not_applicable)
        return
    assert (result.status, result.reason) == ("ran", "")
    told = [{key: row[key] for key in want} for want, row in zip(case.finds, found, strict=False)]
    assert case.finds == told, f"found {found}"
    assert len(case.finds) == len(found), f"found {found}"
