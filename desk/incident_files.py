"""Incidents out of JSON files: a title, a start, services and a severity, or a group of Alertmanager's."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from desk import alert_incidents
from desk.alert_incidents import Text
from tools.core.errors import UsageError
from tools.core.settings import Settings
from tools.store import Store, incidents
from tools.store.incidents import IncidentDraft
from tools.store.models import Incident

_REMEDY = 'It is {"title": ..., "start_time": ..., "affected_services": [...], "severity": ...}.'


class WrittenIncident(BaseModel):
    """An incident as another system writes it."""

    model_config = ConfigDict(extra="ignore")

    incident_id: Text = Field("", validation_alias=AliasChoices("incident_id", "id"))
    title: Text = Field(min_length=1, max_length=200)
    start_time: datetime
    affected_services: list[Text] = Field(
        min_length=1, validation_alias=AliasChoices("affected_services", "affected")
    )
    severity: Literal["LOW", "MEDIUM", "HIGH", "CRITICAL"] = "HIGH"


def open_file(store: Store, path: Path, settings: Settings, *, opened_by: str) -> Incident:
    """Open the incident that a file holds; the same file again is the same incident while it stands.

    Raises UsageError naming the file and the field.
    """
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"cannot be read as JSON: {error}", place=str(path), remedy=_REMEDY) from None
    if isinstance(body, dict) and "alerts" in body:
        opened = alert_incidents.of_alertmanager(store, body, settings)
        if not opened:
            raise UsageError("none of its alerts fires.", place=str(path))
        return incidents.get(store, opened[0])
    if isinstance(body, dict) and isinstance(body.get("severity"), str):
        body["severity"] = body["severity"].upper()
    try:
        written = WrittenIncident.model_validate(body)
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise UsageError(
            f"{where or 'it'}: {error.errors()[0]['msg']}.", place=str(path), remedy=_REMEDY
        ) from None
    return incidents.open_incident(store, _draft(written, opened_by))


def _draft(written: WrittenIncident, opened_by: str) -> IncidentDraft:
    start = written.start_time
    began = start if start.tzinfo else start.replace(tzinfo=UTC)
    mark = written.incident_id or f"{written.title} {began.isoformat()}"
    question = {"external_id": written.incident_id} if written.incident_id else {}
    return IncidentDraft(
        "system", written.title, question, written.severity, written.affected_services, began,
        fingerprint=f"file:{mark}", opened_by=opened_by,
    )  # fmt: skip
