"""What never happens to a letter: after payment, suppressed, twice, at night, above the cap, unapproved."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from tests.clocks import TurnedClock
from tests.postgres import Cluster
from tests.recovery import debts
from tools.core import clock, settings
from tools.core.settings import Settings
from tools.recovery import receipts, scout, smtp, states, stuck, suppressions
from tools.recovery.replies import apply
from tools.recovery.sending import SendingCounts, send_due
from tools.store import Store, open_store, outbox, runs
from tools.store.models import Contact, Letter, RecoveryClaim, RecoveryParty
from tools.store.writes import insert_new


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give an empty desk."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.yaml").write_text("{}", encoding="utf-8")
    opened = open_store(settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    yield opened
    opened.close()


def queue_letters(store: Store, count: int) -> list[str]:
    """Make claims with a letter each that people approved; give the letters' ids."""
    drafts = [debts.claim(number) for number in range(count)]
    scout.keep(store, "r1", drafts, debts.RULES)
    letters = []
    with store.begin() as session:
        for claim in session.scalars(select(RecoveryClaim)):
            for state in ("enriched", "scored", "approved"):
                states.move(session, claim, state, by="dana")
            claim.approved_by = "dana"
            letters.append(_letter(claim))
        for party in session.scalars(select(RecoveryParty)):
            party.timezone = "UTC"
        session.flush()
        insert_new(session, Letter, letters)
    with clock.using(TurnedClock(debts.NOON - timedelta(days=9))):
        for letter in letters:
            origin = outbox.Origin(outbox.LETTER, letter["letter_id"])
            outbox.queue(store, origin, "letter", letter["recipient"], {})
    return [letter["letter_id"] for letter in letters]


def _letter(claim: RecoveryClaim) -> dict[str, Any]:
    name = claim.claim_id.removeprefix("K-")
    return {
        "letter_id": f"L-{name}-1-1", "claim_id": claim.claim_id, "run_id": "r1", "level": 1, "attempt": 1,
        "language": "en", "recipient": f"{name}@d{name[:3]}.example", "subject": "Money", "body": "100.00",
        "template_body": "", "amount_minor": claim.amount_minor, "currency": "USD",
        "status": "queued", "message_id": f"<{name}@small.example>", "in_reply_to": "",
        "headers": {"From": "us@a.example"},
        "approved_by": "dana", "edited_by": "", "note": "", "doubled": 0,
        "drafted_at": debts.NOON,
        "approved_at": debts.NOON, "sent_at": None,
    }  # fmt: skip


def _pay(store: Store, letter_id: str) -> None:
    with store.begin() as session:
        letter = session.get_one(Letter, letter_id)
        claim = states.locked(session, letter.claim_id)
        row = {"row_key": f"bank:{letter_id}", "posted_on": debts.NOON.date()}
        receipts.receive(session, claim, claim.amount_minor, row, debts.RULES, by="tieout")


def _suppress(store: Store, letter_id: str) -> None:
    with store.read() as session:
        address = session.get_one(Letter, letter_id).recipient
    suppressions.add(store, address.upper(), "by_hand", by="dana")


def _suppress_domain(store: Store, letter_id: str) -> None:
    with store.read() as session:
        address = session.get_one(Letter, letter_id).recipient
    suppressions.add(store, "@" + address.partition("@")[2], "by_hand", by="dana")


def _unapprove(store: Store, letter_id: str) -> None:
    with store.begin() as session:
        letter = session.get_one(Letter, letter_id)
        states.locked(session, letter.claim_id).approved_by = ""


@pytest.mark.parametrize("meanwhile", [_pay, _suppress, _suppress_domain, _unapprove])
def test_a_letter_that_must_not_go_out_is_cancelled(
    store: Store, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Store, str], None]
) -> None:
    """Paid, suppressed, or not approved any more, since it was approved: it is cancelled, with the reason."""
    (letter_id,) = queue_letters(store, 1)
    with debts.mail_server() as (url, accepted), clock.using(TurnedClock(debts.NOON)):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        meanwhile(store, letter_id)
        assert send_due(store, settings.load()) == SendingCounts(cancelled=1)
        assert accepted == []
    with store.read() as session:
        letter = session.get_one(Letter, letter_id)
    assert letter.status == "cancelled"
    assert letter.note


@pytest.mark.parametrize("meanwhile", [_pay, _suppress, _suppress_domain])
def test_a_letter_that_waits_for_its_hour_is_cancelled_as_soon_as_it_must_not_go_out(
    store: Store, monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[Store, str], None]
) -> None:
    """Paid or suppressed at night: at night already nobody reads that it waits; the other goes on waiting."""
    letter_id = queue_letters(store, 2)[0]
    with debts.mail_server() as (url, accepted), clock.using(TurnedClock(debts.NOON.replace(hour=3))):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        assert send_due(store, settings.load()) == SendingCounts(waiting=2)
        meanwhile(store, letter_id)
        assert send_due(store, settings.load()) == SendingCounts(waiting=1, cancelled=1)
        assert accepted == []


