"""A day of follow-up: read what came in, find money, end what nobody answers, draft and send what is due.

Each function is one step of graph.follow_up and may be repeated.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select

from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import clock
from tools.recovery import books, money, sending, states
from tools.recovery import stuck as waiting
from tools.recovery.letters import drafting, due
from tools.recovery.opening import OpenedRecovery, open_recovery
from tools.recovery.replies import apply, imap, inbox
from tools.store import Store, open_store, runs
from tools.store.models import RecoveryClaim, Run

MAILBOX_DAYS: Final = 30  # that a mailbox is read back: what was read before is known by its digest


def is_due(store: Store, thread_id: str) -> bool:
    """Say whether a day of follow-up is to be started: claims are pursued, and its thread is new."""
    pursued = select(RecoveryClaim.claim_id).where(RecoveryClaim.status.in_(states.WRITTEN)).limit(1)
    begun = select(Run.run_id).where(Run.thread_id == thread_id).limit(1)
    with store.read() as session:
        return session.scalar(pursued) is not None and session.scalar(begun) is None


def open_day(thread_id: str, started_by: str, sources: str | None) -> OpenedRecovery:
    """Open a day of follow-up over the books of a sources file; those of the last recovery where absent."""
    store = open_store(settings.load().database_url)
    before = [run for run in runs.list_runs(store, kind="recovery", limit=100) if run.counts.get("sources")]
    path = sources or (str(before[0].counts["sources"]) if before else None)
    return open_recovery(thread_id, started_by, path, graph="follow_up", kinds=books.MONEY_KINDS)


def read_replies(path: str | None) -> dict[str, int]:
    """Read what came in; give counts by kind, of mails that are new."""
    limits = settings.load()
    named = path or limits.replies_from
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    counts: dict[str, int] = {}
    lying = inbox.mails(Path(named)) if named else iter(())
    since = clock().now().date() - timedelta(days=MAILBOX_DAYS)
    for mail in chain(lying, () if path else imap.mails(limits, since)):
        received = apply.receive(store, mail, rules)
        if received is not None:
            counts[received.kind] = counts.get(received.kind, 0) + 1
    return counts


def match_money(run_id: str, entity: str) -> dict[str, int]:
    """Find the money that came for the entity's claims."""
    return money.match_money(run_id, entity)._asdict()


def check_stuck() -> list[dict[str, Any]]:
    """Say what waits longer than it should."""
    limits = settings.load()
    return [condition._asdict() for condition in waiting.stuck(open_store(limits.database_url))]


def track(entity: str) -> dict[str, int]:
    """End claims whose last letter found no answer in its time: no_response; an answer reopens them."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    deadline = clock().now() - timedelta(days=rules.no_response_days)
    ended = 0
    with store.begin() as session:
        query = select(RecoveryClaim).where(
            RecoveryClaim.entity == entity,
            RecoveryClaim.status == "contacted",
            RecoveryClaim.level >= len(rules.levels),
        )
        claims = list(session.scalars(query.order_by(RecoveryClaim.claim_id)))
        sent = due.last_sent(session, [claim.claim_id for claim in claims])
        for claim in claims:
            last = sent.get(claim.claim_id)
            if not claim.hold and last is not None and last < deadline:
                states.move(session, claim, "no_response", by="tieout", once="no_response")
                ended += 1
    return {"no_response": ended}


def due_letters(run_id: str, entity: str) -> int:
    """Draft the letters that are due today; give how many wait for a person."""
    return drafting.write_letters(run_id, entity)


def send_due() -> dict[str, int]:
    """Send what may go out now."""
    limits = settings.load()
    return asdict(sending.send_due(open_store(limits.database_url), limits))
