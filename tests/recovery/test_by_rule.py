"""What the rule `auto_approve: contact_found` approves, and what it leaves to people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import select

from tests.recovery import debts
from tools.approvals import requests
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.recovery import ask_claims, by_rule, scout, states
from tools.recovery.contacts import find
from tools.recovery.drafts import ClaimDraft
from tools.store import Store, open_store, runs
from tools.store.models import RecoveryClaim

RULE: Final = "recovery: {auto_approve: contact_found, limit: 5000}"


def _of_flag(draft: ClaimDraft) -> ClaimDraft:
    return replace(draft, items=[replace(item, flag_id="F-1") for item in draft.items])


CLAIMS: Final = {
    "confirmed": _of_flag(debts.claim(1)),
    "confirmed in part": replace(
        debts.claim(2), items=[*_of_flag(debts.claim(2)).items, *debts.claim(3).items]
    ),
    "of a statement alone": debts.claim(4),
    "on hold": replace(_of_flag(debts.claim(5)), hold="a payment that our books do not have"),
    "above the limit": _of_flag(debts.claim(6, 600_000)),
    "of a prospect": replace(_of_flag(debts.claim(7, role="prospect")), kind="prospect"),
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Give a desk with scored claims of each kind."""
    for name, value in debts.environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.yaml").write_text(RULE, encoding="utf-8")
    opened = open_store(settings.load().database_url)
    runs.start(opened, graph="recovery", thread_id="r", started_by="riley", run_id="r1")
    scout.keep(opened, "r1", list(CLAIMS.values()), load_rules(settings.load().rules).recovery)
    with opened.begin() as session:
        for claim in session.scalars(select(RecoveryClaim)):
            for state in ("enriched", "scored"):
                states.move(session, claim, state, by="tieout")
    yield opened
    opened.close()


def test_only_what_a_person_confirmed_is_left_to_the_rule(store: Store) -> None:
    """Neither what a statement says alone, nor what is on hold, large or a prospect's: people are asked."""
    rules = load_rules(settings.load().rules)
    with store.read() as session:
        parties = set(session.scalars(select(RecoveryClaim.party_id)))
    assert by_rule.approve(store, rules, debts.ENTITY, parties) == 1
    with store.read() as session:
        approved = list(session.scalars(select(RecoveryClaim).where(RecoveryClaim.status == "approved")))
    assert [(claim.claim_id, claim.approved_by) for claim in approved] == [
        (CLAIMS["confirmed"].claim_id, "rule (contact found)")
    ]
    assert by_rule.approve(store, rules, debts.ENTITY, parties) == 0, "once"


def test_people_are_asked_about_the_others(store: Store) -> None:
    """The request names every claim but the rule's; without a contact the rule's waits."""
    ask_claims.ask("r1", debts.ENTITY, "riley")
    (request,) = requests.waiting(store, ask_claims.KIND)
    subjects = {str(subject["subject"]) for subject in request.payload["subjects"]}
    assert subjects == {draft.claim_id for name, draft in CLAIMS.items() if name != "confirmed"}
    assert by_rule.approve(store, load_rules(settings.load().rules), debts.ENTITY, set()) == 0


def test_nobody_is_looked_up_before_people_agree(store: Store) -> None:
    """Contacts are sought for what is approved and what is the rule's, not for a waiting prospect."""
    assert find.parties_to_ask(debts.ENTITY) == [_party_of(store, "confirmed")]
    for name in ("of a prospect", "above the limit"):
        with store.begin() as session:
            claim = states.locked(session, CLAIMS[name].claim_id)
            states.move(session, claim, "approved", by="dana")
        assert _party_of(store, name) in find.parties_to_ask(debts.ENTITY)


def _party_of(store: Store, name: str) -> str:
    with store.read() as session:
        claim = session.get_one(RecoveryClaim, CLAIMS[name].claim_id)
        return claim.party_id


def test_what_no_contact_was_found_of_is_asked_about_by_the_next_run(store: Store) -> None:
    """The rule waits for a contact that never comes: then people decide; a new claim waits its turn."""
    runs.start(store, graph="recovery", thread_id="s", started_by="riley", run_id="r2")
    rules = load_rules(settings.load().rules)
    with store.read() as session:
        of_rule = by_rule.left_to_rule(session, debts.ENTITY, rules)
        assert by_rule.not_reached(session, "r1") == set()
        assert of_rule < by_rule.not_reached(session, "r2")
    ask_claims.ask("r2", debts.ENTITY, "riley")
    (request,) = requests.waiting(store, ask_claims.KIND)
    subjects = {str(subject["subject"]) for subject in request.payload["subjects"]}
    assert subjects == {draft.claim_id for draft in CLAIMS.values()}
    assert len(request.payload["reasons"]) == 2, "of what is owed, and of a prospect, who owes nothing"
