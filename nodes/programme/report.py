"""Report a programme."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.programme import closing


class Reads(TypedDict):
    """The programme."""

    run_id: str


class Writes(TypedDict):
    """The report's digest."""

    report: str


def report(state: Reads) -> Writes:
    """Put the digest of the final report on the trail."""
    return {"report": closing.report(state["run_id"])}
