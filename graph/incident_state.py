"""What the incident graph's nodes share: references, counts, attempts, in JSON primitives."""

from __future__ import annotations

from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from graph.runtime.reducers import by_key


class IncidentInput(TypedDict):
    """What starts an investigation."""

    incident: Annotated[
        str,
        Field(
            title="Incident",
            description="Its id, such as INC-7: 'tieout incident list' lists them.",
            json_schema_extra={"default": "INC-1"},
        ),
    ]
    """The incident in the store."""
    budget: NotRequired[
        Annotated[
            str,
            Field(
                title="Budget in dollars",
                description="What models may cost, a third for each observer. Empty: 10.00; CRITICAL: 20.00.",
                json_schema_extra={"default": ""},
            ),
        ]
    ]
    """Dollars, as decimal text; by severity where it is absent."""


class IncidentState(IncidentInput):
    """What travels from node to node."""

    run_id: str
    """The run in the store, and its folder's name."""
    started_by: str
    """Who started it, as authenticated."""
    incident_id: str
    """The incident."""
    observers: list[str]
    """Who looks."""
    limit: str
    """What may be spent, dollars as decimal text."""
    observed: Annotated[dict[str, dict[str, Any]], by_key]
    """Each observer's part, under its name: status, counts, cost, and where it lies."""
    seen: dict[str, Any]
    """Counts of all parts, and who is missing."""
    hypotheses: list[str]
    """The hypotheses that are to be tried."""
    tried: Annotated[dict[str, list[dict[str, Any]]], by_key]
    """Attempts to show each hypothesis wrong, under its id."""
    ranking: dict[str, Any]
    """Counts, and the first hypothesis."""
    words: dict[str, Any]
    """What a model said of it, as far as it holds; empty without one."""
    outcome: str
    """confirmed, likely, inconclusive or nothing unusual; with "degraded" where an observer is missing."""


class IncidentOutput(TypedDict):
    """What an investigation gives back."""

    run_id: str
    """The run in the store."""
    incident_id: str
    """The incident."""
    outcome: str
    """How it came out."""
    ranking: dict[str, Any]
    """Counts, and the first hypothesis."""
