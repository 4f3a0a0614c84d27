"""Counting votes: a request asks about subjects; what is settled is each unit of a subject by itself.

The units of a case are its flags; a subject without units (a gate) is its own. A person's word on a unit
goes before their word on its subject. A unit is settled when one verdict has as many different people as it
needs; changes that differ are different verdicts. A vote on what is settled is refused, so it stays so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol


class Vote(Protocol):
    """One person's word on a subject, or on one unit of it."""

    subject: str
    verdict: Any
    by: str
    note: str
    changes: dict[str, Any]


class VotedRequest(Protocol):
    """A request: how many have to agree, who may not, and the units of each subject."""

    request_id: str
    kind: str
    status: str
    outcome: str
    needs: dict[str, Any]
    barred: dict[str, Any]
    payload: dict[str, Any]
    words: list[Any]


@dataclass(frozen=True)
class VoteCount:
    """How a subject or a unit stands: the verdict that enough people gave, or "" until then.

    votes: verdict -> who gave it. by, note, changes: of the votes that settled it.
    """

    verdict: str
    need: int
    votes: dict[str, list[str]] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    note: str = ""
    changes: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ballot:
    """A request with its votes, in the order in which the store received them."""

    request: VotedRequest
    votes: Sequence[Vote]

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Give the units of each subject."""
        units: Mapping[str, list[str]] = self.request.payload.get("units") or {}
        alone = [
            name for name in self.request.needs if name not in units and name not in self.subject_of_unit
        ]
        return {**{name: list(parts) for name, parts in units.items()}, **{name: [name] for name in alone}}

    @cached_property
    def subject_of_unit(self) -> dict[str, str]:
        """Give the subject that a unit belongs to."""
        units: Mapping[str, list[str]] = self.request.payload.get("units") or {}
        return {unit: subject for subject, parts in units.items() for unit in parts}

    def units(self, name: str) -> list[str]:
        """Give the units that a name stands for: a subject's, or the unit itself; none if it is not asked."""
        groups = self.groups
        return groups[name] if name in groups else [name] * (name in self.subject_of_unit)

    @cached_property
    def by_name(self) -> dict[str, list[Vote]]:
        """Give the votes by the name that they were cast on."""
        votes: dict[str, list[Vote]] = {}
        for vote in self.votes:
            votes.setdefault(vote.subject, []).append(vote)
        return votes

    def need(self, unit: str) -> int:
        """Say how many different people a unit needs."""
        needs = self.request.needs
        return int(needs.get(unit) or needs.get(self.subject_of_unit.get(unit, ""), 1))

    def barred(self, unit: str) -> dict[str, str]:
        """Give who may not decide a unit, each with the reason's name (eligibility.REASONS)."""
        of_unit: Mapping[str, str] = self.request.barred.get(unit, {})
        return {**self.request.barred.get(self.subject_of_unit.get(unit, ""), {}), **of_unit}

    def counts(self) -> dict[str, VoteCount]:
        """Count the votes on every unit."""
        # Units of one subject and one need, on none of which anybody voted by itself, stand alike.
        alike: dict[tuple[str, int], VoteCount] = {}
        counts: dict[str, VoteCount] = {}
        for subject, units in self.groups.items():
            for unit in units:
                need = self.need(unit)
                if unit in self.by_name and unit != subject:
                    counts[unit] = _count(need, [*self.by_name[unit], *self.by_name.get(subject, [])])
                    continue
                if (subject, need) not in alike:
                    alike[subject, need] = _count(need, self.by_name.get(subject, []))
                counts[unit] = alike[subject, need]
        return counts

    def of_subjects(self, counts: Mapping[str, VoteCount]) -> dict[str, VoteCount]:
        """Say how every subject stands: settled when all of its units are, "mixed" when they differ."""
        return {name: self._of_subject(name, units, counts) for name, units in self.groups.items()}

    def waiting(self, name: str, counts: Mapping[str, VoteCount]) -> list[str]:
        """Give the units of a subject that are not settled."""
        return [unit for unit in self.units(name) if not counts[unit].verdict]

    def _of_subject(self, name: str, units: Sequence[str], counts: Mapping[str, VoteCount]) -> VoteCount:
        if units == [name]:
            return counts[name]
        verdicts = {counts[unit].verdict for unit in units}
        settled = "" if "" in verdicts else verdicts.pop() if len(verdicts) == 1 else "mixed"
        votes: dict[str, list[str]] = {}
        for vote in self.votes:
            if vote.subject == name or vote.subject in units:
                people = votes.setdefault(str(vote.verdict), [])
                people += [vote.by] * (vote.by not in people)
        open_units = self.waiting(name, counts)
        return VoteCount(settled, max((self.need(unit) for unit in open_units or units), default=1), votes)


def _count(need: int, votes: Sequence[Vote]) -> VoteCount:
    """Count the first vote of each person: those on the unit itself stand before those on its subject."""
    of_person: dict[str, Vote] = {}
    for vote in votes:
        of_person.setdefault(vote.by, vote)
    people: dict[str, list[str]] = {}
    alike: dict[tuple[str, str], list[Vote]] = {}
    for vote in of_person.values():
        people.setdefault(str(vote.verdict), []).append(vote.by)
        changes = json.dumps(vote.changes, sort_keys=True) if vote.verdict == "modify" else ""
        alike.setdefault((str(vote.verdict), changes), []).append(vote)
    for (verdict, _), agreeing in alike.items():
        if len(agreeing) >= need:
            note = "; ".join(dict.fromkeys(vote.note for vote in agreeing if vote.note))
            by = tuple(sorted(vote.by for vote in agreeing))
            return VoteCount(verdict, need, people, by, note, dict(agreeing[0].changes))
    return VoteCount("", need, people)
