"""A desk at work, with rows in every table: what forgers edit, and what has to verify as it is."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Integer,
    Table,
    TypeDecorator,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session

from tests.store.conftest import start
from tools.approvals import requests
from tools.runs import tasks
from tools.store import (
    Store,
    aliases,
    cases,
    flags,
    outbox,
    proposals,
    rule_versions,
    runs,
    trail,
    windows,
)
from tools.store.models import Alert, FlagStatus, metadata
from tools.store.row_digests import sealed_tables

JAN, FEB = date(2025, 1, 31), date(2025, 2, 28)
SINCE, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2025, 2, 1, tzinfo=UTC)


def flag(number: int, **columns: object) -> dict[str, Any]:
    """Make a flag with every column filled."""
    return {
        "row_key": f"card:{number}-0",
        "source": "card",
        "case_id": "c1",
        "txn_id": f"t{number}",
        "file": "card.csv",
        "line": number,
        "kind": "payment",
        "vendor": f"Vendor {number}",
        "person": "Kim",
        "role": "controller",
        "lead_test": "round_amount",
        "partner_key": "ledger:9-0",
        "posted_on": date(2025, 1, 10 + number),
        "amount_minor": 120000 + number,
        "currency": "USD",
        "severity": "CRITICAL",
        "risk": "HIGH",
        "score": 80,
        "confidence": 0.75,
        "explanation": "Paid twice within three days.",
        "tests": [{"test": "round_amount"}],
        "documents": [{"file": "invoice.pdf"}],
        "components": {"amount": 40},
        **columns,
    }


def draft(kind: str, subject: str, need: int = 1, **columns: Any) -> requests.Draft:  # noqa: ANN401 - of a draft
    """Make a request about one subject."""
    about = [{"subject": subject, "risk": "HIGH", "description": "Paid twice"}]
    return requests.Draft(kind, "To decide", about, {subject: need}, **columns)


def fill_desk(store: Store) -> None:
    """Audit, ask, decide, review, learn, notify, close, abandon; leave one run waiting."""
    for number, digest in enumerate(("a" * 64, "b" * 64)):
        rule_versions.save(store, digest, f"bands: {number}\n", author="dana", reason="tuned")
    _closed_run(store)
    _waiting_run(store)
    windows.take(store, start(store, "r3"), "E", ["card"], FEB)
    windows.abandon(store, "r3", by="lee", reason="wrong file")
    windows.take(store, start(store, "r4", entity="F"), "F", ["card"], FEB)
    windows.close(store, "r4", outcome="clean")
    _fill_proposals(store)
    _fill_tasks(store)
    _applications(store)


def _applications(store: Store) -> None:
    """Put two rows into every table that only one application writes, each column filled."""
    with store.begin() as session:
        for table in metadata().sorted_tables:
            if table.name in sealed_tables():
                rows = session.scalar(select(func.count()).select_from(table)) or 0
                for number in range(rows, 2):
                    session.execute(insert(table).values(_row(session, table, number)))


def _row(session: Session, table: Table, number: int) -> dict[str, Any]:
    numbered = table.autoincrement_column
    return {
        column.name: _value(session, column, number) for column in table.columns if column is not numbered
    }


def _value(session: Session, column: Column[Any], number: int) -> Any:  # noqa: ANN401 - any column's value
    for key in column.foreign_keys:
        return session.scalars(select(key.column).order_by(key.column).offset(number)).first()
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    fitting = {
        JSON: {"number": number},
        Boolean: bool(number),
        Integer: number + 1,
        Double: number + 0.5,
        DateTime: SINCE,
        Date: JAN,
    }
    return next((value for of, value in fitting.items() if isinstance(kind, of)), f"{column.name} {number}")


def _closed_run(store: Store) -> None:
    run_id = start(store, "r1")
    windows.take(store, run_id, "E", ["card", "bank"], JAN)
    runs.record(store, run_id, snapshot_uri="file:snap", snapshot_sha256="c" * 64, window_to=JAN)
    for number in (1, 2):
        case = {"case_id": f"c{number}", "title": "Paid twice", "exposure_minor": number, "currency": "USD"}
        cases.save(store, run_id, [case])
    raised = flags.propose(store, run_id, [flag(number) for number in range(4)]).new
    request = requests.ask(store, run_id, draft("flags", "c1", units={"c1": raised}))["request_id"]
    for recipient in ("seniors", "clerks"):
        outbox.queue(store, outbox.Origin("run", run_id), "asked", recipient, {"request": request})
    requests.decide(store, request, {"c1": "approve"}, by="lee", roles=["approver"], note="agreed")
    statuses: dict[str, FlagStatus] = dict.fromkeys(raised, "approved")
    flags.decide(store, run_id, statuses, by="lee", request_id=request, note="agreed")
    requests.close(store, request, "approved")
    batch = outbox.claim(store)
    if batch:
        outbox.mark_sent(store, batch)
    flags.review_all(store, raised[:2], "confirmed", by="kim", note="the vendor agrees")
    carried = [{"pair": "p", "row_key": f"{source}:7", "source": source} for source in ("card", "bank")]
    windows.close(store, run_id, outcome="flagged", counts={"flags": 4}, carried=carried)
    learned = [{"alias_key": f"acme {n}", "vendor_key": "acme", "confidence": 0.1 * n} for n in (1, 2)]
    aliases.learn(store, run_id, "E", learned)


def _waiting_run(store: Store) -> None:
    run_id = start(store, "r2")
    windows.take(store, run_id, "E", ["card"], FEB)
    flags.propose(store, run_id, [flag(number) for number in (1, 8, 9)])
    request = requests.ask(store, run_id, draft("gate", "gate", need=2, expires_hours=1))["request_id"]
    requests.decide(store, request, {"gate": "approve"}, by="lee", roles=["approver"])
    requests.escalated(store, request, to="controller")
    trail.append(store, run_id, "model", "explain", model="m", tokens_in=5, tokens_out=7, cost="0.00012")


def _fill_proposals(store: Store) -> None:
    rows = [
        {
            "proposal_id": f"p{number}",
            "kind": "loosen",
            "test": "round_amount",
            "vendor": f"v{number}",
            "refusals": [],
        }
        for number in (1, 2)
    ]
    proposals.save(store, "round 1", SINCE, UNTIL, rows)
    proposals.settle(store, "p1", "applied", by="lee", note="well founded")
    for action in ("applied", "rolled back"):
        proposals.record(
            store, "p1", action, author="lee", reason="noise", before_digest="a", after_digest="b", diff="-1"
        )


def _fill_tasks(store: Store) -> None:
    for key in ("t1", "t2"):
        tasks.enqueue(store, "audit", {"sources": "books"}, key=key, run_id="r2")
    lease = tasks.claim(store, "worker 1", ["audit"])
    assert lease is not None
    with store.begin() as session:
        for subject in ("r2", "r1"):
            fields = {"raised_at": SINCE, "cleared_at": None, "message": f"{subject} waits"}
            session.add(Alert(name="stuck", subject=subject, **fields))
