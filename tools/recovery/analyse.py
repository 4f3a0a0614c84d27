"""Score claims: the chance of recovery, the expected value, the tier, and what they stand on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.recovery import books, expected_payment, states
from tools.recovery.chance import GIVEN_UP, RECOVERED, Chance, Chances, ClaimOutcome
from tools.recovery.expected_value import expected_minor
from tools.rules.recovery import RecoveryRules
from tools.store import Store, open_store
from tools.store.models import ClaimFeature, ClaimScore, RecoveryClaim
from tools.store.writes import in_batches, insert_new

TIERS: Final = ("high", "medium", "low")
ClaimRow = Any  # a row of the columns below
SCORED: Final = ("new", "enriched", "scored")  # the states of claims that nobody has decided on
_READ: Final = (
    RecoveryClaim.claim_id,
    RecoveryClaim.party_id,
    RecoveryClaim.kind,
    RecoveryClaim.status,
    RecoveryClaim.hold,
    RecoveryClaim.arisen_on,
    RecoveryClaim.amount_minor,
    RecoveryClaim.recovered_minor,
    RecoveryClaim.currency,
)  # columns, not objects: ten thousand of those take a second


class Scored(NamedTuple):
    """How many claims are of each tier."""

    high: int
    medium: int
    low: int


def analyse(run_id: str, entity: str, as_of: date | None = None) -> Scored:
    """Score every claim of an entity that nobody has decided on yet; again, it gives the same.

    as_of: the day to which ages count; that of the books where it is absent.
    """
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules).recovery
    chances = fitted(store, rules)
    today = as_of or books.day_of(books.sources_of(limits, run_id))
    times = expected_payment.times_of(limits, run_id, today)
    with store.begin() as session:
        query = select(*_READ).where(RecoveryClaim.entity == entity, RecoveryClaim.status.in_(SCORED))
        claims = list(session.execute(query.order_by(RecoveryClaim.claim_id)))
        payments = expected_payment.features(session, times, claims, today)
        chance_of = {
            claim.claim_id: chances.of(claim.kind, age_of(claim.arisen_on, today), claim.party_id)
            for claim in claims
        }
        scored = _Scoring(run_id, clock().now(), rules)
        scores = [_score(scored, claim, chance_of[claim.claim_id]) for claim in claims]
        insert_new(session, ClaimScore, scores)
        features = [
            _features(claim, chance_of[claim.claim_id], today) | payments.get(claim.claim_id, {})
            for claim in claims
        ]
        insert_new(session, ClaimFeature, [
            {"run_id": run_id, "claim_id": claim.claim_id, "features": values}
            for claim, values in zip(claims, features, strict=True)
        ])  # fmt: skip
        _advance(session, claims)
    tiers = [score["tier"] for score in scores]
    return Scored(*(tiers.count(tier) for tier in TIERS))


def fitted(store: Store, rules: RecoveryRules) -> Chances:
    """Give the chances as the outcomes so far have them."""
    query = select(
        RecoveryClaim.kind,
        RecoveryClaim.arisen_on,
        RecoveryClaim.opened_at,
        RecoveryClaim.party_id,
        RecoveryClaim.status,
    ).where(RecoveryClaim.status.in_((*RECOVERED, *GIVEN_UP)))
    with store.read() as session:
        outcomes = [
            ClaimOutcome(
                row.kind, (row.opened_at.date() - row.arisen_on).days, row.party_id, row.status in RECOVERED
            )
            for row in session.execute(query)
        ]
    return Chances.fitted(rules.prior_weight, outcomes)


def age_of(arisen_on: date, today: date) -> int:
    """Give the days since the earliest open item of a claim."""
    return max(0, (today - arisen_on).days)


class _Scoring(NamedTuple):
    """One run's scores: by which rules, and when."""

    run_id: str
    at: datetime
    rules: RecoveryRules


def _score(scoring: _Scoring, claim: ClaimRow, chance: Chance) -> dict[str, Any]:
    open_minor = claim.amount_minor - claim.recovered_minor
    expected = expected_minor(open_minor, chance.probability)
    return {
        "run_id": scoring.run_id,
        "claim_id": claim.claim_id,
        "scored_at": scoring.at,
        "probability": chance.probability,
        "expected_minor": expected,
        "tier": tier_of(money.to_decimal(expected, claim.currency), scoring.rules),
    }


def tier_of(expected: Decimal, rules: RecoveryRules) -> str:
    """Give the tier of an expected value."""
    if expected >= rules.high_from:
        return "high"
    return "medium" if expected >= rules.medium_from else "low"


def _features(claim: ClaimRow, chance: Chance, today: date) -> dict[str, str]:
    return {
        "age_days": str(age_of(claim.arisen_on, today)),
        "kind": claim.kind,
        "amount": money.to_text(claim.amount_minor - claim.recovered_minor, claim.currency),
        "age": chance.bucket,
        "prior": f"{chance.prior:.2f}",
        "outcomes_of_kind_and_age": str(chance.cell_n),
        "outcomes_of_party": str(chance.party_n),
    }


def _advance(session: Session, claims: Sequence[ClaimRow]) -> None:
    """Take new claims over enriched to scored, with one event each; many at once."""
    before = {claim.claim_id: claim.status for claim in claims if claim.status != "scored"}
    now = clock().now()
    for batch in in_batches(list(before)):
        session.execute(
            update(RecoveryClaim)
            .where(RecoveryClaim.claim_id.in_(batch), RecoveryClaim.status.in_(("new", "enriched")))
            .values(status="scored", status_at=now)
            .execution_options(synchronize_session=False)  # nothing of them is read here any more
        )
    states.events(session, [
        states.event_row(name, "scored", by="tieout", details={"from": state}, once="scored")
        for name, state in before.items()
    ])  # fmt: skip
