"""The weekly report: what was audited, found, decided and learned, and what it cost.

weekly(store, since, until, rules) -> dict     JSON primitives; amounts are decimal text by currency
render(data) -> str                            one HTML page that needs nothing else
"""

from __future__ import annotations

from desk.papers.weekly import bounds, weekly
from desk.papers.weekly_page import render

__all__ = ["bounds", "render", "weekly"]
