"""The weekly report: what was audited, found, decided and learned, and what it cost.

weekly(store, since, until, rules) -> dict     JSON primitives; amounts are decimal text by currency
render(data) -> str                            one HTML page that needs nothing else
"""

from __future__ import annotations

from desk.report.page import render
from desk.report.week import bounds, weekly

__all__ = ["bounds", "render", "weekly"]
