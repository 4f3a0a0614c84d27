"""SQL that is not a test of the books lives in files too: read by package and name."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def sql(package: str, name: str) -> str:
    """Give the text of <package>/sql/<name>.sql."""
    return (resources.files(package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
