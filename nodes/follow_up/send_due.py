"""Send the letters that may go out now."""

from __future__ import annotations

from typing_extensions import TypedDict

from tools.recovery import day


class Reads(TypedDict):
    """The run that does it."""

    run_id: str


class Writes(TypedDict):
    """Letters sent, waiting, cancelled, failed."""

    sent: dict[str, int]


def send_due(state: Reads) -> Writes:
    """Send each approved letter whose conditions hold; the others wait, or are cancelled."""
    del state
    return {"sent": day.send_due()}
