"""Open incidents of alerts: of Alertmanager's groups, and of the desk's own; a worker looks into each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tools.core.digest import digest
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.operations.alerted_runs import costliest_run, last_audit
from tools.operations.alerts import Condition
from tools.runs import tasks
from tools.store import Store, incidents, runs
from tools.store.columns import clean
from tools.store.incidents import IncidentDraft
from tools.store.models import Incident

ALERTMANAGER: Final = "alertmanager"
ALERT: Final = "alert"
_SEVERITIES: Final = {
    "critical": "CRITICAL", "page": "CRITICAL", "error": "HIGH", "high": "HIGH", "major": "HIGH",
    "warning": "MEDIUM", "medium": "MEDIUM", "minor": "MEDIUM", "info": "LOW", "low": "LOW", "none": "LOW",
}  # fmt: skip
_ORDER: Final = ("LOW", "MEDIUM", "HIGH", "CRITICAL")
_NAMES: Final = ("service", "job", "app", "service_name")  # labels that name a service, after the setting's
_LONGEST: Final = 200


Text = Annotated[str, AfterValidator(clean)]


class SentAlert(BaseModel):
    """One alert as Alertmanager sends it."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    status: str = "firing"
    labels: dict[str, Text] = Field(default_factory=dict)
    annotations: dict[str, Text] = Field(default_factory=dict)
    starts_at: datetime = Field(alias="startsAt")


class AlertGroup(BaseModel):
    """What Alertmanager's webhook sends (version 4): a group of alerts that it sends together."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    group_key: str = Field("", alias="groupKey")
    group_labels: dict[str, str] = Field(default_factory=dict, alias="groupLabels")
    alerts: list[SentAlert] = Field(max_length=1000)


def of_alertmanager(store: Store, body: object, settings: Settings) -> list[str]:
    """Open one incident of a group's firing alerts; give its id. The same group again is the same incident.

    What is resolved leaves an incident as it is: people close it. Raises UsageError for what is no group of
    alerts, or where no alert names a service.
    """
    try:
        group = AlertGroup.model_validate(body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UsageError(
            f"{error.errors()[0]['msg']}.", place=where or "body", remedy="Send Alertmanager's version 4."
        ) from None
    firing = [alert for alert in group.alerts if alert.status == "firing"]
    if not firing:
        return []
    services = sorted({name for alert in firing if (name := _service(alert, settings.service_label))})
    if not services:
        raise UsageError(
            "no alert names a service.",
            place="labels",
            remedy=f"Give alerts the label '{settings.service_label}' (setting TIEOUT_SERVICE_LABEL).",
        )
    row = incidents.open_incident(store, _draft(group, firing, services))
    row = incidents.widen(store, row.incident_id, services)
    _ask_worker(store, row)
    return [row.incident_id]


def of_conditions(store: Store, conditions: Iterable[Condition]) -> list[str]:
    """Open incidents of the desk's own alerts that are about a run: stuck, failing checks, spending."""
    return [
        _of_run(store, condition, run_id).incident_id
        for condition in conditions
        if (run_id := _run_of(store, condition))
    ]


def _run_of(store: Store, condition: Condition) -> str:
    if condition.name == "run_stuck":
        return condition.subject
    if condition.name == "checks_fail":
        return last_audit(store)
    return costliest_run(store) if condition.name == "spending" else ""


def _of_run(store: Store, condition: Condition, run_id: str) -> Incident:
    run = runs.get(store, run_id)
    draft = IncidentDraft(
        "desk",
        condition.message,
        {"run_id": run_id, "alert": condition.name},
        "CRITICAL" if condition.name == "run_stuck" else "HIGH",
        began_at=run.started_at,
        origin=ALERT,
        fingerprint=f"{condition.name}:{condition.subject or run_id}",
        opened_by="tieout",
    )
    row = incidents.open_incident(store, draft)
    _ask_worker(store, row)
    return row


def _draft(group: AlertGroup, firing: Sequence[SentAlert], services: Sequence[str]) -> IncidentDraft:
    names = sorted({alert.labels.get("alertname", "alert") for alert in firing})
    summary = next((alert.annotations["summary"] for alert in firing if alert.annotations.get("summary")), "")
    severities = [_SEVERITIES.get(alert.labels.get("severity", "").lower(), "HIGH") for alert in firing]
    began = min(
        (alert.starts_at if alert.starts_at.tzinfo else alert.starts_at.replace(tzinfo=UTC))
        for alert in firing
    )
    return IncidentDraft(
        "system",
        (summary or f"{', '.join(names)}: {', '.join(services)}")[:_LONGEST],
        {"alerts": names, "labels": _common(alert.labels for alert in firing)},
        max(severities, key=_ORDER.index),
        services,
        began,
        origin=ALERTMANAGER,
        fingerprint=digest(group.group_key or group.group_labels or [names, services])[:32],
        opened_by=ALERTMANAGER,
    )


def _service(alert: SentAlert, label: str) -> str:
    named = (alert.labels.get(name, "").strip() for name in (label, *_NAMES))
    return next((name[:_LONGEST] for name in named if name), "")


def _common(labels: Iterable[Mapping[str, str]]) -> dict[str, str]:
    first, *others = [set(each.items()) for each in labels]
    return dict(sorted(first.intersection(*others)))


def _ask_worker(store: Store, row: Incident) -> None:
    """Put its investigation down for a worker, once."""
    if row.run_id is None:
        values = {"graph": "incident", "input": {"incident": row.incident_id}}
        tasks.enqueue(store, "start_graph", values, key=f"incident {row.incident_id}")
