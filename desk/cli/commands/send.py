"""`tieout send`."""

from __future__ import annotations

from desk.cli.options import AsJson


def send(*, as_json: AsJson = False) -> None:
    """Send the approved letters that may go out now; the others wait, or are cancelled with the reason.

    A letter goes out in its recipient's working hours, within the day's caps, and only while its claim is
    open, no money came, and the address is not suppressed. Started again after a crash it loses none.

    For example:

        tieout send

        tieout send --json
    """
    from dataclasses import asdict

    from desk.cli.screen import err, plain_utf8
    from desk.cli.startup import begin
    from desk.views.safe_text import json_text
    from tools.recovery.send_queue import next_time
    from tools.recovery.sending import send_due
    from tools.store import open_store

    settings = begin()
    store = open_store(settings.database_url)
    done = send_due(store, settings)
    if as_json:
        plain_utf8()
        print(json_text(asdict(done)))
        return
    if settings.smtp_url is None and done.waiting:
        err().print("No mail server is set (TIEOUT_SMTP_URL): the letters wait.", style="warning")
    counts = f"{done.sent} sent, {done.waiting} waiting, {done.cancelled} cancelled, {done.failed} failed"
    following = next_time(store) if settings.smtp_url is not None else None
    when = f" The next one may go out {following:%Y-%m-%d %H:%M} UTC." if following else ""
    err().print(f"Letters: {counts}.{when} See why: tieout letters", soft_wrap=True)
