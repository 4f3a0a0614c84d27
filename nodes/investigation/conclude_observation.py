"""Publish what an observer came to."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import investigate
from tools.core.refs import Ref


class Reads(TypedDict):
    """The conversation and its report."""

    run_id: str
    flags: Ref
    case_id: str
    observer: str
    name: str
    messages: list[dict[str, Any]]
    facts: dict[str, dict[str, str]]
    tokens: dict[str, str]
    report: dict[str, Any]
    ended: str
    steps: int


class Writes(TypedDict):
    """Where its part lies, under its case and name."""

    observations: dict[str, dict[str, Any]]


def conclude_observation(state: Reads) -> Writes:
    """Hold the report against the facts and publish what stands; without a report it is degraded."""
    return {"observations": investigate.conclude(state)}
