"""Whatever happens to claims, in whatever order: no letter goes out that must not (a stateful test)."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from tests.clocks import TurnedClock
from tests.recovery import debts
from tools.core import clock
from tools.core import settings as desk_settings
from tools.recovery import receipts, scout, states, suppressions
from tools.recovery.replies import apply
from tools.recovery.sending import send_due
from tools.store import Store, open_store, outbox, runs
from tools.store.models import Letter, RecoveryClaim, RecoveryParty
from tools.store.writes import insert_new

CAP = 3  # letters a day
CLAIMS = 3
ANSWERS = {
    "opt_out": "Please remove me from your list, unsubscribe.",
    "dispute": "We dispute this claim, the invoice is wrong.",
    "question": "Could you send us a copy of the invoice?",
}


class Letters(RuleBasedStateMachine):
    """A desk with claims. Beside it a plain model: who may be written to, and what is open."""

    store: ClassVar[Store]
    accepted: ClassVar[list[tuple[str, str]]]
    numbers: ClassVar[Iterator[int]]
    days: ClassVar[Iterator[int]]

    @initialize()
    def start(self) -> None:
        """Approve a few new claims of parties in UTC, on a Monday of their own."""
        self.clock = TurnedClock(debts.NOON - timedelta(days=1) + timedelta(weeks=next(self.days)))
        self.before, self.sent = len(self.accepted), 0
        drafts = [debts.claim(next(self.numbers)) for _ in range(CLAIMS)]
        self.ids = [draft.claim_id for draft in drafts]
        self.open = dict.fromkeys(self.ids, 10_000)
        self.stopped: dict[str, str] = {}
        self.on_day: Counter[str] = Counter()
        with clock.using(self.clock):
            scout.keep(self.store, "r1", drafts, debts.RULES)
            with self.store.begin() as session:
                for claim in session.scalars(
                    select(RecoveryClaim).where(RecoveryClaim.claim_id.in_(self.ids))
                ):
                    for state in ("enriched", "scored", "approved"):
                        states.move(session, claim, state, by="dana")
                    claim.approved_by = "dana"
                    session.get_one(RecoveryParty, claim.party_id).timezone = "UTC"
        self.approve_letters()

    @rule()
    def approve_letters(self) -> None:
        """Queue the next letter on each claim, as a person who approves it does."""
        with clock.using(self.clock):
            rows = []
            with self.store.begin() as session:
                for claim_id in self.ids:
                    row = _letter(states.locked(session, claim_id), self.clock)
                    if session.get(Letter, row["letter_id"]) is None:
                        rows.append(row)
                insert_new(session, Letter, rows)
            for row in rows:
                origin = outbox.Origin(outbox.LETTER, row["letter_id"])
                outbox.queue(self.store, origin, "letter", row["recipient"], {})

    @rule(at=st.integers(0, CLAIMS - 1), share=st.sampled_from([4_000, 10_000]))
    def pay(self, at: int, share: int) -> None:
        """Have money come for a claim."""
        claim_id = self.ids[at]
        amount = min(share, self.open[claim_id])
        if amount:
            row = {"row_key": f"bank:{claim_id}:{self.open[claim_id]}", "posted_on": self.clock.now().date()}
            with clock.using(self.clock), self.store.begin() as session:
                claim = states.locked(session, claim_id)
                receipts.receive(session, claim, amount, row, debts.RULES, by="tieout")
            self.open[claim_id] -= amount

    @rule(at=st.integers(0, CLAIMS - 1), kind=st.sampled_from(sorted(ANSWERS)))
    def answer(self, at: int, kind: str) -> None:
        """Have the party answer: it disputes, asks, or opts out."""
        claim_id = self.ids[at]
        mail = (
            f"From: {_address(claim_id)}\nTo: us@small.example\nSubject: Re: {claim_id}\n\n{ANSWERS[kind]}\n"
        )
        with clock.using(self.clock):
            apply.receive(self.store, mail.encode(), debts.RULES)
        self.stopped.setdefault(claim_id, kind)

    @rule(at=st.integers(0, CLAIMS - 1))
    def suppress(self, at: int) -> None:
        """Have a person suppress the address."""
        with clock.using(self.clock):
            suppressions.add(self.store, _address(self.ids[at]).upper(), "by_hand", by="dana")
        self.stopped[self.ids[at]] = "by hand"

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 15]))
    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.clock.sleep(hours * 3600.0)

    @rule()
    def send(self) -> None:
        """Send what is due; hold each letter that arrived against the model."""
        with clock.using(self.clock):
            send_due(self.store, desk_settings.load())
        now = self.clock.now()
        for recipient, _ in self.accepted[self.before + self.sent :]:
            claim_id = next((name for name in self.ids if _address(name) == recipient), "")
            if claim_id:  # else of a desk before, whose letters waited for another day
                assert self.open[claim_id] > 0, "after payment"
                assert claim_id not in self.stopped, "to one who answered, opted out or is suppressed"
            assert now.weekday() < 5, "at a weekend"
            assert 9 <= now.hour < 17, "at night"
            self.sent += 1
            self.on_day[now.date().isoformat()] += 1

    def teardown(self) -> None:
        """Send what is left at noon of the next Monday to Friday."""
        self.clock.at = self.clock.at.replace(hour=12) + timedelta(days=7)
        while self.clock.at.weekday() > 4:
            self.clock.at += timedelta(days=1)
        self.send()

    @invariant()
    def never_twice_nor_above_the_cap(self) -> None:
        """Each letter arrived at most once, and no day had more than its cap."""
        arrived = [text for _, text in self.accepted[self.before :]]
        ids = [line for text in arrived for line in text.splitlines() if line.startswith("Message-ID:")]
        assert len(ids) == len(set(ids)) == len(arrived)
        assert max(self.on_day.values(), default=0) <= CAP


def _address(claim_id: str) -> str:
    name = claim_id.removeprefix("K-").lower()
    return f"{name}@d{name}.example"


def _letter(claim: RecoveryClaim, now: TurnedClock) -> dict[str, Any]:
    name, level = claim.claim_id.removeprefix("K-"), claim.level + 1
    left = claim.amount_minor - claim.recovered_minor
    return {
        "letter_id": f"L-{name}-{level}-{left}", "claim_id": claim.claim_id, "run_id": "r1", "level": level,
        "attempt": left, "language": "en", "recipient": _address(claim.claim_id), "subject": "Money",
        "body": "100.00", "template_body": "", "amount_minor": left, "currency": "USD", "status": "queued",
        "message_id": f"<{name}.{level}.{left}@small.example>", "in_reply_to": claim.thread_id,
        "headers": {"From": "us@a.example"}, "approved_by": "dana", "edited_by": "", "note": "", "doubled": 0,
        "drafted_at": now.now(), "approved_at": now.now(), "sent_at": None,
    }  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give an empty desk that sends to a mail server of its own."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.yaml").write_text(f"recovery: {{daily_cap: {CAP}}}", encoding="utf-8")
    opened = open_store(desk_settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    with debts.mail_server() as (url, accepted):
        monkeypatch.setenv("TIEOUT_SMTP_URL", url)
        Letters.store, Letters.accepted = opened, accepted
        Letters.numbers, Letters.days = itertools.count(), itertools.count(step=12)
        yield opened
    opened.close()


def test_no_letter_goes_out_that_must_not(desk: Store, request: pytest.FixtureRequest) -> None:
    """Payments, answers, suppression, waiting, sending in any order: what arrives was allowed then."""
    del desk
    is_exhaustive = bool(request.config.getoption("--exhaustive"))
    run_state_machine_as_test(
        Letters,
        settings=settings(
            max_examples=300 if is_exhaustive else 4, stateful_step_count=30 if is_exhaustive else 12,
            derandomize=not is_exhaustive, deadline=None, suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert Letters.accepted
