"""Incidents that alerts open: Alertmanager's groups over the webhook, and the desk's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from desk import alert_incidents, incident_files
from desk.web.pages.alert_webhook import PATH, AlertWebhook
from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import UsageError
from tools.incidents import lifecycle
from tools.operations.alerts import Condition
from tools.store import Store, incidents, open_store, runs, trail
from tools.store.incidents import IncidentDraft
from tools.store.models import OutboxMessage, Task

TOKEN = "a token for Alertmanager alone"


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """Give a client of the webhook from another machine, over a desk of its own."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/desk.db")
    monkeypatch.setenv("WORKSPACE_URL", f"{tmp_path}/runs")
    monkeypatch.setenv("TIEOUT_WEBHOOK_TOKEN", TOKEN)
    monkeypatch.setenv("TIEOUT_NOTIFY", '{"helpdesk": "json://127.0.0.1:9"}')
    site = Starlette(middleware=[Middleware(AlertWebhook)])
    return TestClient(site, base_url="http://desk.example", client=("192.0.2.7", 50000))


@pytest.fixture
def store(client: TestClient, tmp_path: Path) -> Store:
    """Give its store."""
    del client
    return open_store(f"sqlite:///{tmp_path}/desk.db")


def alert(service: str, severity: str = "warning", status: str = "firing", **labels: str) -> dict[str, Any]:
    """Give an alert as Alertmanager sends it."""
    return {
        "status": status,
        "labels": {"alertname": "HighLatency", "severity": severity, "job": service, **labels},
        "annotations": {"summary": "The shop is slow"},
        "startsAt": "2026-03-01T10:00:00.000Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "fingerprint": service,
    }


def group(*alerts: dict[str, Any], key: str = '{}:{alertname="HighLatency"}') -> dict[str, Any]:
    """Give a group as Alertmanager's webhook sends it."""
    common = {"version": "4", "receiver": "tieout", "groupLabels": {"alertname": "HighLatency"}}
    return {**common, "groupKey": key, "status": "firing", "alerts": list(alerts)}


def send(client: TestClient, body: object, token: str = TOKEN) -> Any:  # noqa: ANN401 - JSON and a response
    """Send a body with a token."""
    return client.post(PATH, json=body, headers={"Authorization": f"Bearer {token}"})


def test_a_group_is_one_incident_and_a_worker_is_asked_once(client: TestClient, store: Store) -> None:
    """Sent again with another service it is the same incident, widened; another group is another one."""
    assert send(client, group(alert("shop"))).json() == {"incidents": ["INC-1"]}
    grown = group(alert("shop"), alert("payments", "critical"), alert("ledger", status="resolved"))
    assert send(client, grown).json() == {"incidents": ["INC-1"]}
    assert send(client, group(alert("stock"), key="another")).json() == {"incidents": ["INC-2"]}
    row = incidents.get(store, "INC-1")
    assert (row.kind, row.title, row.severity) == ("system", "The shop is slow", "MEDIUM")
    assert (row.affected, row.began_at.isoformat()) == (["shop", "payments"], "2026-03-01T10:00:00+00:00")
    with store.read() as session:
        assert [task.idempotency_key for task in session.query(Task)] == ["incident INC-1", "incident INC-2"]
    assert trail.verify(store) == []


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"alerts": [{"labels": {}}]}, 400, "startsAt"),
        ([], 400, "version 4"),
        (group(alert("")), 400, "no alert names a service"),
        (group(alert("shop", status="resolved")), 200, "[]"),
    ],
)
def test_what_is_no_alert_is_refused(client: TestClient, body: object, status: int, word: str) -> None:
    """The answer names the field, or what is missing; what is over opens nothing."""
    answer = send(client, body)
    assert (answer.status_code, word in answer.text) == (status, True)


def test_only_its_token_opens_incidents(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """No token, another's, or none in the settings: 401 before the body is read; reading is refused."""
    assert client.post(PATH, content=b"{").status_code == 401
    assert send(client, group(), "wrong").status_code == 401
    assert client.get(PATH).status_code == 405
    assert client.post(PATH, content=b"{", headers={"Authorization": f"Bearer {TOKEN}"}).status_code == 400
    monkeypatch.delenv("TIEOUT_WEBHOOK_TOKEN")
    assert send(client, group(), "").status_code == 401


def test_a_file_is_an_incident(store: Store, tmp_path: Path) -> None:
    """Written as another system has it, or as Alertmanager sends it; the same file again is the same one."""
    body_of_file = {
        "id": "INC-12345", "title": "Database slowdown", "start_time": "2026-03-01T10:00:00",
        "affected_services": ["payment-service"], "severity": "high",
    }  # fmt: skip
    paths = [tmp_path / "incident.json", tmp_path / "group.json"]
    for path, body in zip(paths, (body_of_file, group(alert("shop"))), strict=True):
        path.write_text(json.dumps(body), encoding="utf-8")
    limits = settings.load()
    rows = [incident_files.open_file(store, path, limits, opened_by="riley") for path in (*paths, paths[0])]
    assert [row.incident_id for row in rows] == ["INC-1", "INC-2", "INC-1"]
    assert (rows[0].affected, rows[0].severity) == (["payment-service"], "HIGH")
    assert rows[0].began_at.isoformat() == "2026-03-01T10:00:00+00:00"
    paths[0].write_text(json.dumps({"title": "x"}), encoding="utf-8")
    with pytest.raises(UsageError, match=r"incident\.json: start_time: Field required"):
        incident_files.open_file(store, paths[0], limits, opened_by="riley")


def test_the_desks_own_alerts_open_incidents_of_runs(store: Store) -> None:
    """A run that is stuck and the run that cost most are asked about, once; what names no run is not."""
    stuck = runs.start(store, graph="audit", thread_id="a", started_by="riley")
    dear = runs.start(store, graph="audit", thread_id="b", started_by="riley")
    trail.append(store, dear.run_id, "tieout", "model call", cost="12.50")
    conditions = [
        Condition("run_stuck", stuck.run_id, "It has not moved for two hours."),
        Condition("spending", "", "Models cost 12.50 dollars in the last 24 hours; the limit is 10.00."),
        Condition("books_incomplete", "Small Books Ltd", "80% of the postings have every required field."),
    ]
    assert alert_incidents.of_conditions(store, conditions) == ["INC-1", "INC-2"]
    assert alert_incidents.of_conditions(store, conditions) == ["INC-1", "INC-2"]
    questions = [incidents.get(store, name).question["run_id"] for name in ("INC-1", "INC-2")]
    assert questions == [stuck.run_id, dear.run_id]


@pytest.mark.parametrize(("origin", "count"), [("alertmanager", 1), ("person", 0)])
def test_what_nobody_waits_for_is_told(store: Store, origin: str, count: int) -> None:
    """An incident that an alert opened ends with a notice; a person who asks sees the result."""
    draft = IncidentDraft("system", "Slow", {}, "HIGH", ["shop"], clock().now(), origin=origin)
    row = incidents.open_incident(store, draft)
    run = lifecycle.open_run(row.incident_id, "thread", "tieout")
    part = {"name": "", "status": "failed", "error": "away", "seconds": 0.0, "count": 0, "spent": "0"}
    about = lifecycle.InvestigatedIncident(row.incident_id, run.run_id, "10", {"network": part}, {})
    assert lifecycle.close(about, {}) == "inconclusive"
    with store.read() as session:
        notices = list(session.query(OutboxMessage))
    assert [notice.payload["title"] for notice in notices] == ["INC-1, inconclusive: Slow"] * count
