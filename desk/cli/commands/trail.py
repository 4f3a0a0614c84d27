"""`tieout trail`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from desk.cli.columns import TRAIL
from desk.cli.options import AsCsv, AsJson, Limit, ReadRun
from desk.cli.rows import Row, form_of, write

EVERY = "all"


def trail(
    run: ReadRun = "last",
    *,
    export: Annotated[
        bool, typer.Option("--export", help="As lines that verify_trail.py checks with nothing but Python.")
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what was done in a run, by whom, from what to what; each entry seals the one before.

    "desk" is the trail that names the others, "seals" that of what each commit wrote, and with --export
    "all" is every trail, which verify_trail.py holds against the anchor.

    For example:

        tieout trail

        tieout trail last --export > trail.jsonl && python tools/store/verify_trail.py trail.jsonl

        tieout trail all --export > trails.jsonl
    """
    form = form_of(as_json, as_csv)
    from desk.cli.screen import plain_utf8
    from desk.cli.startup import begin
    from tools.store import open_store, runs
    from tools.store import trail as store_trail

    store = open_store(begin().database_url)
    named = run in (store_trail.DESK, store_trail.SEALS) or (export and run == EVERY)
    name = run if named else runs.find_any(store, run).run_id
    if not export:
        write(TRAIL, _rows(store_trail.entries(store, name)), form, limit)
        return
    plain_utf8()
    for line in store_trail.export(store, None if name == EVERY else name):
        print(line)


def _rows(entries: list[dict[str, Any]]) -> Iterator[Row]:
    for entry in entries:
        yield {**entry, "time": entry["at"][11:19]}
