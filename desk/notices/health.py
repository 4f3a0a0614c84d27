"""Whether notices reach people."""

from __future__ import annotations

from typing import Literal

from typing_extensions import TypedDict

from tools.clock import clock
from tools.settings import Settings
from tools.store import Store, outbox

LATE_SECONDS = 900


class State(TypedDict):
    """How the notifier is: ok, warning or error, and why."""

    status: Literal["ok", "warning", "error"]
    message: str


def state(store: Store, settings: Settings) -> State:
    """Say how the notifier is: given up is an error; failing, late or nobody to tell a warning."""
    gone, waiting = outbox.given_up(store), outbox.pending(store)
    if gone:
        last = gone[-1]
        told = f"{len(gone)} notices were given up; the last, to {last.recipient}: {last.error}"
        return {"status": "error", "message": f"{told}. 'tieout notify --again' tries them anew."}
    failing = [one for one in waiting if one.failures]
    if failing:
        return {
            "status": "warning",
            "message": f"{failing[-1].recipient} is not reached: {failing[-1].error}",
        }
    late = [one for one in waiting if (clock().now() - one.queued_at).total_seconds() > LATE_SECONDS]
    if late:
        told = f"{len(late)} notices wait, the oldest since {late[0].queued_at:%Y-%m-%d %H:%M} UTC"
        return {"status": "warning", "message": f"{told}. 'tieout notify' delivers them."}
    if not settings.notify:
        return {"status": "warning", "message": "nobody is told what waits: TIEOUT_NOTIFY is empty."}
    return {"status": "ok", "message": f"{len(waiting)} notices under way."}
