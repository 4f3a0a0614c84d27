"""Generate the tests of a change."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.front_desk.changes import workflow


class Reads(TypedDict):
    """The change, and its narrower draft where it was narrowed."""

    run_id: str
    change: str
    number: int
    narrowed: dict[str, Any]


class Writes(TypedDict):
    """The suite of this round, and how many tests it has."""

    suite_id: str
    planned: int


def generate_tests(state: Reads) -> Writes:
    """Write down which tests will run, each PENDING."""
    suite_id, planned = workflow.generate(
        state["run_id"], state["change"], state["number"], state["narrowed"]
    )
    return {"suite_id": suite_id, "planned": planned}
