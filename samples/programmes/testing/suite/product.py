"""A small product to be tested: equity that vests month by month, in whole cents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Grant:
    """Shares' worth in cents that vest over months."""

    holder: str
    cents: int
    months: int

    def __post_init__(self) -> None:
        if self.cents < 0 or self.months < 1:
            raise ValueError("a grant is worth something over at least a month")


def vested(grant: Grant, month: int) -> int:
    """Give what has vested after so many months, in cents; the last month takes what is left."""
    passed = min(max(month, 0), grant.months)
    return grant.cents * passed // grant.months


def total(grants: Iterable[Grant], month: int) -> int:
    """Add up what has vested of all grants."""
    return sum(vested(grant, month) for grant in grants)


def save(grants: Iterable[Grant], path: Path) -> None:
    """Write grants as JSON lines."""
    path.write_text("".join(f"{json.dumps(asdict(grant))}\n" for grant in grants), encoding="utf-8")


def load(path: Path) -> list[Grant]:
    """Read grants as they were written."""
    return [Grant(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
