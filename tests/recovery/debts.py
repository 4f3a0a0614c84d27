"""Small books in which money is owed, a desk over them, and a mail server that keeps what it gets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from aiosmtpd.controller import Controller

from tests.graph.small import settings_of, users
from tests.ports import free_port
from tools import ledger
from tools.books.engine import Books
from tools.core import settings
from tools.ledger.window import Window
from tools.recovery import books
from tools.recovery.drafts import OWED, ClaimDraft, ItemDraft, PartyDraft
from tools.rules.recovery import RecoveryRules
from tools.store import Store, flags, runs

ENTITY = "Small Books Ltd"
NOON = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)  # a Tuesday
RULES = RecoveryRules()
PAYMENTS = """\
id,day,vendor_id,vendor,invoice,amount
P1,2026-01-05,V1,Alder Supply,A-100,1000.25
P2,2026-01-12,V1,Alder Supply,A-100,1000.25
P3,2026-01-06,V2,Beacon Travel,B-200,500.00
P4,2026-01-13,V2,Beacon Travel,B-200,500.00
P5,2026-01-20,V2,Beacon Travel,B-200,-500.00
P6,2026-01-07,V3,Cedar Print,C-300,300.00
P7,2026-01-14,V3,Cedar Print,C-300,300.00
"""
CONTACTS = """\
id,name,person,email,zone
V1,Alder Supply,Ada Finch,accounts@alder.example,UTC
V3,Cedar Print,Bo Larsen,accounts@cedar.example,UTC
"""
BANK = """\
id,day,text,amount
B1,2026-02-20,WIRE IN ALDER SUPPLY A-100,1000.25
B2,2026-02-21,ACH CREDIT SOMEBODY ELSE,300.00
"""


def write(folder: Path) -> Path:
    """Write the books and users; give the sources file."""
    for name, text in (("payments", PAYMENTS), ("contacts", CONTACTS), ("bank", BANK)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    users(folder)
    (folder / "rules.yaml").write_text("{}", encoding="utf-8")
    entity = {"name": ENTITY, "currency": "USD", "address": "1 Quay, Port", "email": "us@small.example"}
    paid = {"txn_id": "id", "posted_on": "day", "vendor_id": "vendor_id", "vendor_name": "vendor"}
    paid |= {"invoice_no": "invoice", "amount": "amount"}
    people = {
        "party_id": "id",
        "party_name": "name",
        "person_name": "person",
        "email": "email",
        "timezone": "zone",
    }
    line = {"txn_id": "id", "posted_on": "day", "description": "text", "amount": "amount"}
    sources: dict[str, Any] = {
        "payments": {"kind": "payment", "path": "payments.csv", "columns": paid},
        "contacts": {"kind": "contact", "path": "contacts.csv", "columns": people},
    }
    path = folder / "sources.yaml"
    path.write_text(yaml.safe_dump({"entity": entity, "sources": sources}), encoding="utf-8")
    bank = {"bank": {"kind": "bank", "path": "bank.csv", "columns": line}}
    (folder / "later.yaml").write_text(yaml.safe_dump({"entity": entity, "sources": bank}), encoding="utf-8")
    return path


def environment(folder: Path) -> dict[str, str]:
    """Give the settings of a desk over them."""
    return settings_of(folder)


def confirm(store: Store, rows: list[dict[str, Any]]) -> None:
    """Flag the second payment of each invoice as an audit does, and approve it as a person does."""
    run = runs.start_audit(store, thread_id="audit", started_by="riley", run_id="a1", entity=ENTITY)
    first: dict[str, dict[str, Any]] = {}
    raised = []
    for row in sorted((row for row in rows if row["amount_minor"] > 0), key=lambda row: row["txn_id"]):
        before = first.setdefault(row["invoice_no"], row)
        if before is row:
            continue
        test = {
            "test": "duplicate_payment",
            "score": 95,
            "partner_key": before["row_key"],
            "family": "duplicate",
        }
        raised.append(
            {
                "row_key": row["row_key"], "source": "payments", "kind": "payment", "txn_id": row["txn_id"],
                "amount_minor": row["amount_minor"], "exposure_minor": row["amount_minor"], "currency": "USD",
                "exposure_base": row["amount_minor"], "severity": "WARNING", "risk": "HIGH",
                "vendor": row["vendor_name"], "lead_test": "duplicate_payment", "tests": [test],
            }
        )  # fmt: skip
    proposed = flags.propose(store, run.run_id, raised)
    flags.decide(store, run.run_id, dict.fromkeys(proposed.new, "approved"), by="dana")


def claim(number: int, amount: int = 10_000, *, role: str = "vendor") -> ClaimDraft:
    """Give a claim of its own party."""
    item = ItemDraft(
        OWED, f"INV-{number:04}", amount, "USD", dated_on=datetime(2026, 1, 5, tzinfo=UTC).date()
    )
    party = PartyDraft("prospect" if role == "prospect" else "vendor", f"Party {number}", f"PARTY {number}")
    return ClaimDraft(ENTITY, "double_payment", party, f"Paid twice: Party {number}", "why", "USD", [item])


@contextmanager
def mail_server() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Run an SMTP server on this machine; give its URL, and what it accepted: recipient, text."""
    accepted: list[tuple[str, str]] = []

    class Keep:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's
            del server, session
            accepted.append((envelope.rcpt_tos[0], envelope.content.decode("utf-8", "replace")))
            return "250 OK"

    port = free_port()
    controller = Controller(Keep(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}", accepted
    finally:
        controller.stop()


def rows(sources: Path, folder: Path) -> list[dict[str, Any]]:
    """Give the payments as the desk reads them."""
    declared = books.read_file(sources)
    ledger.read(declared, Window({}, books.day_of(declared)), settings.load(), folder)
    with Books.open(folder, settings.load()) as opened:
        return opened.rows("SELECT * FROM txn WHERE kind = 'payment'")
