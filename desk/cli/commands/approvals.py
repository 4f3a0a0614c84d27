"""`tieout approvals`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from desk.cli.columns import APPROVALS
from desk.cli.options import AsCsv, AsJson, Limit
from desk.cli.rows import Form, Row, form_of, write

if TYPE_CHECKING:
    from tools.store import Store


def approvals(*, as_json: AsJson = False, as_csv: AsCsv = False, limit: Limit = None) -> None:
    """List what waits for a person: one line for each case still open, the longest waiting first.

    For example:

        tieout approvals

        tieout approvals --json
    """
    form = form_of(as_json, as_csv)
    from desk.cli.opening import begin
    from desk.cli.summary import brief
    from tools.store import open_store

    rows = _rows(open_store(begin().database_url))
    write(APPROVALS, map(brief, rows) if form is Form.TABLE else rows, form, limit)


def _rows(store: Store) -> Iterator[Row]:
    from desk.overview import open_request
    from tools.store import approvals as stored

    for asked in (open_request(store, one) for one in stored.waiting(store)):
        for subject in asked["subjects"]:
            yield _row(asked, subject)


def _row(asked: dict[str, Any], subject: dict[str, Any]) -> Row:
    signed = [f"{one['by']}: {one['verdict']}" for one in subject["signed"]]
    title = subject.get("title") or subject["description"]
    return {**asked, **subject, "case_id": subject["subject"], "title": title, "signed": signed}
