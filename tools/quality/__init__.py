"""The data-quality check: its tests, in the order in which they run."""

from __future__ import annotations

from typing import Final

TESTS: Final[tuple[str, ...]] = ("repeated_id",)
