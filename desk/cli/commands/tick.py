"""`tieout tick`."""

from __future__ import annotations

from desk.cli.options import AsJson


def tick(*, as_json: AsJson = False) -> None:
    """Do what time asks for: requests that waited too long go to the senior role, too. For cron.

    An escalated request stays open, and nothing is approved by it. `tieout approvals` and `tieout resume`
    do the same when they are called.

    For example:

        tieout tick

        tieout tick --json
    """
    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text
    from tools.approvals.escalation import escalate_due
    from tools.store import open_store

    settings = begin()
    found = escalate_due(open_store(settings.database_url))
    if as_json:
        plain_utf8()
        print(json_text([one.request_id for one in found]))  # noqa: T201 - this is the command's result
        return
    for one in found:
        err().print(f"Request {one.request_id} waited too long: the senior role is told.", soft_wrap=True)
    if not found:
        err().print("No request has waited too long.", style="quiet")
