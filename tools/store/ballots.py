"""Counting votes: a request asks about subjects; what is settled is each flag of a subject by itself.

A subject without flags (a gate) is its own unit. A person's word on a flag itself goes before their word on
its case. A unit is settled when one verdict has as many different people as it needs; changes that differ
are different verdicts. A vote on what is settled is refused, so a settled unit stays so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol


class Vote(Protocol):
    """One person's word on a subject, or on one flag of it."""

    subject: str
    verdict: Any
    by: str
    note: str
    changes: dict[str, Any]


class Asked(Protocol):
    """A request: how many have to agree, who may not, and the flags of each subject."""

    needs: dict[str, Any]
    barred: dict[str, Any]
    payload: dict[str, Any]


@dataclass(frozen=True)
class Standing:
    """How a subject or a flag stands: the verdict that enough people gave, or "" until then.

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
    """A request with its votes, in the order in which they were given."""

    asked: Asked
    votes: Sequence[Vote]

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Give the units of each subject."""
        flags: Mapping[str, list[str]] = self.asked.payload.get("flags") or {}
        alone = [name for name in self.asked.needs if name not in flags and name not in self.subject_of_flag]
        return {**{name: list(held) for name, held in flags.items()}, **{name: [name] for name in alone}}

    @cached_property
    def subject_of_flag(self) -> dict[str, str]:
        """Give the subject that a flag belongs to."""
        flags: Mapping[str, list[str]] = self.asked.payload.get("flags") or {}
        return {flag: subject for subject, held in flags.items() for flag in held}

    def units(self, name: str) -> list[str]:
        """Give the units that a name means: those of a subject, or the flag itself; none for a stranger."""
        groups = self.groups
        return groups[name] if name in groups else [name] * (name in self.subject_of_flag)

    @cached_property
    def on(self) -> dict[str, list[Vote]]:
        """Give the votes by what they are exactly on."""
        found: dict[str, list[Vote]] = {}
        for vote in self.votes:
            found.setdefault(vote.subject, []).append(vote)
        return found

    def need(self, unit: str) -> int:
        """Say how many different people a unit needs."""
        needs = self.asked.needs
        return int(needs.get(unit) or needs.get(self.subject_of_flag.get(unit, ""), 1))

    def barred(self, unit: str) -> list[str]:
        """Name who may not decide a unit."""
        of_unit = self.asked.barred.get(unit, [])
        of_subject = self.asked.barred.get(self.subject_of_flag.get(unit, ""), [])
        return sorted({*of_unit, *of_subject}) if of_unit and of_subject else list(of_unit or of_subject)

    def standings(self) -> dict[str, Standing]:
        """Say how every unit stands."""
        # Flags of one subject and one need, on none of which anybody said a word, stand alike.
        alike: dict[tuple[str, int], Standing] = {}
        found: dict[str, Standing] = {}
        for subject, units in self.groups.items():
            for unit in units:
                need = self.need(unit)
                if unit in self.on and unit != subject:
                    found[unit] = _counted(need, [*self.on[unit], *self.on.get(subject, [])])
                    continue
                if (subject, need) not in alike:
                    alike[subject, need] = _counted(need, self.on.get(subject, []))
                found[unit] = alike[subject, need]
        return found

    def of_subjects(self, standings: Mapping[str, Standing]) -> dict[str, Standing]:
        """Say how every subject stands: settled when all of its units are, "mixed" when they differ."""
        return {name: self._of_subject(name, units, standings) for name, units in self.groups.items()}

    def _of_subject(self, name: str, units: Sequence[str], standings: Mapping[str, Standing]) -> Standing:
        if units == [name]:
            return standings[name]
        verdicts = {standings[unit].verdict for unit in units}
        settled = "" if "" in verdicts else verdicts.pop() if len(verdicts) == 1 else "mixed"
        votes: dict[str, list[str]] = {}
        for vote in self.votes:
            if vote.subject == name or vote.subject in units:
                people = votes.setdefault(str(vote.verdict), [])
                people += [vote.by] * (vote.by not in people)
        waiting = [unit for unit in units if not standings[unit].verdict]
        return Standing(settled, max((self.need(unit) for unit in waiting or units), default=1), votes)


def _counted(need: int, votes: Sequence[Vote]) -> Standing:
    """Count the first vote of each person: those on the unit itself stand before those on its subject."""
    mine: dict[str, Vote] = {}
    for vote in votes:
        mine.setdefault(vote.by, vote)
    shown: dict[str, list[str]] = {}
    alike: dict[tuple[str, str], list[Vote]] = {}
    for vote in mine.values():
        shown.setdefault(str(vote.verdict), []).append(vote.by)
        changes = json.dumps(vote.changes, sort_keys=True) if vote.verdict == "modify" else ""
        alike.setdefault((str(vote.verdict), changes), []).append(vote)
    for (verdict, _), agreeing in alike.items():
        if len(agreeing) >= need:
            note = "; ".join(dict.fromkeys(vote.note for vote in agreeing if vote.note))
            by = tuple(sorted(vote.by for vote in agreeing))
            return Standing(verdict, need, shown, by, note, dict(agreeing[0].changes))
    return Standing("", need, shown)
