"""How changes of the rules were tested.

begin(store, suite) -> TestSuite               once; the newest round of a change is the last
keep(store, suite_id, status, ...)             what a step found; judged gates are on the trail
put_outcomes(store, suite_id, outcomes)        in place of those that were there
newest(store, proposal_id), newest_of(store, proposal_ids), of_proposal(store, proposal_id)
unfinished_of(store, run_id), end(store, suite_id)   rounds that came to no gates
outcomes(store, suite_id)                      in the order in which they ran
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from tools.core.clock import clock
from tools.core.errors import RunError
from tools.store import trail
from tools.store.database import Store
from tools.store.models import TestOutcome, TestSuite
from tools.store.writes import insert_new


def begin(store: Store, proposal_id: str, run_id: str, *, number: int, draft: Mapping[str, Any]) -> TestSuite:
    """Open a round of a change; opened again, it is the same one."""
    suite_id = f"{run_id}-{number}"
    row = {
        "suite_id": suite_id, "proposal_id": proposal_id, "run_id": run_id, "round": number,
        "status": "pending", "draft": dict(draft), "mutants": [], "replay": {}, "gates": [],
        "made_at": clock().now(), "ended_at": None,
    }  # fmt: skip
    with store.begin() as session:
        insert_new(session, TestSuite, [row])
    return get(store, suite_id)


def get(store: Store, suite_id: str) -> TestSuite:
    """Give a suite. Raises RunError where there is none."""
    with store.read() as session:
        suite = session.get(TestSuite, suite_id)
    if suite is None:
        raise RunError(
            f"there is no suite of tests '{suite_id}'.", remedy="'tieout change list' lists changes."
        )
    return suite


def keep(store: Store, suite_id: str, status: str, **columns: Any) -> None:  # noqa: ANN401 - JSON
    """Keep what a step of a round found; with gates, the round has ended."""
    with store.begin() as session:
        suite = session.get(TestSuite, suite_id, with_for_update=True)
        if suite is None:
            raise RunError(f"there is no suite of tests '{suite_id}'.")
        suite.status = status
        for name, value in columns.items():
            setattr(suite, name, value)
        if "gates" in columns:
            suite.ended_at = clock().now()
            lost = [gate["name"] for gate in columns["gates"] if not gate["passed"]]
            details = {"proposal_id": suite.proposal_id, "suite_id": suite_id, "failed": lost}
            trail.append(
                store, trail.DESK, "tieout", f"change {status} its gates", details=details,
                once=f"gates:{suite_id}",
            )  # fmt: skip


def put_outcomes(store: Store, suite_id: str, outcomes: Sequence[Mapping[str, Any]]) -> None:
    """Keep what became of each test, by its name; put again, it changes what is there."""
    with store.begin() as session:
        query = select(TestOutcome).where(TestOutcome.suite_id == suite_id)
        rows = {row.name: row for row in session.scalars(query)}
        for outcome in outcomes:
            row = rows.get(outcome["name"])
            if row is None:
                session.add(TestOutcome(suite_id=suite_id, **outcome))
                continue
            for name, value in outcome.items():
                setattr(row, name, value)


def newest(store: Store, proposal_id: str) -> TestSuite | None:
    """Give the last round of a change; None where it was never tested."""
    suites = of_proposal(store, proposal_id)
    return suites[-1] if suites else None


def newest_of(store: Store, proposal_ids: Collection[str]) -> dict[str, TestSuite]:
    """Give the last round of each of these changes that was tested."""
    query = select(TestSuite).where(TestSuite.proposal_id.in_(proposal_ids))
    with store.read() as session:
        suites = session.scalars(query.order_by(TestSuite.made_at, TestSuite.suite_id))
        return {suite.proposal_id: suite for suite in suites}


def of_proposal(store: Store, proposal_id: str) -> list[TestSuite]:
    """List the rounds of a change, the first one first."""
    query = select(TestSuite).where(TestSuite.proposal_id == proposal_id)
    with store.read() as session:
        return list(session.scalars(query.order_by(TestSuite.made_at, TestSuite.suite_id)))


def unfinished_of(store: Store, run_id: str) -> list[TestSuite]:
    """List the rounds of a run that have not come to their gates."""
    query = select(TestSuite).where(TestSuite.run_id == run_id, TestSuite.ended_at.is_(None))
    with store.read() as session:
        return list(session.scalars(query.order_by(TestSuite.made_at, TestSuite.suite_id)))


def end(store: Store, suite_id: str) -> None:
    """End a round that comes to no gates any more: its tests that did not run were skipped."""
    with store.begin() as session:
        suite = session.get(TestSuite, suite_id, with_for_update=True)
        if suite is None or suite.ended_at is not None:
            return
        suite.status, suite.ended_at = "ended", clock().now()
        unrun = select(TestOutcome).where(
            TestOutcome.suite_id == suite_id, TestOutcome.status.in_(("PENDING", "RUNNING"))
        )
        for row in session.scalars(unrun):
            row.status, row.detail = "SKIPPED", "the round ended before it"
        details = {"proposal_id": suite.proposal_id, "suite_id": suite_id}
        trail.append(
            store, trail.DESK, "tieout", "test of a change ended", details=details, once=f"ended:{suite_id}"
        )


def outcomes(store: Store, suite_id: str) -> list[TestOutcome]:
    """List what became of the tests of a round, in the order in which they ran."""
    query = select(TestOutcome).where(TestOutcome.suite_id == suite_id).order_by(TestOutcome.result_no)
    with store.read() as session:
        return list(session.scalars(query))
