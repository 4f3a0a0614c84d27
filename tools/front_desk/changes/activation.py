"""Put a change live that passed its gates and that two people approved, and take it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from tools.approvals import requests
from tools.checks.rules_file import load_rules, rules_of
from tools.core.errors import RunError
from tools.core.refs import Answer, RequestRef
from tools.core.settings import Settings
from tools.feedback import applying, rulesfile
from tools.feedback.applying import RulesFileEdit
from tools.front_desk import checkpoints
from tools.front_desk.changes import draft as drafts
from tools.front_desk.desk_context import store_and_settings
from tools.rules.model import Rules
from tools.store import Store, proposals, runs, test_suites
from tools.store.models import Proposal, TestSuite

WORD: Final = "activate"


def phrase(change: str) -> str:
    """Give what whoever approves has to type."""
    return f"{WORD} {change}"


def ask(run_id: str, started_by: str, change: str, suite_id: str) -> RequestRef:
    """Ask two people, with what each gate saw; neither whoever drafted it nor whoever had it tested."""
    store, limits = store_and_settings()
    proposal, suite = proposals.get(store, change), test_suites.get(store, suite_id)
    reasons = [f"{gate['name']}: {gate['measured']} ({gate['limit']})" for gate in suite.gates]
    happens = (
        f"The rules file changes, for every audit from then on; tieout change rollback {change} undoes it."
    )
    barred = dict.fromkeys(proposal.details.get("barred", []), "reviewed")
    if by := str(proposal.details.get("by", "")):
        barred[by] = "started_it"
    checkpoint = checkpoints.Checkpoint(
        checkpoints.ACTIVATE, change, f"Change the rules: {suite.draft['title']}", "CRITICAL", happens,
        reasons, phrase(change), page="changes", barred=barred,
    )  # fmt: skip
    return checkpoints.ask(store, limits, run_id, started_by, checkpoint)


def settle(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> tuple[str, str]:
    """Record answers; give the verdict ("" while people are missing), and why one was not taken."""
    store, _ = store_and_settings()
    return checkpoints.settle(store, run_id, request, answered)


def activate(change: str, suite_id: str, request: RequestRef, verdict: str) -> str:
    """Change the rules as two people approved, or say why they stay; again, it changes nothing."""
    store, limits = store_and_settings()
    votes = requests.decisions(store, request["request_id"])
    by = ", ".join(sorted({vote.by for vote in votes}))
    if verdict != "approve":
        is_over = verdict == checkpoints.TIMED_OUT
        why = "nobody answered in time" if is_over else "; ".join(vote.note for vote in votes)
        proposals.settle(store, change, "rejected", by=by or "tieout", note=why or verdict)
        return "turned down"
    try:
        put_live(store, limits, change, test_suites.get(store, suite_id), by=by)
    except RunError as error:
        proposals.settle(store, change, "refused", by="tieout", note=str(error))
        return "not live"
    return "live"


def put_live(store: Store, limits: Settings, change: str, suite: TestSuite, *, by: str) -> Rules:
    """Write the rules file whole, and record the new version; what is live already stays so."""
    draft, status = drafts.from_dict(suite.draft), proposals.get(store, change).status
    if suite.status != "passed" or status not in (*proposals.UNDECIDED, "applied"):
        raise RunError(f"change {change} is {status}, its gates are {suite.status}.")
    with rulesfile.locked(limits.rules):
        current = rulesfile.read(limits.rules)
        if current not in (draft.before, draft.after):
            raise RunError(
                f"the rules have changed since change {change} was tested.",
                remedy="Draft it again, and test it: tieout change draft",
            )
        rules = (
            rulesfile.write(limits.rules, draft.after) if current != draft.after else load_rules(limits.rules)
        )
        edit = RulesFileEdit(change, "applied", by, draft.title)
        applying.record(store, limits.rules, edit, draft.before, draft.after)
    proposals.settle(store, change, "applied", by=by, note=draft.title)
    return rules


def roll_back(store: Store, limits: Settings, change: str, *, by: str, note: str = "") -> Rules:
    """Take a live change out of the rules file; later changes of other lines stay.

    Raises RunError for one that is not live, or on whose lines a later change stands.
    """
    proposal = proposals.get(store, change)
    suite = test_suites.newest(store, proposal.proposal_id)
    if "draft" not in proposal.details and suite is None:
        return applying.roll_back(store, limits, proposal.proposal_id, by=by, note=note)
    if proposal.status not in ("applied", "rolled_back") or suite is None:
        raise RunError(f"change {proposal.proposal_id} is {proposal.status}, not live.")
    draft = drafts.from_dict(suite.draft)
    with rulesfile.locked(limits.rules):
        current = rulesfile.read(limits.rules)
        if proposal.status == "applied":
            text = drafts.taken_back(draft, current)
            rules_of(text, limits.rules)  # before anything is written
            rulesfile.write(limits.rules, text)
            edit = RulesFileEdit(proposal.proposal_id, "rolled back", by, note or draft.title)
            applying.record(store, limits.rules, edit, current, text)
        rules = load_rules(limits.rules)
    proposals.settle(store, proposal.proposal_id, "rolled_back", by=by, note=note)
    return rules


def close(run_id: str, change: str, outcome: str, failed: Sequence[dict[str, Any]]) -> str:
    """End a change's run: live, turned down, or stopped at its gates, which settles the change, too."""
    store, _ = store_and_settings()
    if outcome == "stopped at its gates":
        lost = ", ".join(str(gate["name"]) for gate in failed)
        proposals.settle(store, change, "refused", by="tieout", note=f"gates: {lost}")
    return runs.close(store, run_id, outcome).outcome


def with_last_round(store: Store, change: str) -> tuple[Proposal, TestSuite | None]:
    """Give a change and its last round."""
    proposal = proposals.get(store, change)
    return proposal, test_suites.newest(store, proposal.proposal_id)
