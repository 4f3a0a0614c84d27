"""Two workers that do the same day at once, on PostgreSQL: it is as if one had done it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from tests.clocks import TurnedClock
from tests.postgres import Cluster
from tests.recovery import debts
from tests.recovery.test_kills import add_contacts
from tests.recovery.test_sending import queue_letters
from tools.core import clock, settings
from tools.recovery import money
from tools.recovery.replies import apply
from tools.recovery.sending import SendingCounts, send_due
from tools.store import Store, open_store, runs
from tools.store.models import Contact, FeeEntry, RecoveryClaim, RecoveryEvent, Reply

RULES = debts.RULES.model_copy(update={"contingency_fee": 0.1, "soft_bounces": 3})
FULL, PAID, DISPUTED = range(3)
MAILS = {
    FULL: "From: MAILER-DAEMON@mx.example\nTo: us@small.example\n"
    "Subject: Undelivered Mail Returned to Sender\n\n"
    "<{}>: host mx.example said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)\n",
    DISPUTED: "From: {}\nTo: us@small.example\nSubject: Re: Money\n\n"
    "We dispute this claim, the invoice is wrong.\n",
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Cluster) -> Store:
    """Give a desk on PostgreSQL with five letters that may go out, and a contact of each party."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", postgres.url(postgres.create()))
    (tmp_path / "rules.yaml").write_text("{}", encoding="utf-8")
    opened = open_store(settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    queue_letters(opened, 5)
    add_contacts(opened)
    return opened


def _bank_line(number: int, claim_id: str, amount: int) -> dict[str, object]:
    return {
        "row_key": f"bank:{number}", "txn_id": "B1", "kind": "bank", "source": "bank", "file": "bank.csv",
        "line": 2, "currency": "USD", "amount_minor": amount, "posted_on": debts.NOON.date(),
        "vendor_name": None, "vendor_key": None, "vendor_id": None, "invoice_no": None, "reference": "",
        "description": f"WIRE IN {claim_id}",
    }  # fmt: skip


def test_it_is_as_if_one_had_done_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each mail, posting and letter counts once: bounces in a row, money, fee, events, what arrives."""
    with store.read() as session:
        contacts = list(session.scalars(select(Contact).order_by(Contact.value)))
        claim_of = {
            contact.value: session.scalars(
                select(RecoveryClaim.claim_id).where(RecoveryClaim.party_id == contact.party_id)
            ).one()
            for contact in contacts
        }
    addresses = sorted(claim_of)
    lines = [_bank_line(at, claim_of[addresses[PAID]], part) for at, part in enumerate((4_000, 6_000))]
    mails = [text.format(addresses[at]).encode() for at, text in MAILS.items()]
    together = Barrier(2, timeout=60)

    def work(at: int) -> SendingCounts:
        with clock.using(TurnedClock(debts.NOON)):
            for raw in mails:
                together.wait()
                apply.receive(store, raw, RULES)
            for posted in ([lines[at]], lines):  # one part each, then both by both
                together.wait()
                money.apply(store, RULES, debts.ENTITY, posted)
            together.wait()
            return send_due(store, settings.load())

    with debts.mail_server() as (url, accepted), ThreadPoolExecutor(2) as workers:
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        counts = list(workers.map(work, range(2)))
    with store.read() as session:
        replies = session.scalar(select(func.count()).select_from(Reply))
        bounced = session.scalars(select(Contact.soft_bounces).where(Contact.value == addresses[FULL])).one()
        won = session.get_one(RecoveryClaim, claim_of[addresses[PAID]])
        kinds = list(session.scalars(select(RecoveryEvent.kind)))
        fees = list(session.scalars(select(FeeEntry.amount_minor)))
    arrived = sorted(to for to, _ in accepted)
    store.close()
    assert (replies, bounced) == (2, 1)
    assert (won.status, won.recovered_minor, sorted(fees)) == ("won", won.amount_minor, [400, 600])
    assert [kinds.count(kind) for kind in ("money", "won", "replied")] == [2, 1, 1]
    assert arrived == sorted(set(addresses) - {addresses[PAID], addresses[DISPUTED]})
    assert sum(count.sent for count in counts) == len(arrived)
