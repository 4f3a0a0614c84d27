"""Time recovery at size: `python -m benchmarks.recovery [--claims 10000] [--letters 1000]`.

Printed beside what is to be reached and beside the same work done claim by claim (the processor's
seconds of twenty, scaled up). The last lines are a day of follow-up over all claims, open and written about,
with a bank statement that pays a tenth of them.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml
from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, select, update

from tests.clocks import TurnedClock
from tools.core import clock, settings
from tools.core.environment_variables import with_variables
from tools.core.garbage import look_seldom
from tools.recovery import analyse, day, money, scout
from tools.recovery.drafts import OWED, ClaimDraft, ItemDraft, PartyDraft
from tools.recovery.letters import drafting
from tools.rules.recovery import RecoveryRules
from tools.store import Store, open_store, runs
from tools.store.models import Contact, Letter, RecoveryClaim, RecoveryParty
from tools.store.writes import insert_new

ENTITY: Final = "Large Books Ltd"
RUN: Final = "r1"
TODAY: Final = datetime(2026, 3, 3, 12, 0, tzinfo=UTC)
SINGLE: Final = 20  # claims that the work claim by claim is timed on
ITEMS: Final = 3  # postings of a claim
CLAIMS_A_PARTY: Final = 4
REACH: Final = {"score": 5.0, "draft": 10.0}
_FIRST: Final = (
    "Quarry Pelican Orchard Brick Tarn Cobble Fen Lark Pike Slate Reeve Amber Garnet Willow".split()
)
_MIDDLE: Final = "wood ford bay field stone mill bridge well gate hill moor croft".split()
_LAST: Final = "Office Travel Labs Tools Books Hardware Garage Printing Optics Foods Motors".split()
_COLUMNS: Final = (("txn_id", "id"), ("posted_on", "day"), ("description", "text"), ("amount", "amount"))


class Spent(NamedTuple):
    """Seconds of the clock and of the processor: a busy machine draws the clock's out."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Timing:
    """Seconds of some work, of the same claim by claim (None where that is not timed), and the limit."""

    name: str
    spent: Spent
    one_by_one: float | None = None
    reach: float | None = None


def measure(folder: Path, claims: int, letters: int) -> Iterator[Timing]:
    """Do the work of recovery over so many claims in `folder`, and time each step."""
    store, rules = open_store(settings.load().database_url), RecoveryRules()
    _start(store, folder)
    drafts = [_draft(number, ENTITY) for number in range(claims)]
    alone = _alone(store, rules)
    keep_cpu, score_cpu, draft_cpu = (spent.processor / SINGLE for spent in alone)
    yield Timing("claims kept", _timed(lambda: scout.keep(store, RUN, drafts, rules)), keep_cpu * claims)
    seconds = _timed(lambda: analyse.analyse(RUN, ENTITY, TODAY.date()))
    yield Timing("claims scored", seconds, score_cpu * claims, REACH["score"])
    _approve(store, ENTITY, letters)
    seconds = _timed(lambda: drafting.write_letters(RUN, ENTITY))
    yield Timing(f"{letters:,} letters drafted, no model", seconds, draft_cpu * letters, REACH["draft"])
    _write_to_all(store)
    lines = claims // 5
    yield Timing(f"a day: {lines:,} bank lines applied", _timed(lambda: _money(store, drafts, rules)))
    yield Timing("a day: all else", _timed(_rest_of_day))


def _alone(store: Store, rules: RecoveryRules) -> tuple[Spent, Spent, Spent]:
    """Keep, score and write about claims one by one, each of an entity of its own."""
    drafts = [_draft(number, f"{ENTITY} {number}") for number in range(SINGLE)]
    keep_time = _timed(lambda: [scout.keep(store, RUN, [draft], rules) for draft in drafts])
    score_time = _timed(lambda: [analyse.analyse(RUN, draft.entity, TODAY.date()) for draft in drafts])
    for draft in drafts:
        _approve(store, draft.entity, 1)
    return (
        keep_time,
        score_time,
        _timed(lambda: [drafting.write_letters(RUN, draft.entity) for draft in drafts]),
    )


def _timed(work: Callable[[], Any]) -> Spent:
    started, began = time.perf_counter(), time.process_time()
    work()
    return Spent(time.perf_counter() - started, time.process_time() - began)


def _start(store: Store, folder: Path) -> None:
    entity = {"name": ENTITY, "currency": "USD", "address": "1 Quay, Port", "email": "us@large.example"}
    path = folder / "sources.yaml"
    bank = {"kind": "bank", "path": "bank.csv", "columns": dict(_COLUMNS)}
    path.write_text(yaml.safe_dump({"entity": entity, "sources": {"bank": bank}}), encoding="utf-8")
    runs.start(store, graph="recovery", thread_id="r", started_by="riley", run_id=RUN)
    runs.record(store, RUN, counts={"sources": str(path), "entity": ENTITY})


def _draft(number: int, entity: str) -> ClaimDraft:
    party = number // CLAIMS_A_PARTY
    items = [
        ItemDraft(
            OWED, f"INV-{number:06}-{part}", 1_000 + (number * 7919 + part) % 900_000, "USD",
            dated_on=date(2025, 11, 1) + timedelta(days=(number + part) % 60),
        )
        for part in range(ITEMS)
    ]  # fmt: skip
    first, middle, last = (words[party % len(words)] for words in (_FIRST, _MIDDLE, _LAST))
    name = f"{first}{middle} {last} {party}"
    return ClaimDraft(
        entity, "double_payment", PartyDraft("vendor", name, name.upper(), f"V{party:05}"),
        f"Paid twice: {name}", "Money paid without a debt is to be given back.", "USD", items,
    )  # fmt: skip


