"""Ask people whether claims are pursued, and act on what they decide.

ask(run_id, entity, started_by) -> RequestRef | None     none where nothing waits
apply(run_id, request, answered) -> Applied              approved claims go on, rejected ones are archived
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from tools.approvals import answers, requests
from tools.approvals.votes import VoteCount
from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.refs import Answer, RequestRef
from tools.recovery import by_rule, claims, prospects, states
from tools.rules.model import Rules
from tools.store import Store, open_store

KIND: Final = "claims"
CHOICES: Final = "approve: it is pursued, its letters are asked about again. reject: the claim is archived."
_OWED: Final = "Money is owed by others: a claim is pursued only when a person agrees."
_OFFERED: Final = (
    "A prospect owes nothing: it is written to only when two people agree, not who looked for it."
)
MOST: Final = 500  # claims in one request; the next run asks about the others


@dataclass(frozen=True)
class DecidedClaims:
    """What became of answers: claims by verdict, and whether some still wait."""

    approved: int
    rejected: int
    waiting: int


def ask(run_id: str, entity: str, started_by: str) -> RequestRef | None:
    """Ask about every scored claim of an entity that no rule approves and no other run asks about.

    What is left to a rule is asked about once an earlier run found no contact of its party.
    """
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules)
    elsewhere = _asked_elsewhere(store, run_id)
    scored = claims.ClaimFilter(status="scored", entity=entity, limit=100_000)
    rows = [row for row in claims.rows(store, scored) if row["claim_id"] not in elsewhere]
    with store.read() as session:
        of_rule = by_rule.left_to_rule(session, entity, rules) - by_rule.not_reached(session, run_id)
    rows = [row for row in rows if row["claim_id"] not in of_rule][:MOST]
    if not rows and requests.open_for(store, run_id, KIND) is None:
        return None
    many = len(rows)
    draft = requests.Draft(
        KIND,
        f"{many} claim{'s' * (many != 1)} to decide",
        [_subject(row, rules) for row in rows],
        needs={row["claim_id"]: rules.approval.quorum[row["risk"]] for row in rows},
        reasons=_reasons(rows),
        barred={row["claim_id"]: {started_by: "started_it"} for row in rows if row["risk"] == "CRITICAL"},
        expires_hours=rules.approval.expires_hours,
        escalates_to=rules.severity.senior_role,
        page="claims",
        names={"VENDOR": [row["party"] for row in rows][:200]},
    )
    return requests.ask(store, run_id, draft)


def _reasons(rows: Sequence[dict[str, Any]]) -> list[str]:
    offered = [row for row in rows if row["kind"] == prospects.KIND]
    return [_OWED] * (len(offered) < len(rows)) + [_OFFERED] * bool(offered)


def _asked_elsewhere(store: Store, run_id: str) -> set[str]:
    waiting = [request for request in requests.waiting(store, KIND) if request.run_id != run_id]
    return {str(subject["subject"]) for request in waiting for subject in request.payload["subjects"]}


def _subject(row: dict[str, Any], rules: Rules) -> dict[str, Any]:
    chance = f"{row['probability']:.0%}" if row["probability"] is not None else "unknown"
    worth = f"expected {money.to_display(round(_minor(row)), row['currency'])} at a chance of {chance}"
    return {
        "subject": row["claim_id"],
        "title": row["title"],
        "risk": row["risk"],
        "severity": row["tier"],
        "quorum": rules.approval.quorum[row["risk"]],
        "exposure": row["open"],
        "currency": row["currency"],
        "why": f"{row['basis']} {worth}.",
        "choices": CHOICES,
        "page": f"claims/{row['claim_id']}",
        "description": f"{row['title']}: {row['open']} {row['currency']}, {worth}. {row['basis']}",
    }


def _minor(row: dict[str, Any]) -> float:
    return float(row["amount_minor"] - row["recovered_minor"]) * float(row["probability"] or 0)


def apply(run_id: str, request: RequestRef | None, answered: Sequence[Answer]) -> DecidedClaims:
    """Record answers and carry out what is settled; again, it changes nothing."""
    store = open_store(settings.load().database_url)
    counts = answers.settle(store, run_id, request, answered) if request else {}
    with store.begin() as session:
        for claim_id, count in sorted(counts.items()):
            _settle(session, claim_id, count)
    verdicts = [count.verdict for count in counts.values()]
    return DecidedClaims(verdicts.count("approve"), verdicts.count("reject"), verdicts.count(""))


def _settle(session: Session, claim_id: str, count: VoteCount) -> None:
    claim = states.locked(session, claim_id)
    if claim.status != "scored" or not count.verdict:
        return
    by = ", ".join(count.by)
    if count.verdict == "approve":
        claim.approved_by = by
        states.move(session, claim, "approved", by=by, details={"note": count.note}, once="approved")
    else:
        claim.outcome, claim.note = "rejected", count.note
        states.move(session, claim, "archived", by=by, details={"note": count.note}, once="rejected")
