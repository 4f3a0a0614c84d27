"""The chance that a claim is recovered: a prior by kind and age, updated by outcomes (Beta and binomial).

Source: Gelman et al., Bayesian Data Analysis (2013), 2.4; priors and where they come from: priors.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, NamedTuple

from tools.core import package_yaml

RECOVERED: Final = ("won",)
GIVEN_UP: Final = ("lost", "no_response")


class ClaimOutcome(NamedTuple):
    """How a closed claim ended: its kind, its age when it was opened, its party, and whether money came."""

    kind: str
    age_days: int
    party_id: str
    won: bool


@dataclass
class PriorCounts:
    """Outcomes counted."""

    won: int = 0
    n: int = 0

    def add(self, *, won: bool) -> None:
        """Count another outcome."""
        self.won += won
        self.n += 1


@dataclass(frozen=True)
class Chance:
    """A chance, and on what it stands: outcomes of its kind and age, and of its party."""

    probability: float
    prior: float
    cell_n: int
    party_n: int
    bucket: str


@dataclass
class Chances:
    """Chances of recovery: priors and what the outcomes so far make of them.

    weight: outcomes that a prior counts as, at each of the two steps (kind and age, then party).
    """

    weight: float
    cells: dict[tuple[str, int], PriorCounts] = field(default_factory=dict)
    parties: dict[str, PriorCounts] = field(default_factory=dict)

    @classmethod
    def fitted(cls, weight: float, outcomes: Iterable[ClaimOutcome]) -> Chances:
        """Count outcomes by kind and age, and by party."""
        fitted = cls(weight)
        for outcome in outcomes:
            place = (outcome.kind, bucket_of(outcome.age_days))
            fitted.cells.setdefault(place, PriorCounts()).add(won=outcome.won)
            fitted.parties.setdefault(outcome.party_id, PriorCounts()).add(won=outcome.won)
        return fitted

    def of(self, kind: str, age_days: int, party_id: str) -> Chance:
        """Give a claim's chance: the prior, drawn to its kind and age's outcomes, then to its party's."""
        place = bucket_of(age_days)
        start = prior(kind, place)
        cell = self.cells.get((kind, place), PriorCounts())
        mean = (self.weight * start + cell.won) / (self.weight + cell.n)
        party = self.parties.get(party_id, PriorCounts())
        chance = (self.weight * mean + party.won) / (self.weight + party.n)
        return Chance(chance, start, cell.n, party.n, bucket_name(place))


@cache
def _table() -> Mapping[str, Any]:
    table: Mapping[str, Any] = package_yaml.of_package("tools.recovery", "priors")
    return table


def bucket_of(age_days: int) -> int:
    """Give the number of the age's bucket."""
    return sum(age_days > edge for edge in _table()["buckets"])


def bucket_name(place: int) -> str:
    """Name a bucket: "31 to 90 days"."""
    edges = [-1, *_table()["buckets"]]
    if place == len(edges) - 1:
        return f"over {edges[-1]} days"
    return f"{edges[place] + 1} to {edges[place + 1]} days"


def prior(kind: str, place: int) -> float:
    """Give the chance before outcomes are known."""
    return float(_table()["chances"][kind][place])


def buckets() -> int:
    """Count the buckets of age."""
    return len(_table()["buckets"]) + 1
