"""A request and votes as the counting sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

GROUPS = {"c1": ["f1", "f2"], "c2": ["f3"]}
NEEDS = {"f1": 2, "f2": 1, "f3": 2}


@dataclass
class FakeRequest:
    """A request: two cases, of two flags and of one."""

    needs: dict[str, Any] = field(default_factory=lambda: dict(NEEDS))
    barred: dict[str, Any] = field(default_factory=lambda: {"f1": {"dee": "started"}})
    payload: dict[str, Any] = field(default_factory=lambda: {"units": GROUPS})
    words: list[Any] = field(default_factory=lambda: ["approve", "reject", "edit", "skip"])
    request_id: str = "r1-flags-1"
    kind: str = "flags"
    status: str = "open"
    outcome: str = ""


@dataclass
class Vote:
    """One person's word."""

    subject: str
    verdict: Any
    by: str
    note: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
