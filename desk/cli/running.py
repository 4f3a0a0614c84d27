"""Run the graph for a command: progress on the way, the run's page at the end, the exit code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from desk.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState
    from tools.core.errors import TieoutError
    from tools.core.settings import Settings


class Work(Protocol):
    """What runs the graph: it tells `watch` what is streamed."""

    def __call__(self, *, watch: Callable[[str, Any], None] | None) -> ThreadState:
        """Run it to its end, or to a person."""
        ...


def carry_out(
    settings: Settings, thread_id: str, work: Work, *, as_json: bool, rest: bool = False
) -> ExitCode:
    """Do `work`, showing what it streams; print the page of the thread's run, and give the exit code.

    rest: while the run still waits, print only what is left to decide, for who has seen the page before.
    """
    from desk.cli.progress import watching
    from tools.core.errors import TieoutError

    try:
        with watching() as follower:
            standing = work(watch=follower)
    except TieoutError as error:
        _name_run(error, thread_id, _run_of(settings, thread_id))
        raise
    except KeyboardInterrupt:
        _say_how_to_go_on(_run_of(settings, thread_id))
        raise
    waits = standing.asked is not None
    print_page(settings, standing.run_id, as_json=as_json, rest=rest and waits)
    notify(settings)
    if waits:
        return ExitCode.WAITS
    return ExitCode.FAILED if standing.next and not standing.waits_for else ExitCode.DONE


def print_page(settings: Settings, run_id: str, *, as_json: bool, rest: bool = False) -> None:
    """Print a run's page, or what is left to decide of it: for a reader, or the page as one JSON object."""
    from desk.cli.screen import plain_utf8
    from desk.cli.summary import show, show_rest
    from desk.views.run_overview import overview
    from desk.views.safe_text import json_text
    from tools.store import open_store, runs

    store = open_store(settings.database_url)
    page = overview(store, settings, runs.get(store, run_id))
    if not as_json:
        (show_rest if rest else show)(page)
        return
    plain_utf8()
    print(json_text(page, indent=1))


def notify(settings: Settings) -> None:
    """Deliver the notices of what was done; what cannot be delivered now waits in the outbox."""
    from desk.cli.screen import err
    from desk.notices.deliver import deliver
    from tools.store import open_store

    if settings.notify:
        done = deliver(open_store(settings.database_url), settings)
        if done.failed or done.given_up:
            err().print("Not all notices were delivered: tieout notify --waiting", style="warning")


def _run_of(settings: Settings, thread_id: str) -> str:
    from tools.store import open_store, runs

    run = runs.of_thread(open_store(settings.database_url), thread_id)
    return run.run_id if run else ""


def _name_run(error: TieoutError, thread_id: str, run_id: str) -> None:
    """Put the run's name where the error could only name its thread, or any run."""
    if run_id:
        error.remedy = error.remedy.replace("RUN", run_id)
        error.place = f"run {run_id}" if error.place == thread_id else error.place


def _say_how_to_go_on(run_id: str) -> None:
    from desk.cli.screen import err

    if run_id:
        err().print(f"Go on: tieout resume {run_id}", soft_wrap=True)
