"""Read the gravest cases, before any model."""

from __future__ import annotations

from typing import Any

from typing_extensions import TypedDict

from tools.audit import read_cases as reading_cases
from tools.core.refs import Ref


class Reads(TypedDict):
    """The judged flags, and which cases are to be looked into."""

    run_id: str
    flags: Ref
    judged: dict[str, Any]


class Writes(TypedDict):
    """Where what was seen of the cases lies, and whether a model looks further."""

    reading: dict[str, Any]


def read_cases(state: Reads) -> Writes:
    """Let three observers see each case by the desk's own lookups; one that cannot look stops nobody."""
    reading = reading_cases.read_cases(state["run_id"], state["flags"], state["judged"]["to_investigate"])
    return {"reading": reading}
