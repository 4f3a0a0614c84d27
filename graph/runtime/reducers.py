"""How concurrent and repeated writes meet: pure, and safe to replay."""

from __future__ import annotations

from typing import TypeVar

V = TypeVar("V")


def by_key(first: dict[str, V] | None, right: dict[str, V] | None) -> dict[str, V]:
    """Merge by key, the later write winning: writing the same twice changes nothing."""
    return {**(first or {}), **(right or {})}
