"""Who has signed what of the cases that wait: so far and still needed, and what one person is done with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from tools.approvals import requests
from tools.approvals.votes import Ballot
from tools.store import Store
from tools.store.models import Flag
from tools.store.writes import in_batches


class Signatures(NamedTuple):
    """How many people have signed a case, and how many it takes."""

    signed: int
    need: int


def open_ballots(store: Store) -> list[Ballot]:
    """Give the requests about flags that wait, each with its votes: read once a page."""
    open_requests = [request for request in requests.waiting(store) if request.kind == "flags"]
    return [requests.ballot(store, request.request_id) for request in open_requests]


def of_cases(store: Store, case_ids: Sequence[str], ballots: Sequence[Ballot]) -> dict[str, Signatures]:
    """Give the signatures of those of the cases that a request asks about."""
    units = _units_of(store, case_ids)
    standing: dict[str, Signatures] = {}
    for ballot in ballots:
        counts = ballot.counts()
        for case_id, flag_id in units:
            if flag_id not in counts:
                continue
            people = {by for voters in counts[flag_id].votes.values() for by in voters}
            before = standing.get(case_id, Signatures(0, 0))
            standing[case_id] = max(before, Signatures(len(people), ballot.need(flag_id)), key=_need)
    return standing


def signed_cases(store: Store, user: str, ballots: Sequence[Ballot]) -> list[str]:
    """Give the cases that wait for others alone: all that is proposed of them has this person's word."""
    flag_ids = {
        unit
        for ballot in ballots
        for vote in ballot.votes
        if vote.by == user
        for unit in ballot.units(vote.subject)
    }
    signed: Counter[str] = Counter()
    waiting: Counter[str] = Counter()
    with store.read() as session:
        for batch in in_batches(sorted(flag_ids)):
            proposed = select(Flag.case_id).where(Flag.flag_id.in_(batch), Flag.status == "proposed")
            signed.update(str(case_id) for case_id in session.scalars(proposed) if case_id)
        for batch in in_batches(sorted(signed)):
            counted = (
                select(Flag.case_id, func.count())
                .where(Flag.case_id.in_(batch), Flag.status == "proposed")
                .group_by(Flag.case_id)
            )
            waiting.update({str(case_id): count for case_id, count in session.execute(counted)})
    return [case_id for case_id, count in signed.items() if waiting[case_id] <= count]


def _units_of(store: Store, case_ids: Sequence[str]) -> list[tuple[str, str]]:
    """Give one flag that is proposed of each case and risk: flags of one risk stand alike."""
    query = (
        select(Flag.case_id, func.min(Flag.flag_id))
        .where(Flag.case_id.in_(case_ids), Flag.status == "proposed")
        .group_by(Flag.case_id, Flag.risk)
    )
    with store.read() as session:
        return [(str(case_id), str(flag_id)) for case_id, flag_id in session.execute(query)]


def _need(signatures: Signatures) -> int:
    return signatures.need
