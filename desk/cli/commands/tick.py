"""`tieout tick`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.cli.options import AsJson

if TYPE_CHECKING:
    from tools.operations.alerts import Condition


def tick(*, as_json: AsJson = False) -> None:
    """Do what time asks for: late requests are escalated, alerts begin and end, claims are followed up.

    For cron. Where claims are pursued, the first call of a day (UTC) starts its follow-up: answers are read,
    money is matched, letters that are due are drafted and asked about, approved ones are sent. Where reviews
    came in, the order of the queue is learned anew once a day (`tieout ranking`).

    An escalated request stays open, and nothing is approved by it. `tieout approvals` and `tieout resume`
    escalate when they are called. Each alert is told once when it begins, and once when it is over.

    For example:

        tieout tick

        tieout tick --json
    """
    from desk import alert_incidents, daily, hand_offs
    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.overdue import settle_overdue
    from desk.views.safe_text import json_text, visible
    from tools.operations import alerts
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    escalated = [request.request_id for request in settle_overdue(store)]
    settled = alerts.settle(store, settings)
    followed = daily.follow_up(store, settings)
    learned = daily.learn_order(store)
    opened = alert_incidents.of_conditions(store, settled.raised)
    handed_on = hand_offs.go_on(store)
    if as_json:
        plain_utf8()
        changes = {
            "escalated": escalated,
            "raised": [condition._asdict() for condition in settled.raised],
            "cleared": [condition._asdict() for condition in settled.cleared],
            "follow_up": followed,
            "order": learned,
            "incidents": opened,
            "handed_on": handed_on,
        }
        print(json_text(changes))
        return
    lines = [f"Request {name} waited too long: the senior role is told." for name in escalated]
    lines += [_line("Alert", condition) for condition in settled.raised]
    lines += [_line("Well again", condition) for condition in settled.cleared]
    lines += [line for line in (followed, learned) if line]
    lines += [f"Request {name} goes on with its next step." for name in handed_on]
    lines += [f"Incident {name} is open: tieout investigate {name}" for name in opened]
    for line in lines:
        err().print(visible(line), soft_wrap=True, markup=False)
    if not lines:
        err().print("Nothing is late, and no alert is new or over.", style="quiet")


def _line(word: str, condition: Condition) -> str:
    about = f" ({condition.subject})" if condition.subject else ""
    return f"{word}: {condition.name}{about}: {condition.message}"
