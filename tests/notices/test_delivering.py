"""Notices are delivered at least once, as few messages as will do, and what fails is seen."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime

import pytest

from desk.notices.deliver import deliver, watch
from tests.clocks import TurnedClock
from tests.notices.conftest import notice
from tests.notices.servers import MailServer
from tools.approvals import requests
from tools.core import clock, recipients, settings
from tools.notices import notice as notices
from tools.operations import health
from tools.store import Store, outbox


@pytest.fixture
def turned_clock() -> TurnedClock:
    """Give a clock that stands."""
    return TurnedClock(datetime(2025, 3, 1, tzinfo=UTC))


def _limits_with(monkeypatch: pytest.MonkeyPatch, url: str) -> settings.Settings:
    monkeypatch.setenv("TIEOUT_NOTIFY", json.dumps({"approvers": url}))
    return settings.load()


def _notifier(limits: settings.Settings) -> health.HealthPart:
    return next(part for part in health.check(limits) if part.name == "notifier")


def test_a_flood_is_one_message(
    store: Store, mail_server: MailServer, turned_clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten notices within the window are one mail that names all ten."""
    limits = _limits_with(monkeypatch, mail_server.url)
    with clock.using(turned_clock):
        notices.tell(store, "first", notice())
        deliver(store, limits, window_seconds=300)
        for number in range(10):
            notices.tell(store, f"flood-{number}", notice(title=f"case number {number}"))
        deliver(store, limits, window_seconds=300)
        early = len(mail_server.mails)
        turned_clock.sleep(301)
        deliver(store, limits, window_seconds=300)
    digest = mail_server.mails[1].get_body()
    assert (early, len(mail_server.mails)) == (1, 2)
    assert digest is not None
    assert mail_server.mails[1]["Subject"] == "Tieout: 10 notices, the gravest CRITICAL"
    assert all(f"case number {number}" in digest.get_content() for number in range(10))


def test_a_refusal_is_tried_again_and_health_says_so(
    store: Store, mail_server: MailServer, turned_clock: TurnedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is kept, the waits double, and after the last try health is in error until it is sent."""
    monkeypatch.setenv("TIEOUT_NOTIFY_ATTEMPTS", "3")
    limits, mail_server.refuse = _limits_with(monkeypatch, mail_server.url), 3
    states, waits = [], []
    with clock.using(turned_clock):
        notices.tell(store, "ask", notice())
        for _ in range(3):
            deliver(store, limits)
            (row,) = (*outbox.pending(store), *outbox.given_up(store))
            states.append(_notifier(limits).level)
            waits.append((row.next_try_at - turned_clock.now()).total_seconds())
            turned_clock.at = row.next_try_at
        deliver(store, limits)
        failure = _notifier(limits).message
        outbox.requeue(store)
        deliver(store, limits)
        states.append(_notifier(limits).level)
    assert (states, waits) == (["warning", "warning", "error", "ok"], [30, 60, 120])
    assert "given up" in failure
    assert len(mail_server.mails) == 1


def test_a_recipient_who_is_no_longer_set_is_an_error(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was queued for somebody whom the settings forgot waits, and says why."""
    _limits_with(monkeypatch, "json://127.0.0.1:9")
    notices.tell(store, "ask", notice())
    monkeypatch.setenv("TIEOUT_NOTIFY", "{}")
    assert deliver(store, settings.load()).failed == 1
    assert "no recipient 'approvers'" in outbox.pending(store)[0].error


def test_nobody_to_tell_is_no_error(store: Store) -> None:
    """A desk without recipients works; nothing piles up."""
    assert notices.tell(store, "ask", notice()) == []
    assert outbox.pending(store) == []


def test_whom_a_notice_goes_to() -> None:
    """By risk, kind and role."""
    by_name = {
        "all": recipients.Recipient.model_validate("json://a"),
        "grave": recipients.Recipient.model_validate({"url": "json://b", "risks": ["CRITICAL"]}),
        "seniors": recipients.Recipient.model_validate({"url": "json://c", "role": "controller"}),
        "gates": recipients.Recipient.model_validate({"url": "json://d", "kinds": ["gate"]}),
    }
    assert recipients.names_for(by_name, "flags", "HIGH") == ["all"]
    assert recipients.names_for(by_name, "flags", "CRITICAL", ["controller"]) == [
        "all",
        "grave",
        "seniors",
    ]
    assert recipients.names_for(by_name, "gate", "HIGH") == ["all", "gates"]
    assert recipients.names_for(by_name, "flags", "LOW") == []


def test_a_request_is_told_once(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked again by a replay, nobody is told twice."""
    limits = _limits_with(monkeypatch, mail_server.url)
    (request,) = requests.waiting(store)
    payload = {
        **request.payload,
        "subjects": [
            {**subject, "why": "", "choices": "approve."} for subject in request.payload["subjects"]
        ],
    }
    with store.begin() as session:
        row = session.get(type(request), request.request_no)
        assert row is not None
        row.payload = payload
    again = requests.get(store, request.request_id)
    for _ in range(2):
        notices.tell(store, "ask-flags-1", notices.of_request(store, again))
        deliver(store, limits)
    assert [str(mail["Subject"]) for mail in mail_server.mails] == [
        "Tieout: 2 cases to decide (CRITICAL, Pine \uff06 Co)"
    ]


def test_a_watcher_stops_when_told(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It delivers what is there and ends at once when it is told to."""
    limits, stop = _limits_with(monkeypatch, mail_server.url), threading.Event()
    notices.tell(store, "ask", notice())
    watcher = threading.Thread(target=watch, args=(store, limits, stop))
    watcher.start()
    while not mail_server.mails:
        stop.wait(0.02)
    stop.set()
    watcher.join(timeout=20)
    assert (watcher.is_alive(), len(mail_server.mails)) == (False, 1)


def test_senders_together_send_each_message_once(
    store: Store, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a sender holds a message, no other one sends it."""
    names = [f"person{number}" for number in range(12)]
    monkeypatch.setenv("TIEOUT_NOTIFY", json.dumps(dict.fromkeys(names, mail_server.url)))
    limits = settings.load()
    notices.tell(store, "ask", notice())
    senders = [threading.Thread(target=deliver, args=(store, limits)) for _ in range(4)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    ids = [str(mail["Message-ID"]) for mail in mail_server.mails]
    assert (len(ids), len(set(ids))) == (12, 12)
