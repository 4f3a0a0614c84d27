"""`tieout work`."""

from __future__ import annotations

from typing import Annotated

import typer


def work(
    workers: Annotated[
        int,
        typer.Option(help="Tasks at a time on this machine, each in a process of its own.", min=1, max=64),
    ] = 2,
    most: Annotated[
        int,
        typer.Option(
            help="Up to so many while more than 80% are busy and tasks wait; below 30% one ends.",
            min=0,
            max=64,
        ),
    ] = 0,
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Do what is due, then end: for a scheduler or a test.")
    ] = False,
) -> None:
    """Do the tasks that wait in the store: start and resume runs, escalate, deliver notices.

    With the store on SQLite the workers of one machine share it; on PostgreSQL those of any number of
    machines (extra `workers`). A worker that dies or falls silent loses its task to another; nothing is
    done twice. SIGTERM or Ctrl-C: runs stop at the end of a step and are taken up again later.

    For example:

        tieout work

        tieout work --workers 4

        tieout work --workers 3 --most 6

        tieout work --once
    """
    import signal
    import sys

    from desk.cli.startup import begin
    from graph.runtime.worker_pool import PoolScale, WorkerPool
    from tools.store import open_store

    settings = begin()
    program = [sys.executable, "-m", "desk.worker_process"]
    flags = ["--once"] if once else []
    store = open_store(settings.database_url)
    pool = WorkerPool(store, lambda name: [*program, name, *flags], PoolScale(workers, most))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: pool.drain.set())
    raise typer.Exit(pool.run())
