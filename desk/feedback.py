"""Feedback for people: what is proposed, and a signed-in person's word on it. One code for all who ask.

begin(days=, until=, token=) -> ThreadState        run a round; it stops at a person where something is open
begin_later(store, settings, token) -> Task        leave it to the workers
rows(store, status=) -> list[dict]              proposals as they are listed
decide(store, proposal_id, word, token=, note=) approve or reject, on the thread that asks
roll_back(store, proposal_id, token=, note=)    take an applied change out of the rules file again
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final, Literal

from desk import task_waits
from desk.approvals.decide import signed_in
from graph.runtime import session
from graph.runtime.session import ThreadState
from tools.core import settings
from tools.core.errors import IdentityError, RunError
from tools.core.settings import Settings
from tools.feedback import applying, rounds
from tools.rules.model import Rules
from tools.runs import tasks
from tools.runs.starting import start_later
from tools.store import Store, proposals
from tools.store.models import Proposal, Task

GRAPH: Final = "feedback"
Word = Literal["approve", "reject"]


def begin(
    *,
    days: int | None = None,
    until: str | None = None,
    token: str | None = None,
    thread_id: str | None = None,
) -> ThreadState:
    """Run a round of feedback to its end, or to a person."""
    window = {"days": days, "until": until}
    return session.start(
        {name: value for name, value in window.items() if value is not None},
        thread_id=thread_id or f"feedback-{uuid.uuid4()}",
        token=token,
        graph=GRAPH,
    )


def begin_later(store: Store, limits: Settings, token: str | None) -> Task:
    """Put a round down for the workers; while one is put down and has not ended, it is that one."""
    under_way = _under_way(store)
    return under_way or start_later(store, limits, GRAPH, {}, token=token)


def open_round(store: Store) -> dict[str, Any]:
    """Say of a round that was put down and has not ended who asked for it, and whether no worker is there."""
    task = _under_way(store)
    unattended = task is not None and task_waits.is_unattended(store, task)
    return {"by": task.requested_by, "no_worker": unattended} if task else {}


def _under_way(store: Store) -> Task | None:
    starts = tasks.list_open(store, "start_graph")
    return next((task for task in starts if task.parameters["graph"] == GRAPH), None)


def rows(
    store: Store, *, status: str | None = None, limit: int = 100, offset: int = 0
) -> list[dict[str, Any]]:
    """List proposals as rows, the newest first: amounts as decimal text by currency."""
    return [row(proposal) for proposal in proposals.find(store, status=status, limit=limit, offset=offset)]


def row(proposal: Proposal) -> dict[str, Any]:
    """Give a proposal as a row: what, on what it stands, its replay, and what became of it."""
    details = proposal.details
    again = details["replay"]
    entry = details["change"]["entry"] or {}
    return {
        **{name: value for name, value in proposal.as_dict().items() if name != "details"},
        "what": rounds.worded(proposal),
        **{
            name: details[name]
            for name in ("n", "false_positives", "confirmed", "rate", "wilson_low", "limit")
        },
        "reviewers": details["reviewers"],
        "refusals": details["refusals"],
        "barred": details["barred"],
        "expires": entry.get("expires"),
        "most": entry.get("most"),
        "runs": len(again["runs"]),
        "not_kept": len(again["not_kept"]),
        **{name: rounds.amounts(again[name]) for name in ("hidden", "missed", "unseen", "regained")},
        "hidden_flags": again["hidden"]["flags"],
        "flags": details["flags"],
        "thread_id": details["thread_id"],
    }


def decide(
    store: Store, proposal_ids: Sequence[str], word: Word, *, token: str | None = None, note: str = ""
) -> list[Proposal]:
    """Give a signed-in person's word on open proposals of one round, and go on with it.

    Raises IdentityError for one who may not decide; RunError for what is not open or could not be applied.
    """
    signed_in(token, settings.load())
    chosen = [proposals.get(store, name) for name in proposal_ids]
    for proposal in chosen:
        if proposal.status != "open":
            raise RunError(
                f"proposal {proposal.proposal_id} is {proposal.status}: "
                f"{proposal.note or 'it was decided before'}."
            )
    words = [{"type": word, "subject": proposal.proposal_id, "message": note} for proposal in chosen]
    standing = session.answer(chosen[0].details["thread_id"], words, token=token)
    if standing.asked and standing.asked.get("notice"):
        raise IdentityError(f"the answer was not taken: {standing.asked['notice']}")
    failed = (standing.values.get("changed") or {}).get("failed") or {}
    for proposal in chosen:
        if proposal.proposal_id in failed:
            raise RunError(failed[proposal.proposal_id])
    return [proposals.get(store, proposal.proposal_id) for proposal in chosen]


def roll_back(store: Store, proposal_id: str, *, token: str | None = None, note: str = "") -> Rules:
    """Take an applied change back, as a signed-in person who may decide."""
    limits = settings.load()
    person = signed_in(token, limits)
    if not person.may("decide"):
        raise IdentityError(f"{person.user} may not change the rules.")
    return applying.roll_back(store, limits, proposal_id, by=person.user, note=note)