def test_it_waits_for_the_recipients_hours_and_the_days_cap(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At night and at weekends none goes out; within a day no more than the cap, the others the next day."""
    queue_letters(store, 3)
    Path(os.environ["TIEOUT_RULES"]).write_text("recovery: {daily_cap: 2}", encoding="utf-8")
    with debts.mail_server() as (url, accepted):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        for night in (debts.NOON.replace(hour=3), debts.NOON - timedelta(days=2)):
            with clock.using(TurnedClock(night)):
                assert send_due(store, settings.load()).sent == 0
        with clock.using(TurnedClock(debts.NOON)):
            assert send_due(store, settings.load()).sent == 2
        with clock.using(TurnedClock(debts.NOON + timedelta(days=1))):
            assert send_due(store, settings.load()).sent == 1
        assert len({to for to, _ in accepted}) == 3


def test_two_workers_at_once_send_each_letter_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, postgres: Cluster
) -> None:
    """On PostgreSQL, two that take letters at the same time: each arrives once, within one cap."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", postgres.url(postgres.create()))
    (tmp_path / "rules.yaml").write_text("recovery: {daily_cap: 10}", encoding="utf-8")
    opened = open_store(settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    queue_letters(opened, 12)
    with debts.mail_server() as (url, accepted), ThreadPoolExecutor(2) as workers:
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        counts = list(workers.map(_send_as_worker, [opened, opened]))
    opened.close()
    assert sum(count.sent for count in counts) == len({to for to, _ in accepted}) == len(accepted) == 10


def _send_as_worker(opened: Store) -> SendingCounts:
    with clock.using(TurnedClock(debts.NOON)):
        return send_due(opened, settings.load())


def _send_and_die(url: str, before: bool) -> None:
    os.environ["TIEOUT_SMTP_URL"] = url
    real = smtp.send

    def dying(settings: Settings, mail: smtp.Mail) -> smtp.Refusal | None:
        if before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(settings, mail)
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    smtp.send = dying
    limits = settings.load()
    with clock.using(TurnedClock(debts.NOON)):
        send_due(open_store(limits.database_url), limits)


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("kills", [12, pytest.param(40, marks=pytest.mark.exhaustive)])
def test_kills_lose_no_letter_and_double_none_in_silence(
    store: Store, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    """Killed before or after the mail server accepted: each arrives, and one that came twice says so."""
    letters = queue_letters(store, kills)
    chance = random.Random(7)
    after = 0
    with debts.mail_server() as (url, accepted):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        for _ in range(kills):
            before = chance.random() < 0.5
            after += not before
            child = os.fork()  # not tests/processes.py: forty of those take a minute
            if child == 0:
                _send_and_die(url, before)
                os._exit(1)
            _, status = os.waitpid(child, 0)
            assert os.WTERMSIG(status) == signal.SIGKILL
        with clock.using(TurnedClock(debts.NOON + timedelta(minutes=5))):
            assert send_due(store, settings.load()).sent == kills
        with store.read() as session:
            rows = list(session.scalars(select(Letter)))
        arrived = [to for to, _ in accepted]
        assert {row.recipient for row in rows} == set(arrived)
        assert len(arrived) - len(letters) == after
        twice = {row.recipient for row in rows if arrived.count(row.recipient) > 1}
        assert twice <= {row.recipient for row in rows if row.doubled}
    assert {row.status for row in rows} == {"sent"}


def test_a_contact_who_writes_of_its_own_accord_is_heard(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It disputes before our letter went out: the answer is the claim's, and the letter does not go out."""
    (letter_id,) = queue_letters(store, 1)
    with store.begin() as session:
        letter = session.get_one(Letter, letter_id)
        claim = states.locked(session, letter.claim_id)
        insert_new(session, Contact, [_contact(claim.party_id, letter.recipient)])
        sender = letter.recipient
    mail = (
        f"From: {sender}\nTo: us@small.example\nSubject: INV-0000\n\nWe dispute this, the invoice is wrong.\n"
    )
    with debts.mail_server() as (url, accepted), clock.using(TurnedClock(debts.NOON)):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        received = apply.receive(store, mail.encode(), debts.RULES)
        assert received is not None
        assert received.claim_id == claim.claim_id
        assert send_due(store, settings.load()) == SendingCounts(cancelled=1)
        assert accepted == []


def _contact(party_id: str, address: str) -> dict[str, Any]:
    return {
        "contact_id": "C-1", "party_id": party_id, "kind": "email", "value": address, "name": "",
        "position": "", "source": "books", "legal_basis": "contract", "confidence": 0.9, "status": "valid",
        "soft_bounces": 0, "fetched_at": debts.NOON, "expires_at": None,
    }  # fmt: skip


def test_a_claim_that_nobody_is_written_to_about_is_stuck(store: Store) -> None:
    """Approved a day ago, and no letter: who has no address is not forgotten; a letter ends it."""
    with clock.using(TurnedClock(debts.NOON)):
        (letter_id,) = queue_letters(store, 1)
        with store.begin() as session:
            session.execute(delete(Letter).where(Letter.letter_id == letter_id))
    with clock.using(TurnedClock(debts.NOON + timedelta(hours=25))):
        assert [condition.kind for condition in stuck.stuck(store)] == ["claim_unwritten"]
    with clock.using(TurnedClock(debts.NOON + timedelta(hours=23))):
        assert stuck.stuck(store) == []
