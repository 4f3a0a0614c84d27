"""Open an incident from what a person names, look into it, and say of a result whether it was right.

The same functions stand under the command line, the pages and the webhook.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

from graph.runtime import session
from graph.runtime.session import ThreadState, Watch
from tools.core.errors import IdentityError, RunError, UsageError
from tools.identity import roles
from tools.identity.people import Person
from tools.store import Store, cases, incidents, runs
from tools.store.incidents import PREFIX, IncidentDraft
from tools.store.models import AuditRun, Incident, IncidentVerdict

VERDICTS: tuple[IncidentVerdict, ...] = get_args(IncidentVerdict)
GRAPH = "incident"


@dataclass(frozen=True)
class NumberAsked:
    """A number of which somebody asks why it moved. file: of a house's own; else the books of a run."""

    metric: str
    by: str
    window: str
    against: str
    file: str = ""
    time: str = ""
    run: str = "last"


def open_target(store: Store, name: str, *, opened_by: str, severity: str = "") -> Incident:
    """Open an incident of what a person names: an incident, a case, or a run. Raises RunError for neither."""
    if name.upper().startswith(PREFIX):
        return incidents.get(store, name.upper())
    if name.upper().startswith("C-"):
        return _of_case(store, name, opened_by, severity)
    return _of_run(store, name, opened_by, severity)


def open_number(store: Store, request: NumberAsked, *, opened_by: str, severity: str = "") -> Incident:
    """Open an incident of a number that moved. Raises UsageError for windows or dimensions that are none."""
    from tools.incidents.numbers import metrics, windows  # noqa: PLC0415 - only who asks of numbers

    windows.of(request.window, request.against)
    by = [part.strip() for part in request.by.split(",") if part.strip()]
    question: dict[str, Any] = {
        "metric": request.metric,
        "by": by,
        "window": request.window,
        "against": request.against,
    }
    if request.file:
        question |= {"file": request.file, "time": request.time}
    else:
        metrics.by_name(request.metric)
        question |= {"by": metrics.dimensions_of(by), "run_id": runs.find(store, request.run).run_id}
    if not by:
        raise UsageError("name the dimensions to take it apart by.", place="--by")
    title = f"Why did {request.metric} move in {request.window}, against {request.against}?"
    draft = IncidentDraft(
        "number",
        title,
        question,
        severity or "MEDIUM",
        fingerprint=_mark("number", question),
        opened_by=opened_by,
    )
    return incidents.open_incident(store, draft)


def open_system(
    store: Store,
    services: Sequence[str],
    *,
    opened_by: str,
    title: str = "",
    since: datetime | None = None,
    severity: str = "",
) -> Incident:
    """Open an incident of services that misbehave."""
    if not services:
        raise UsageError("name a service.", place="--service")
    named = ", ".join(services)
    draft = IncidentDraft(
        "system",
        title or f"What is wrong with {named}?",
        {},
        severity or "HIGH",
        list(services),
        since,
        opened_by=opened_by,
    )
    return incidents.open_incident(store, draft)


def investigate(
    store: Store, row: Incident, *, budget: str = "", token: str | None = None, watch: Watch | None = None
) -> ThreadState:
    """Look into an incident on a thread of its own."""
    if row.status == "closed":
        raise RunError(f"{row.incident_id} is closed.", remedy="Open another: tieout investigate CASE")
    del store
    values = {"incident": row.incident_id, **({"budget": budget} if budget else {})}
    return session.start(values, graph=GRAPH, thread_id=str(uuid.uuid4()), token=token, watch=watch)


def judge(store: Store, person: Person, name: str, verdict: str, *, on: str = "", note: str = "") -> Incident:
    """Record a person's verdict on a hypothesis. Raises IdentityError, UsageError or RunError."""
    require_reviewer(person)
    if verdict not in VERDICTS:
        raise UsageError(f"'{verdict}' is no verdict.", remedy=f"It is one of {', '.join(VERDICTS)}.")
    row = incidents.get(store, name)
    return incidents.give_verdict(store, row.incident_id, verdict, on=on, by=person.user, note=note.strip())


def close(store: Store, person: Person, name: str) -> Incident:
    """Close an incident."""
    require_reviewer(person)
    return incidents.close(store, incidents.get(store, name).incident_id, by=person.user)


def require_reviewer(person: Person) -> None:
    """Raise IdentityError for who may not judge incidents."""
    if not person.signed_in or not person.may("review"):
        who = person.user if person.signed_in else "whoever is not signed in"
        raise IdentityError(
            f"{who} may not judge incidents.", remedy=f"It takes one of: {roles.holders('review')}."
        )


def _of_case(store: Store, name: str, opened_by: str, severity: str) -> Incident:
    case = cases.find(store, name)
    question = {"case_id": case.case_id, "run_id": case.run_id}
    grave = {"CRITICAL": "CRITICAL", "WARNING": "HIGH"}.get(case.severity, "MEDIUM")
    draft = IncidentDraft(
        "books",
        f"What is behind case {case.case_id} ({case.title})?",
        question,
        severity or grave,
        fingerprint=_mark("books", question),
        opened_by=opened_by,
    )
    return incidents.open_incident(store, draft)


def _of_run(store: Store, name: str, opened_by: str, severity: str) -> Incident:
    run = runs.find_any(store, name)
    question = {"run_id": run.run_id}
    entity = run.entity if isinstance(run, AuditRun) else run.graph
    title = f"Why is run {run.run_id} ({entity}) {run.status}, and how long did it take?"
    draft = IncidentDraft(
        "desk", title, question, severity or "MEDIUM", [], run.started_at,
        fingerprint=_mark("desk", question), opened_by=opened_by,
    )  # fmt: skip
    return incidents.open_incident(store, draft)


def _mark(kind: str, question: Mapping[str, Any]) -> str:
    return f"{kind}:{'&'.join(f'{key}={value}' for key, value in sorted(question.items()))}"
