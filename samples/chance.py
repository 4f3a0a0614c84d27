"""Seeded chance that gives the same on every Python: only `random()` of the standard generator is used."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


class Chance:
    """One named stream of chance: a change in one part of the sample doesn't reshuffle the others."""

    def __init__(self, name: str) -> None:
        self._source = random.Random(f"tieout sample 2025: {name}")

    def happens(self, share: float) -> bool:
        """Say yes in this share of cases."""
        return self._source.random() < share

    def whole(self, low: int, high: int) -> int:
        """Give an integer from low to high, both included."""
        return low + int(self._source.random() * (high - low + 1))

    def pick(self, things: Sequence[Thing], weights: Sequence[float] = ()) -> Thing:
        """Give one of the things, by weight where there are weights."""
        if not weights:
            return things[int(self._source.random() * len(things))]
        point = self._source.random() * sum(weights)
        for thing, weight in zip(things, weights, strict=True):
            point -= weight
            if point < 0:
                return thing
        return things[-1]

    def sample(self, things: Sequence[Thing], count: int) -> list[Thing]:
        """Give `count` different ones, in their order."""
        marked = sorted((self._source.random(), index) for index in range(len(things)))
        return [things[index] for index in sorted(index for _, index in marked[:count])]

    def shuffled(self, things: Sequence[Thing]) -> list[Thing]:
        """Give them all in another order."""
        marked = sorted((self._source.random(), index) for index in range(len(things)))
        return [things[index] for _, index in marked]

    def amount(self, median: int, sigma: float) -> int:
        """Give a log-normal amount in minor units around a median."""
        normal = math.sqrt(-2 * math.log(1 - self._source.random())) * math.cos(
            2 * math.pi * self._source.random()
        )
        return max(100, round(median * math.exp(sigma * normal)))

    def count(self, mean: float) -> int:
        """Give how often something with this mean happens: its whole part, and once more by its fraction."""
        return int(mean) + self.happens(mean - int(mean))
