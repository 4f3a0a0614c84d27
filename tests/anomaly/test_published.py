"""What is measured on the published corporate payments is what was published of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scorers.vendor_payments import PUBLISHED, figures


@pytest.mark.exhaustive
def test_every_published_figure_is_exact(data: Path, tmp_path: Path) -> None:
    """Digits, repeats and relative sizes agree to the last figure that was printed."""
    assert figures(data / "ap_payments_2010", tmp_path) == PUBLISHED
