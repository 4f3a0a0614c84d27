"""What does not go on: claims and letters that wait longer than they should.

Thresholds: new for 24 hours; tier high and undecided for 48; approved letters unsent for 6; claims approved
and not written about for 24; and a business day on which no letter went out although some were due.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tools.core.clock import clock
from tools.recovery import claims, send_hours
from tools.store import Store
from tools.store.models import ClaimScore, Letter, RecoveryClaim

NEW_HOURS: Final = 24
WAITING_HOURS: Final = 48
UNSENT_HOURS: Final = 6
UNWRITTEN_HOURS: Final = 24
HOURS: Final = {
    "claim_new": NEW_HOURS,
    "claim_waiting": WAITING_HOURS,
    "letter_unsent": UNSENT_HOURS,
    "claim_unwritten": UNWRITTEN_HOURS,
    "no_letters_today": 0,
}
_EVENING: Final = 17  # hour (UTC) from which a day without letters is one


class StuckClaim(NamedTuple):
    """One condition: its kind, how many, and in words."""

    kind: str
    number: int
    message: str


def stuck(store: Store, country: str = "") -> list[StuckClaim]:
    """Give the conditions that hold now; country: ISO 3166, whose business days count."""
    now = clock().now()
    with store.read() as session:
        counted = (
            ("claim_new", _new(session, now), "{claims} found but not yet analysed"),
            ("claim_waiting", _waiting(session, now), "{claims} of tier high waiting for a decision"),
            ("letter_unsent", _unsent(session, now), "approved {letters} not yet sent"),
            (
                "claim_unwritten",
                _unwritten(session, now),
                "approved {claims} without a letter: nobody to write to",
            ),
            ("no_letters_today", _none_today(session, now, country), "{letters} due, and none sent today"),
        )
    return [
        StuckClaim(kind, count, f"{count} {_agreeing(words, count)}")
        for kind, count, words in counted
        if count
    ]


def _agreeing(words: str, count: int) -> str:
    s = "s" * (count != 1)
    return words.format(claims=f"claim{s}", letters=f"letter{s}")


def _count(session: Session, query: Any) -> int:  # noqa: ANN401 - SQLAlchemy's own generic
    return int(session.scalar(query) or 0)


def _new(session: Session, now: datetime) -> int:
    overdue = RecoveryClaim.status_at < now - timedelta(hours=NEW_HOURS)
    return _count(
        session, select(func.count()).select_from(RecoveryClaim).where(RecoveryClaim.status == "new", overdue)
    )


def _waiting(session: Session, now: datetime) -> int:
    latest = claims.newest_scores()
    query = (
        select(func.count())
        .select_from(RecoveryClaim)
        .join(latest, latest.c.claim_id == RecoveryClaim.claim_id)
        .join(ClaimScore, (ClaimScore.claim_id == latest.c.claim_id) & (ClaimScore.run_id == latest.c.run_id))
        .where(RecoveryClaim.status == "scored", ClaimScore.tier == "high")
        .where(RecoveryClaim.status_at < now - timedelta(hours=WAITING_HOURS))
    )
    return _count(session, query)


def _unsent(session: Session, now: datetime) -> int:
    overdue = Letter.approved_at < now - timedelta(hours=UNSENT_HOURS)
    return _count(session, select(func.count()).select_from(Letter).where(Letter.status == "queued", overdue))


def _unwritten(session: Session, now: datetime) -> int:
    """Count claims that may be written about, and of which no letter was ever drafted."""
    written = select(Letter.claim_id).where(Letter.claim_id == RecoveryClaim.claim_id).exists()
    overdue = RecoveryClaim.status_at < now - timedelta(hours=UNWRITTEN_HOURS)
    open_claims = select(func.count()).select_from(RecoveryClaim).where(RecoveryClaim.status == "approved")
    return _count(session, open_claims.where(RecoveryClaim.hold == "", overdue, ~written))


def _none_today(session: Session, now: datetime, country: str) -> int:
    if now.hour < _EVENING or not send_hours.is_working_day(now.date().isoformat(), country):
        return 0
    start = datetime.combine(now.date(), datetime.min.time(), now.tzinfo)
    if _count(session, select(func.count()).select_from(Letter).where(Letter.sent_at >= start)):
        return 0
    return _unsent(session, now)
