"""What the desk holds, as rows: under the command line's listings, the pages' and `desk.api`'s tables.

Rows are mappings of JSON primitives; money is decimal text beside its `currency`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from desk.views.store_rows import flag_row, paged, run_row
from tools.core import money
from tools.store import Store, case_flags, flags, queue, runs
from tools.store.models import Case, RunStatus
from tools.store.queue_filters import QueueFilters

Row = dict[str, Any]
_PAGE = 500


def run_rows(store: Store, *, status: RunStatus | None = None) -> Iterator[Row]:
    """Give runs, the newest first."""
    page_of_runs = paged(lambda size, start: runs.list_runs(store, status=status, limit=size, offset=start))
    yield from map(run_row, page_of_runs)


def flag_rows(store: Store, *, sort: flags.Sort = "severity", **filters: Any) -> Iterator[Row]:  # noqa: ANN401 - flags.Filters
    """Give flags, the gravest first; see tools.store.flags.Filters."""
    page_of_flags = paged(
        lambda size, start: flags.find(store, sort=sort, limit=size, offset=start, **filters)
    )
    yield from map(flag_row, page_of_flags)


def case_rows(store: Store, filters: QueueFilters) -> Iterator[Row]:
    """Give cases, the greatest exposure first, with how many of their flags stand how."""
    after = None
    while True:
        page = queue.page(store, filters, after=after, size=_PAGE)
        standing = case_flags.status_counts(store, [case.case_id for case in page.cases])
        yield from (_case(case, standing[case.case_id]) for case in page.cases)
        if page.after is None or len(page.cases) < _PAGE:
            return
        after = page.after


def _case(case: Case, standing: dict[str, int]) -> Row:
    shown = ("proposed", "noted", "approved", "rejected", "skipped")
    counts = {name: standing.get(name, 0) for name in shown}
    row = case.as_dict()
    tests = (case.details or {}).get("tests") or []
    return {
        **row,
        **counts,
        "unreviewed": standing["unreviewed"],
        "tests": tests,
        "exposure": money.to_text(case.exposure_minor, case.currency),
    }
