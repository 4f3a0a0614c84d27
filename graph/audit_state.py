"""What the audit's nodes share: references, counts and decisions, in JSON primitives.

AuditInput is all that a caller may give: no decision can be slipped in with it.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from graph.runtime.reducers import by_key
from tools.core.refs import Answer, CheckResult, ControlTotals, GateVerdict, Ref, RequestRef

SAMPLE: Final = "samples/sources.yaml"  # looked for in the desk's home, then beside the samples that we ship


class AuditInput(TypedDict):
    """What starts a run. Studio's form shows these titles, descriptions and defaults."""

    sources: Annotated[
        str,
        Field(
            title="Sources file",
            description="Where the books lie and how to read them: a YAML file, which 'tieout init FOLDER'"
            " proposes. On the Server it lies in a folder of TIEOUT_BOOKS_FOLDERS.",
            json_schema_extra={"default": SAMPLE},
        ),
    ]
    """The sources file."""
    rules: NotRequired[
        Annotated[
            str,
            Field(
                title="Rules file",
                description="Empty: the desk's rules. A run under others closes nothing, and approves nothing"
                " by rule.",
                json_schema_extra={"default": ""},
            ),
        ]
    ]
    """The rules file; the setting where it is absent."""
    as_of: NotRequired[
        Annotated[
            str,
            Field(
                title="Audit as of",
                description="Audit as if it were this day, written as 2025-12-31. Empty: the day that the"
                " sources file says, or today.",
                json_schema_extra={"default": ""},
            ),
        ]
    ]
    """Audit as if it were this day (ISO date); the entity's or today where it is absent."""
    again_from: NotRequired[
        Annotated[
            str,
            Field(
                title="Audit again from",
                description="Audit days from this one on again (2025-01-01, or beginning), in place of a run"
                " that waits over them. Empty: only what nobody audited yet.",
                json_schema_extra={"default": ""},
            ),
        ]
    ]
    """Audit days from this one on again (ISO date, or "beginning"); none where it is absent."""


class AuditState(AuditInput):
    """What travels from node to node."""

    run_id: str
    """The run in the store, and its folder's name."""
    started_by: str
    """Who started it, as authenticated."""
    snapshot: Ref
    """The canonical tables that every node reads."""
    totals: list[ControlTotals]
    """Control totals by source."""
    attempts: Annotated[dict[str, int], by_key]
    """How often a person had a check run."""
    checks: Annotated[dict[str, CheckResult], by_key]
    """What each check came to, under its name: a replay overwrites."""
    suspects: Ref
    """One row for each suspicious row of the books."""
    merged: dict[str, Any]
    """Counts that decide the route: rows, suspects, cases, completeness."""
    request: RequestRef
    """What a person is asked at present."""
    answered: list[Answer]
    """Authenticated answers that came last: what is to be recorded."""
    gate: GateVerdict
    """What people decided at the gate."""
    notice: str
    """Why the last answer was not taken."""
    overrides: Annotated[dict[str, str], by_key]
    """Severities that people set, under run/case or run/flag."""
    rerun: dict[str, str]
    """The run that starts anew with other thresholds: whose, with which rules; empty otherwise."""
    evidence: Ref
    """Documents found for the suspects."""
    searched: dict[str, Any]
    """Counts of the search."""
    flags: Ref
    """The judged flags."""
    judged: dict[str, Any]
    """Counts of flags by severity, exposure, and how the explanations came about."""
    investigated: dict[str, Any]
    """What observers came to: counts, and where the readings of the gravest cases lie."""
    proposed: dict[str, Any]
    """Which flags were new, which were known."""
    outcome: str
    """clean, flagged, partial, empty, stopped or untested."""


class AuditOutput(TypedDict):
    """What a run gives back."""

    run_id: str
    """The run in the store."""
    outcome: str
    """clean, flagged, partial, empty, stopped or untested."""
    checks: dict[str, CheckResult]
    """What each check came to."""
    judged: dict[str, Any]
    """Counts of flags by severity."""
