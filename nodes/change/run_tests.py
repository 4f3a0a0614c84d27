"""Run the tests of a change, in a process of their own."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The round."""

    suite_id: str


class Writes(TypedDict):
    """What it came to."""

    tested: dict[str, int]


def run_tests(state: Reads) -> Writes:
    """Run them; what the process ended at is an error."""
    return {"tested": workflow.run_tests(state["suite_id"])}
