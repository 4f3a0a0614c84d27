"""Ask people about something, as a graph's node would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tools.approvals import requests
from tools.approvals.votes import VoteCount
from tools.store import Store
from tools.store.models import ApprovalRequest

WORDS = {
    "gate": ("approve", "retry", "reject"),
    "flags": ("approve", "reject", "edit", "skip"),
}


def ask_people(
    store: Store,
    run_id: str,
    kind: str = "flags",
    *,
    needs: Mapping[str, int],
    subjects: Sequence[Mapping[str, Any]] | None = None,
    risk: str = "HIGH",
    **draft: Any,  # noqa: ANN401 - fields of Draft
) -> ApprovalRequest:
    """Ask about `needs`; where there are no subjects, each name is one."""
    plain = [
        {"subject": name, "risk": risk, "description": name, "quorum": need} for name, need in needs.items()
    ]
    reference = requests.ask(
        store,
        run_id,
        requests.Draft(
            kind,
            str(draft.pop("title", "To decide")),
            plain if subjects is None else subjects,
            needs,
            words=WORDS.get(kind, ("approve", "reject")),
            **draft,
        ),
    )
    return requests.get(store, reference["request_id"])


def tally(store: Store, request_id: str) -> dict[str, VoteCount]:
    """Count the votes on every subject of a request."""
    ballot = requests.ballot(store, request_id)
    return ballot.of_subjects(ballot.counts())
