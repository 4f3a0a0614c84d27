"""What waits for a person, as rows: under `tieout approvals` and `desk.api`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.overdue import settle_overdue
from desk.views.open_request import open_request
from tools.approvals import requests
from tools.store import Store

Row = dict[str, Any]


def approval_rows(store: Store) -> Iterator[Row]:
    """Give what waits for a person, the longest waiting first: a row for each case that is still open.

    What has waited too long is escalated on the way.
    """
    settle_overdue(store)
    for view in (open_request(store, request) for request in requests.waiting(store)):
        yield from (_approval(view, subject) for subject in view["subjects"])


def _approval(view: Row, subject: Row) -> Row:
    signed = [f"{vote['by']}: {vote['verdict']}" for vote in subject["signed"]]
    title = subject.get("title") or subject["description"]
    return {**view, **subject, "case_id": subject["subject"], "title": title, "signed": signed}