def _approve(store: Store, entity: str, letters: int) -> None:
    """Approve as many claims of an entity as letters are to be drafted; give its parties an address."""
    with store.begin() as session:
        claims = select(RecoveryClaim).where(RecoveryClaim.entity == entity).limit(letters)
        for claim in session.scalars(claims):
            claim.status, claim.approved_by = "approved", "dana"
        parties = session.scalars(select(RecoveryParty.party_id).where(RecoveryParty.entity == entity))
        insert_new(session, Contact, [_contact(party_id) for party_id in parties])


def _contact(party_id: str) -> dict[str, Any]:
    address = f"accounts@{party_id.casefold()}.example"
    return {
        "contact_id": f"C-{party_id}", "party_id": party_id, "kind": "email", "value": address,
        "name": "", "position": "", "source": "books", "legal_basis": "contract", "confidence": 0.9,
        "status": "valid", "soft_bounces": 0, "fetched_at": TODAY, "expires_at": None,
    }  # fmt: skip


def _write_to_all(store: Store) -> None:
    """Have every claim written about within the last fifteen days: some letters are due today."""
    with store.begin() as session:
        session.execute(delete(Letter))
        values = {"status": "contacted", "approved_by": "dana", "level": 1, "status_at": TODAY}
        session.execute(update(RecoveryClaim).where(RecoveryClaim.entity == ENTITY).values(values))
        claims = session.scalars(select(RecoveryClaim.claim_id).where(RecoveryClaim.entity == ENTITY))
        insert_new(session, Letter, [_letter(claim_id, at % 15) for at, claim_id in enumerate(claims)])


def _letter(claim_id: str, days: int) -> dict[str, Any]:
    sent = TODAY - timedelta(days=days)
    return {
        "letter_id": f"L-{claim_id}", "claim_id": claim_id, "run_id": RUN, "level": 1, "attempt": 1,
        "language": "en", "recipient": f"{claim_id}@a.example", "subject": "Money", "body": "text",
        "template_body": "text", "amount_minor": 1, "currency": "USD", "status": "sent",
        "message_id": f"<{claim_id}@a.example>", "in_reply_to": "", "headers": {"From": "us@a.example"},
        "approved_by": "dana", "edited_by": "", "note": "", "doubled": 0, "drafted_at": sent,
        "approved_at": sent, "sent_at": sent,
    }  # fmt: skip


def _money(store: Store, drafts: list[ClaimDraft], rules: RecoveryRules) -> None:
    """Apply a statement in which every other line pays a claim."""
    lines = [_line(number, drafts[number * 5]) for number in range(len(drafts) // 5)]
    money.apply(store, rules, ENTITY, lines)


def _line(number: int, draft: ClaimDraft) -> dict[str, Any]:
    paid = number % 2 == 0
    text = f"WIRE IN {draft.party.key} {draft.items[0].document}" if paid else f"CARD SETTLEMENT {number}"
    return {
        "row_key": f"bank:{number}", "txn_id": f"B{number}", "kind": "bank", "source": "bank",
        "file": "bank.csv", "line": number + 2, "currency": "USD",
        "amount_minor": draft.amount_minor if paid else 5_000 + number,
         "posted_on": TODAY.date(), "vendor_name": draft.party.name if paid else None,
        "vendor_key": None, "vendor_id": None, "invoice_no": None, "reference": "", "description": text,
    }  # fmt: skip


def _rest_of_day() -> None:
    day.check_stuck()
    day.track(ENTITY)
    day.due_letters(RUN, ENTITY)
    day.send_due()


def table(timings: list[Timing], claims: int) -> Table:
    """Draw the timings."""
    grid = Table(title=f"{claims:,} claims of {ITEMS} postings", title_justify="left")
    for heading in ("work", "seconds", "of the processor", "claim by claim", "to reach"):
        grid.add_column(heading, justify="left" if heading == "work" else "right")
    for timing in timings:
        single = "" if timing.one_by_one is None else f"{timing.one_by_one:.1f}"
        reach = "" if timing.reach is None else f"< {timing.reach:g}"
        grid.add_row(timing.name, f"{timing.spent.clock:.2f}", f"{timing.spent.processor:.2f}", single, reach)
    return grid


def main() -> None:
    """Read the command line, print the table."""
    parser = argparse.ArgumentParser(description="Time recovery at size.")
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--letters", type=int, default=1_000)
    arguments = parser.parse_args()
    look_seldom()  # as the command line and its workers do
    with tempfile.TemporaryDirectory(prefix="tieout-recovery-") as name:
        folder = Path(name)
        (folder / "rules.yaml").write_text("{}", encoding="utf-8")
        values = {
            "DATABASE_URL": f"sqlite:///{folder}/tieout.db", "WORKSPACE_URL": f"{folder}/runs",
            "TIEOUT_RULES": f"{folder}/rules.yaml",
        }  # fmt: skip
        with with_variables(values), clock.using(TurnedClock(TODAY)):
            timings = list(measure(folder, arguments.claims, arguments.letters))
        Console(width=110).print(table(timings, arguments.claims))


if __name__ == "__main__":
    main()
