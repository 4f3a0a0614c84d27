"""Ask people about proposed changes, and act on what they decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from typing_extensions import TypedDict

from tools.approvals import answers, requests
from tools.approvals.votes import VoteCount
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.errors import RunError, TieoutError
from tools.core.refs import Answer, RequestRef
from tools.core.settings import Settings
from tools.feedback import applying, rounds
from tools.store import Store, open_store, proposals, runs

KIND: Final = "changes"
AUTOMATIC: Final = "rule"
SUPERSEDED: Final = "superseded"
_BY_ITSELF = VoteCount("approve", 1, by=(AUTOMATIC,), note="applied by itself: TIEOUT_FEEDBACK_AUTOMATIC")


class Outcome(TypedDict):
    """What became of a round's proposals: by id, and why those that failed did."""

    applied: list[str]
    rejected: list[str]
    testing: list[str]
    failed: dict[str, str]


@dataclass(frozen=True)
class AppliedChanges:
    """What became of answers. waiting: proposals still open; notice: why an answer came too late."""

    outcome: Outcome
    waiting: int
    notice: str = ""


def ask(run_id: str, proposal_ids: Sequence[str]) -> RequestRef:
    """Ask about proposals, once; whoever made most of the reviews behind one may not approve it."""
    limits = settings.load()
    store, rules = open_store(limits.database_url), load_rules(limits.rules)
    _close_superseded(store, run_id)
    subjects = rounds.subjects(proposal_ids)
    count = len(subjects)
    draft = requests.Draft(
        KIND,
        f"{count} change{'s' * (count > 1)} of the rules to decide",
        subjects,
        needs=dict.fromkeys(proposal_ids, rules.approval.quorum["MEDIUM"]),
        reasons=[
            "Reviews of the last days speak for them; replayed, they would have hidden nothing confirmed."
        ],
        barred={
            name: dict.fromkeys(proposals.get(store, name).details["barred"], "reviewed")
            for name in proposal_ids
        },
        expires_hours=rules.approval.expires_hours,
        escalates_to=rules.severity.senior_role,
        page="feedback",
        names={"VENDOR": [str(subject["vendor"]) for subject in subjects if subject["vendor"]]},
    )
    return requests.ask(store, run_id, draft)


def _close_superseded(store: Store, run_id: str) -> None:
    """End earlier rounds that ask about nothing any more: this one's proposals took the place of theirs."""
    for request in requests.waiting(store, KIND):
        names = requests.ballot(store, request.request_id).groups
        if request.run_id != run_id and all(proposals.get(store, name).status != "open" for name in names):
            requests.close(store, request.request_id, SUPERSEDED)
            runs.close(store, request.run_id, SUPERSEDED)


def request_of(run_id: str) -> str:
    """Give the id of the request at which a round waits. Raises RunError where it asks nothing."""
    request = requests.open_for(open_store(settings.load().database_url), run_id, KIND)
    if request is None:
        raise RunError("this round asks nothing.", place=run_id, remedy="Begin another: tieout feedback")
    return request.request_id


def apply(run_id: str, proposal_ids: Sequence[str], answered: Sequence[Answer]) -> AppliedChanges:
    """Record answers and carry out what is decided; without a request, the settings have approved all."""
    limits = settings.load()
    store = open_store(limits.database_url)
    request = requests.open_for(store, run_id, KIND)
    if request is None:
        settled = dict.fromkeys(proposal_ids, _BY_ITSELF) if limits.feedback_automatic else {}
        return AppliedChanges(_carry_out(store, limits, run_id, settled), 0)
    notice = answers.record(store, answered)
    counts = requests.ballot(store, request.request_id).counts()
    settled = {name: count for name, count in counts.items() if count.verdict}
    outcome = _carry_out(store, limits, run_id, settled)
    waiting = len(counts) - len(settled)
    if not waiting:
        requests.close(store, request.request_id, "decided")
        runs.set_status(store, run_id, "open")
    return AppliedChanges(outcome, waiting, notice)


def _carry_out(store: Store, limits: Settings, run_id: str, settled: Mapping[str, VoteCount]) -> Outcome:
    """Carry out what is settled; what cannot be says why and stays as it is.

    What is approved is put down for its gates, in the name of whoever began the round, or applied at once
    where the rules say so.
    """
    done = Outcome(applied=[], rejected=[], testing=[], failed={})
    gated, starter = load_rules(limits.rules).feedback.gated, runs.get(store, run_id).started_by
    for proposal_id, count in sorted(settled.items()):
        by = ", ".join(count.by)
        try:
            if count.verdict == "approve" and gated:
                applying.hand_over(store, proposal_id, by=by, note=count.note, starter=starter)
                done["testing"].append(proposal_id)
            elif count.verdict == "approve":
                applying.apply(store, limits, proposal_id, by=by, note=count.note)
                done["applied"].append(proposal_id)
            else:
                applying.reject(store, proposal_id, by=by, note=count.note)
                done["rejected"].append(proposal_id)
        except TieoutError as error:
            done["failed"][proposal_id] = str(error)
    return done
