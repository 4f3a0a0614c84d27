"""`tieout approvals`."""

from __future__ import annotations

from desk.cli.columns import APPROVALS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import Form, form_of, write


def approvals(*, as_json: AsJson = False, as_csv: AsCsv = False, limit: Limit = None) -> None:
    """List what waits for a person: a row for each case still open, the longest waiting first.

    What has waited too long goes to the senior role, too, and stays open.

    For example:

        tieout approvals

        tieout approvals --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.startup import begin
    from desk.cli.summary import brief
    from desk.views.approval_rows import approval_rows
    from tools.store import open_store

    settings = begin()
    rows = approval_rows(open_store(settings.database_url))
    write(APPROVALS, map(brief, rows) if form is Form.TABLE else rows, form, limit)
