"""End a programme: its run, and what it came to."""

from __future__ import annotations

from tools.approvals import requests
from tools.core import settings
from tools.core.digest import digest
from tools.programme import gate, records
from tools.programme.working_papers import filing
from tools.store import open_store, runs, trail


def pass_gate(run_id: str) -> str:
    """Open the next phase where this one reached its end; "" then, "last" behind the last, else "asked"."""
    store = open_store(settings.load().database_url)
    looked = gate.look(records.load(store, run_id))
    return "asked" if looked.problems else open_next(run_id)


def open_next(run_id: str) -> str:
    """Open the next phase; give "last" where there is none."""
    store = open_store(settings.load().database_url)
    with store.begin() as session:
        row = records.hold(session, run_id)
        phases = records.load(store, run_id).programme.phases
        number = phases.index(row.phase)
        records.happened(store, run_id, "", "gate passed", details={"phase": row.phase}, wake=False)
        if number + 1 == len(phases):
            return "last"
        row.phase = phases[number + 1]
        return ""


def close(run_id: str, outcome: str) -> None:
    """End the run; what it still asked is not asked any more."""
    store = open_store(settings.load().database_url)
    for request in requests.of_run(store, run_id):
        requests.close(store, request.request_id, outcome)
    runs.close(store, run_id, outcome)


def report(run_id: str) -> str:
    """Put the digest of the final report on the trail, and give it."""
    store = open_store(settings.load().database_url)
    report_digest = digest(filing.final_report(store, run_id))
    trail.append(
        store, run_id, "tieout", "final report", details={"sha256": report_digest}, once="final report"
    )
    return report_digest
