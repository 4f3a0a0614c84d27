"""A report names everybody once."""

from __future__ import annotations

from pathlib import Path

from product import Grant, load, save


def test_everybody_is_there(tmp_path: Path) -> None:
    """As many lines as grants."""
    save([Grant(name, 100, 10) for name in ("ada", "ben", "cy")], tmp_path / "report")
    assert [grant.holder for grant in load(tmp_path / "report")] == ["ada", "ben", "cy"]
