"""What is written is read."""

from __future__ import annotations

from pathlib import Path

from product import Grant, load, save


def test_grants_come_back(tmp_path: Path) -> None:
    """Each as it was."""
    grants = [Grant("ada", 100, 12), Grant("ben", 0, 1)]
    save(grants, tmp_path / "grants")
    assert load(tmp_path / "grants") == grants
