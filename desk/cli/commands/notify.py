"""`tieout notify`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from desk.cli.columns import NOTICES
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write

if TYPE_CHECKING:
    from desk.notices.deliver import Delivered
    from tools.core.settings import Settings
    from tools.store import Store


def notify(
    *,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped, a message a window.")] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Deliver nothing; list what waits or was given up.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Try also what was given up.")] = False,
    test: Annotated[
        str | None, typer.Option("--test", help="Send a test message to one recipient now.", metavar="NAME")
    ] = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Deliver the notices that wait to those whom TIEOUT_NOTIFY names.

    Runs deliver theirs when they stop; so does the Server. Each notice is queued once and tried until it
    is accepted; what is sent twice has the same message id.

    For example:

        tieout notify

        tieout notify --watch

        tieout notify --test approvers
    """
    form = form_of(as_json, as_csv)
    from desk.cli.exit_codes import ExitCode
    from desk.cli.startup import begin
    from desk.notices.deliver import deliver
    from tools.store import open_store, outbox

    settings = begin()
    if test is not None:
        _test(settings, test)
        return
    store = open_store(settings.database_url)
    if waiting:
        rows = [message.as_dict() for message in (*outbox.pending(store), *outbox.given_up(store))]
        write(NOTICES, rows, form)
        return
    if not settings.notify:
        from desk.cli.screen import err

        err().print("Nobody is told: TIEOUT_NOTIFY names no recipient. docs/notices.md shows how it does.")
        return
    if again:
        outbox.requeue(store)
    if watch:
        _watch(store, settings)
        return
    done = deliver(store, settings)
    _say(done)
    if done.failed or done.given_up:
        raise typer.Exit(ExitCode.FAILED)


def _say(done: Delivered) -> None:
    from desk.cli.screen import err

    message = f"{done.sent} messages delivered, {done.failed} failed for now, {done.given_up} given up."
    err().print(message, soft_wrap=True)


def _test(settings: Settings, name: str) -> None:
    from desk.cli.screen import err
    from desk.notices.sending import send
    from desk.notices.text import NoticeText
    from tools.core.errors import RunError, UsageError

    recipient = settings.notify.get(name)
    if recipient is None:
        raise UsageError(
            f"there is no recipient '{name}'.",
            place="setting TIEOUT_NOTIFY",
            remedy=f"It names: {', '.join(settings.notify) or 'nobody'}.",
        )
    error = send(recipient.url.get_secret_value(), NoticeText("test", "Tieout: a test", "Notices reach you."))
    if error:
        raise RunError(f"{name} was not reached: {error}.", remedy="Check its url in TIEOUT_NOTIFY.")
    err().print(f"Sent to {name}.", style="good")


def _watch(store: Store, settings: Settings) -> None:
    import signal
    import threading

    from desk.notices.deliver import watch

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    watch(store, settings, stop)
