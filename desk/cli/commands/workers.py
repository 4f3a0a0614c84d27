"""`tieout workers`."""

from __future__ import annotations

from desk.cli.columns import WORKERS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import form_of, write


def workers(*, as_json: AsJson = False, as_csv: AsCsv = False, limit: Limit = None) -> None:
    """List the desk's workers: which live, on which machine, what they have done.

    For example:

        tieout workers

        tieout workers --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.store import open_store
    from tools.store import workers as processes

    store = open_store(begin().database_url)
    rows = (
        {**row.as_dict(), "health": processes.health(store, row)} for row in processes.list_workers(store)
    )
    write(WORKERS, rows, form, limit)
