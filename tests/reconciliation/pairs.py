"""Declare a pair of sources for a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Pair:
    """A declared pair with the defaults of a sources file."""

    left: str = "left"
    right: str = "right"
    name: str = "pair"
    mode: str = "one_to_one"
    sign: str = "same"
    left_where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    right_where: Mapping[str, Sequence[str]] = field(default_factory=dict)
    required_for: Mapping[str, Sequence[str]] = field(default_factory=dict)
    window_days: int = 3
    tolerance: float = 0.05


@dataclass(frozen=True)
class Sources:
    """Declared pairs."""

    pairs: Sequence[Pair]
