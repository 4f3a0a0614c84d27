"""`tieout recoveries`."""

from __future__ import annotations

from desk.cli.columns.front_desk import RECOVERIES
from desk.cli.options import AsCsv, AsJson
from desk.cli.rows import form_of, write


def recoveries(*, as_json: AsJson = False, as_csv: AsCsv = False) -> None:
    """Say how often each recovery strategy has helped, by type of error, everywhere at the desk.

    One that has helped in fewer than a fifth of at least 20 tries (95%) is proposed to move last.

    For example:

        tieout recoveries --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from tools.front_desk import recovery_rates
    from tools.store import open_store

    write(RECOVERIES, recovery_rates.success_rates(open_store(begin().database_url)), form)
