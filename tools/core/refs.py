"""What travels in the graph's state: references and counts, never rows. JSON primitives only."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

Verdict = Literal["approve", "reject", "modify", "skip", "retry"]
CheckStatus = Literal["ran", "degraded", "failed"]


class Ref(TypedDict):
    """Where a table lies in the workspace (run/result/file), and a digest of its sorted rows."""

    uri: str
    sha256: str
    rows: int


class CheckResult(TypedDict):
    """What one check came to."""

    status: CheckStatus
    tables: dict[str, Ref]
    tests: list[dict[str, Any]]
    facts: dict[str, Any]
    seconds: float
    error: str


class ControlTotals(TypedDict):
    """Control totals of one source; the sum is decimal text."""

    source: str
    rows: int
    rejected: int
    currency: str
    sum: str


class RequestRef(TypedDict):
    """Which request a graph waits for: what it asks is in the store."""

    request_id: str
    kind: str


class Answer(TypedDict):
    """One person's word on one subject, as it was authenticated."""

    request_id: str
    subject: str
    by: str
    roles: list[str]
    verdict: Verdict
    changes: dict[str, Any]
    note: str


class GateVerdict(TypedDict):
    """What people decided at the gate: "" while they have not, and who did."""

    verdict: str
    by: list[str]
