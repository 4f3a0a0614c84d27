"""What a reconciliation needs to know about a declared pair of sources."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol


class Pair(Protocol):
    """Two sources that should tell the same story, and how.

    mode: one_to_one; statement (one right row settles a period's left rows); documents (left rows of the
    listed categories need a right row); full (every pass, groups and offsets too).
    sign: "same", or "opposite" where one side's plus is the other's minus.
    left_where, right_where: column -> accepted values. required_for: the same, of left rows that need one.
    window_days: how far apart the two dates may ordinarily be. tolerance: accepted share of the amount.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - described by the class
    @property
    def left(self) -> str: ...  # noqa: D102
    @property
    def right(self) -> str: ...  # noqa: D102
    @property
    def mode(self) -> str: ...  # noqa: D102
    @property
    def sign(self) -> str | None: ...  # noqa: D102
    @property
    def left_where(self) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    @property
    def right_where(self) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    @property
    def required_for(self) -> Mapping[str, Sequence[str]]: ...  # noqa: D102
    @property
    def window_days(self) -> int: ...  # noqa: D102
    @property
    def tolerance(self) -> float: ...  # noqa: D102


class Sources(Protocol):
    """The declared pairs of a sources file."""

    @property
    def pairs(self) -> Sequence[Pair]: ...  # noqa: D102
