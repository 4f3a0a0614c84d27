"""Questions and tests of changes whose process ended: their runs are ended, and say so.

end_leftovers(store, now) -> list[str]     the runs that were ended; what waits for people stays as it is
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tools.approvals import requests
from tools.store import Store, desk_requests, runs, test_suites
from tools.store.models import Run

KEPT: Final = timedelta(hours=24)  # so long a killed one may be gone on with, and a reading be chosen
ENDED: Final = "ended without a result"
_GRAPHS: Final = ("front_desk", "change")
_MOST: Final = 1_000


def end_leftovers(store: Store, now: datetime) -> list[str]:
    """End what nobody works on or was asked about for a day. Ended again, nothing is ended twice."""
    asked = {request.run_id for request in requests.waiting(store)}
    asked |= desk_requests.handed_off(store)  # these wait for the run of another graph
    lost = [run for run in _left_open(store, now) if run.run_id not in asked]
    for run in lost:
        for suite in test_suites.unfinished_of(store, run.run_id):
            test_suites.end(store, suite.suite_id)
        runs.close(store, run.run_id, ENDED)
    return [run.run_id for run in lost]


def end_earlier(store: Store, change: str, run_id: str) -> None:
    """End the rounds of a change that an earlier run left unfinished: it is tested anew."""
    for suite in test_suites.of_proposal(store, change):
        if suite.run_id != run_id and suite.ended_at is None:
            test_suites.end(store, suite.suite_id)
            runs.close(store, suite.run_id, f"tested anew in run {run_id}")


def _left_open(store: Store, now: datetime) -> list[Run]:
    return [
        run
        for graph in _GRAPHS
        for run in runs.list_runs(store, kind=graph, status="open", limit=_MOST)
        if run.started_at <= now - KEPT
    ]
