"""Killed (SIGKILL) at any write or commit of a day of recovery: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from collections import Counter
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from tests.clocks import TurnedClock
from tests.recovery import debts
from tests.recovery.test_sending import queue_letters
from tools.core import clock, settings
from tools.recovery import receipts, states
from tools.recovery.replies import apply
from tools.recovery.sending import send_due
from tools.store import Store, open_store, runs
from tools.store.models import Contact, Letter, RecoveryClaim, RecoveryParty
from tools.store.writes import insert_new

PAID, DISPUTED, RETURNED, LEFT, WRITTEN = range(5)  # what becomes of each claim on this day
# All that a day leaves behind, without times, tokens and names of rows.
STATE = {
    "claims": "SELECT claim_id, status, recovered_minor, hold, level, thread_id, outcome FROM recovery_claim",
    "letters": "SELECT letter_id, status, note FROM letter",
    "replies": "SELECT reply_id, kind, status, claim_id FROM reply",
    "events": "SELECT claim_id, kind, once FROM recovery_event WHERE kind <> 'contacts_sought'",
    "suppressed": "SELECT address, reason FROM suppression",
    "contacts": "SELECT value, status, soft_bounces FROM contact",
    "fees": "SELECT claim_id, kind, amount_minor, once FROM fee_entry",
    "outbox": "SELECT origin_id, status FROM outbox",
}
RULES = debts.RULES.model_copy(update={"contingency_fee": 0.1})


def _desk(folder: Path) -> Path:
    """Make a desk with five letters that may go out, each to a contact of its party."""
    (folder / "rules.yaml").write_text("{}", encoding="utf-8")
    store = open_store(settings.load().database_url)
    runs.start(store, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    queue_letters(store, 5)
    add_contacts(store)
    store.close()
    return Path(settings.load().database_url.removeprefix("sqlite:///"))


def add_contacts(store: Store) -> None:
    """Give each letter's party its recipient as a contact."""
    with store.begin() as session:
        for letter in session.scalars(select(Letter)):
            claim = session.get_one(RecoveryClaim, letter.claim_id)
            insert_new(session, Contact, [_contact(claim.party_id, letter.recipient)])
        for party in session.scalars(select(RecoveryParty)):
            party.country = "US"


def _contact(party_id: str, address: str) -> dict[str, Any]:
    return {
        "contact_id": f"C-{address}", "party_id": party_id, "kind": "email", "value": address, "name": "",
        "position": "", "source": "books", "legal_basis": "contract", "confidence": 0.9, "status": "valid",
        "soft_bounces": 0, "fetched_at": debts.NOON, "expires_at": None,
    }  # fmt: skip


def _day(store: Store) -> None:
    """Read what came in, book money, send what is due; again, it does what is left."""
    with store.read() as session:
        addresses = [row.recipient for row in session.scalars(select(Letter).order_by(Letter.letter_id))]
        names = list(session.scalars(select(Letter.claim_id).order_by(Letter.letter_id)))
    for mail in _mails(addresses):
        apply.receive(store, mail.encode(), RULES)
    with store.begin() as session:
        claim = states.locked(session, names[PAID])
        row = {"row_key": "bank:1", "posted_on": debts.NOON.date()}
        receipts.receive(session, claim, claim.amount_minor, row, RULES, by="tieout")
    send_due(store, settings.load())


def _mails(addresses: list[str]) -> list[str]:
    head = "From: {}\nTo: us@small.example\nSubject: Re: Money\n\n{}\n"
    returned = (
        "From: MAILER-DAEMON@mx.example\nTo: us@small.example\n"
        "Subject: Undelivered Mail Returned to Sender\n\n"
        f"<{addresses[RETURNED]}>: host mx.example said: 550 5.1.1 User unknown"
        " (in reply to RCPT TO command)\n"
    )
    return [
        head.format(addresses[PAID], "We have returned the amount to you today by wire."),
        head.format(addresses[DISPUTED], "We dispute this claim, the invoice is wrong."),
        returned,
        head.format(addresses[LEFT], "Please remove me from your list, unsubscribe."),
    ]


def _die_at(point: int, database: Path, count: Path | None = None) -> None:
    """Do the day in a process that dies before the n-th write or commit; count them where it lives."""
    store = open_store(f"sqlite:///{database}")
    seen = 0

    def step(*_: object) -> None:
        nonlocal seen
        seen += 1
        if seen == point:
            os.kill(os.getpid(), signal.SIGKILL)

    def written(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.lstrip()[:6].upper() in {"INSERT", "UPDATE", "DELETE"}:
            step()

    event.listen(store.engine, "before_cursor_execute", written)
    event.listen(store.engine, "commit", step)
    with clock.using(TurnedClock(debts.NOON)):
        _day(store)
    if count is not None:
        count.write_text(str(seen), encoding="utf-8")


def _in_a_process(point: int, database: Path, count: Path | None = None) -> int:
    child = os.fork()  # not tests/processes.py: hundreds of those take minutes
    if child == 0:
        try:
            _die_at(point, database, count)
        finally:
            os._exit(0)
    return os.waitpid(child, 0)[1]


def _state(database: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(database)) as reader:
        return {name: sorted(reader.execute(query), key=repr) for name, query in STATE.items()}


@pytest.mark.timeout(1800)  # every point takes minutes
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("share", [0.05, pytest.param(1.0, marks=pytest.mark.exhaustive)])
def test_a_day_killed_at_any_write_ends_as_one_that_was_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    """Replies, money and letters: the same in the end, a letter twice only where it says that it may be."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    desk = _desk(tmp_path)
    with debts.mail_server() as (url, accepted):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        whole = _copy(desk, "whole")
        _in_a_process(0, whole, tmp_path / "count")
        expected, arrived = _state(whole), Counter(to for to, _ in accepted)
        points = int((tmp_path / "count").read_text(encoding="utf-8"))
        assert points > 40
        assert sorted(str(row[1]) for row in expected["letters"]) == ["cancelled"] * 4 + ["sent"]
        chosen = random.Random(points).sample(range(1, points + 1), round(points * share))
        for point in chosen:
            accepted.clear()
            killed = _copy(desk, f"killed-{point}")
            assert os.WTERMSIG(_in_a_process(point, killed)) == signal.SIGKILL
            store = open_store(f"sqlite:///{killed}")
            with clock.using(TurnedClock(debts.NOON + timedelta(minutes=5))):
                _day(store)
                with store.read() as session:
                    doubled = {row.recipient for row in session.scalars(select(Letter)) if row.doubled}
            store.close()
            assert _state(killed) == expected, point
            came = Counter(to for to, _ in accepted)
            assert set(came) == set(arrived), point
            assert {to for to in came if came[to] > 1} <= doubled, point


def _copy(desk: Path, name: str) -> Path:
    return Path(shutil.copyfile(desk, desk.with_name(f"{name}.db")))
