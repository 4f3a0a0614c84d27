"""`tieout checkpoints`."""

from __future__ import annotations

from typing import Annotated

import typer

from desk.cli.columns.front_desk import CHECKPOINT_STATISTICS, CHECKPOINTS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def checkpoints(
    *,
    stats: Annotated[
        bool,
        typer.Option(
            "--stats", help="Sums by type, risk and person: count, median wait, approved, timed out."
        ),
    ] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
    limit: Limit = None,
) -> None:
    """List what people were asked before something happened, by any graph, and what they answered.

    For example:

        tieout checkpoints

        tieout checkpoints --stats
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.front_desk import checkpoints as desk
    from tools.store import open_store

    store = open_store(begin().database_url)
    if stats:
        write(CHECKPOINT_STATISTICS, desk.statistics(store), form)
        return
    write(CHECKPOINTS, desk.history(store, limit or 1000), form, limit)
