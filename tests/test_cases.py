"""Each test of the books finds its cases, and leaves the look-alikes beside them alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.checks.case_files import CheckCase, cases


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.test}-{case.words}")
def test_case(case: CheckCase, tmp_path: Path) -> None:
    """The test finds exactly the rows that the case names."""
    result, findings = case.run(tmp_path)
    if case.not_applicable:
        assert (result.status, result.reason) == ("not_applicable", case.not_applicable)
        return
    assert (result.status, result.reason) == ("ran", "")
    actual = [
        {key: row[key] for key in expectation} for expectation, row in zip(case.finds, findings, strict=False)
    ]
    assert case.finds == actual, f"found {findings}"
    assert len(case.finds) == len(findings), f"found {findings}"
