"""Changes of the rules for people: drafted, tested, activated by two, rolled back. One code for all who ask.

draft(token=, ...) -> Proposal                     keep a change of the rules; nothing changes yet
try_out(change, token=) -> ThreadState             take it through tests, replay, mutants and gates, to people
decide(store, change, word, token=, note=)         approve (typing what happens) or reject
roll_back(store, change, token=, note=)            take a live change out of the rules file again
rows(store), row(proposal, suite), gates(store, change), outcomes(store, change), mutants(store, change)
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from desk.approvals.decide import signed_in
from graph.runtime import session
from graph.runtime.session import ThreadState
from tools.approvals import requests
from tools.core import settings
from tools.core.errors import IdentityError, RunError, UsageError
from tools.feedback import rulesfile
from tools.front_desk import checkpoints
from tools.front_desk.changes import activation, proposing, workflow
from tools.front_desk.changes import draft as drafts
from tools.front_desk.changes.draft import RuleDraft
from tools.identity import people
from tools.rules.model import Rules
from tools.store import Store, open_store, proposals, runs, test_suites
from tools.store.models import Proposal, TestSuite

GRAPH: Final = workflow.GRAPH
Word = Literal["approve", "reject"]


@dataclass(frozen=True)
class RequestedChange:
    """What is to be changed: one of them. parameters: of a threshold, NAME=VALUE."""

    setting: str = ""
    suppress: str = ""
    threshold: str = ""
    sql: Path | None = None
    cases: Path | None = None
    edited: Path | None = None
    vendor: str = ""
    most: str = ""
    until: str = ""
    parameters: Sequence[str] = ()


def draft(change: RequestedChange, *, token: str | None = None, reason: str = "") -> Proposal:
    """Keep a change of the rules as a proposal. Raises UsageError or RulesError for what cannot be one."""
    limits = settings.load()
    person = people.identify(None, token, limits)
    if not person.may("start"):
        raise IdentityError(f"{person.user} may not draft a change of the rules.")
    text = rulesfile.read(limits.rules)
    return proposing.keep(
        open_store(limits.database_url), _drafted(change, text, limits.rules), by=person.user, reason=reason
    )


def _drafted(change: RequestedChange, text: str, path: Path) -> RuleDraft:
    chosen = [name for name in ("setting", "suppress", "threshold", "sql", "edited") if getattr(change, name)]
    if len(chosen) != 1:
        raise UsageError(
            "say one thing that is to be changed.",
            remedy="--set KEY=VALUE, --suppress TEST, --threshold TEST, --sql FILE, or --edited FILE.",
        )
    reach = {"most": change.most, "until": change.until}
    if change.setting:
        return drafts.setting(text, path, change.setting)
    if change.suppress:
        return drafts.suppression(text, path, vendor=change.vendor, test=change.suppress, **reach)
    if change.threshold:
        values = dict(part.partition("=")[::2] for part in change.parameters)
        words = {f"parameter:{name.strip()}": value for name, value in values.items()}
        return drafts.of_words({"kind": "threshold", "test": change.threshold, **words, **reach}, path)
    if change.sql:
        return drafts.house_test(text, path, _read(change.sql), _read(change.cases) if change.cases else "")
    return drafts.edited(text, path, _read(change.edited) if change.edited else "")


def try_out(change: str, *, token: str | None = None, thread_id: str = "") -> ThreadState:
    """Take a change through its tests and gates; it stops at two people where it passes."""
    return session.start(
        {"change": change}, graph=GRAPH, thread_id=thread_id or f"change-{uuid.uuid4()}", token=token
    )


def decide(store: Store, change: str, word: Word, *, token: str | None = None, note: str = "") -> ThreadState:
    """Give a signed-in person's word on a change that waits for two. note: what happens, typed, to approve.

    Raises IdentityError for one who may not; RunError for a change that nobody is asked about.
    """
    signed_in(token, settings.load())
    proposal = proposals.get(store, change)
    request = requests.about(store, proposal.proposal_id, checkpoints.ACTIVATE)
    if request is None:
        raise RunError(
            f"nobody is asked about change {proposal.proposal_id}: it is {proposal.status}.",
            remedy=_next_step(proposal),
        )
    words = [{"type": word, "subject": proposal.proposal_id, "message": note}]
    standing = session.answer(runs.get(store, request.run_id).thread_id, words, token=token)
    if standing.asked and standing.asked.get("notice"):
        raise IdentityError(f"the answer was not taken: {standing.asked['notice']}")
    return standing


def _next_step(proposal: Proposal) -> str:
    """Say what can be done with a change that nobody is asked about."""
    if proposal.status == "applied":
        return f"It is live. To take it back: tieout change rollback {proposal.proposal_id} --note WHY"
    if proposal.status in proposals.UNDECIDED:
        return f"Test it: tieout change test {proposal.proposal_id}"
    return "Draft it again: tieout change draft"


def roll_back(store: Store, change: str, *, token: str | None = None, note: str = "") -> Rules:
    """Take a live change back, as a signed-in person who may decide."""
    limits = settings.load()
    person = signed_in(token, limits)
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not change the rules.")
    return activation.roll_back(store, limits, change, by=person.user, note=note)


def rows(store: Store, limit: int = 100) -> list[dict[str, Any]]:
    """List changes of every kind, the newest first, with how their gates stand."""
    listed = proposals.find(store, kinds=(), limit=limit)
    suites = test_suites.newest_of(store, [proposal.proposal_id for proposal in listed])
    return [row(proposal, suites.get(proposal.proposal_id)) for proposal in listed]


def row(proposal: Proposal, suite: TestSuite | None) -> dict[str, Any]:
    """Give a change as it is listed. suite: its last round, where it was tested."""
    judged = suite.gates if suite else []
    return {
        "change": proposal.proposal_id,
        "kind": proposal.kind,
        "title": workflow.title_of(proposal.details),
        "status": proposal.status,
        "gates": f"{sum(gate['passed'] for gate in judged)} of {len(judged)}" if judged else "",
        "rounds": suite.round if suite else 0,
        "by": str(proposal.details.get("by", "feedback")),
        "made_at": proposal.made_at.isoformat(),
        "decided_by": proposal.decided_by,
        "note": proposal.note,
    }


def gates(store: Store, change: str) -> list[dict[str, Any]]:
    """Give what each gate saw in a change's last round. Raises RunError for one that was not tested."""
    proposal, suite = activation.with_last_round(store, change)
    if suite is None:
        raise RunError(
            f"change {proposal.proposal_id} was not tested yet.",
            remedy=f"Test it: tieout change test {proposal.proposal_id}",
        )
    return [dict(gate) for gate in suite.gates]


def outcomes(store: Store, change: str) -> list[dict[str, Any]]:
    """Give what became of each test of a change's last round."""
    _, suite = activation.with_last_round(store, change)
    return [row.as_dict() for row in test_suites.outcomes(store, suite.suite_id)] if suite else []


def mutants(store: Store, change: str) -> list[Mapping[str, Any]]:
    """Give the mutants of a change's last round, those that lived first."""
    _, suite = activation.with_last_round(store, change)
    return sorted(suite.mutants, key=lambda mutant: bool(mutant["killed"])) if suite else []


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"it cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8'}.", place=str(path)
        ) from None
