"""Other programs start a programme, follow it and answer for people, over HTTP with their own tokens."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from desk.rest.app import PATHS, rest
from desk.server.sign_in_limit import SignInLimit
from desk.web.app import Under
from tests.graph.small import TOKENS
from tests.programme.desks import PASSES, Task, do_all, start, write
from tools.core import settings
from tools.operations import metrics
from tools.programme import messages
from tools.store import Store

MEASURES = """import json
import os
import pathlib


def test_it():
    pathlib.Path(os.environ["TIEOUT_FIGURES"]).write_text(json.dumps({"speedup": 2.5}))
    assert 2083.33 == 2083.34
"""
WRONG = "def test_it():\n    assert 2083.33 == 2083.34\n"
RILEY = {"Authorization": f"Bearer {TOKENS['riley']}"}


def test_a_suite_is_started_followed_and_answered(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the calls were asked for: execute-suite, status, progress, tasks, answer, messages, final-report."""
    tasks: list[Task] = [{"id": "A1", "test": WRONG}]
    folder = tmp_path / "suites"
    folder.mkdir()
    monkeypatch.setenv("TIEOUT_BOOKS_FOLDERS", str(folder))
    path = write(folder, tasks)
    site = Starlette(routes=[Under(path_, rest()) for path_ in PATHS])
    with TestClient(site, base_url="http://127.0.0.1:8080", client=("10.0.0.9", 1)) as client:
        anonymous = client.get("/api/v1/status")
        assert (anonymous.status_code, anonymous.headers["WWW-Authenticate"]) == (401, "Bearer")
        wrong = client.request("TRACE", "/api/v1/status", headers=RILEY)
        assert (wrong.status_code, "GET" in wrong.headers["Allow"]) == (405, True)
        suite = {"suite_name": path.name, "phases": ["P"], "resource_limits": {"max_memory_gb": 8}}
        for change, status, why in (
            ({"phases": ["X"]}, 400, "phases: "),
            ({"timeout": 1}, 422, "timeout: "),
            ({"timeout_seconds": 0.001}, 400, "timeout_seconds: "),
        ):
            refused = client.post("/api/v1/execute-suite", json={**suite, **change}, headers=RILEY)
            assert refused.status_code == status
            assert refused.json()["error"].startswith(why), refused.text
        suite["key"] = "once"
        begun = client.post("/api/v1/execute-suite", json=suite, headers=RILEY)
        assert (begun.status_code, begun.json()["status"]) == (202, "running"), begun.text
        assert client.get("/api/v1/status", headers=RILEY).json()["status"] == "running"
        do_all(store)
        assert client.get("/desk/api/v1/status", headers=RILEY).json()["status"] == "waiting"
        far = client.get("/api/v1/progress", headers=RILEY).json()
        assert (far["overall_progress"], far["active_tasks"]) == (0.0, [])
        (task,) = client.get("/api/v1/tasks", headers=RILEY).json()["tasks"]
        assert (task["status"], task["error_type"]) == ("escalated", "calculation_error")
        body = {"answer": "approve", "note": "rounding"}
        omar = {"Authorization": f"Bearer {TOKENS['omar']}"}
        answered = client.post("/api/v1/tasks/A1/answer", json=body, headers=omar)
        assert (answered.status_code, answered.json().get("status")) == (200, "accepted"), answered.text
        do_all(store)
        assert client.get("/api/v1/final-report", headers=RILEY).json()["outcome"] == "completed"
        again = client.post("/api/v1/execute-suite", json=suite, headers=RILEY).json()
        assert again == {**begun.json(), "status": "completed"}
        stream = client.get("/api/v1/messages", headers=RILEY).text
        kinds = {str(kind.model_fields["message_type"].default): kind for kind in messages.KINDS}
        lines = [line[6:] for line in stream.splitlines() if line.startswith("data: ")]
        bodies = [json.loads(line) for line in lines]
        types = [each["message_type"] for each in bodies if each["message_type"] != "progress_update"]
        assert types == ["task_assignment", "failure_notification"]
        for each in bodies:
            kinds[each["message_type"]].model_validate(each)
        paths = client.get("/api/v1/openapi.json").json()["paths"]
        assert {str(getattr(route, "path", "")) for route in rest().routes} - set(paths) == {"/openapi.json"}


def test_what_is_being_started_is_meant_and_not_the_programme_before(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call answers for the last programme while a worker has yet to open the next; messages wait for it.

    What a task of the one that works has measured itself is a metric.
    """
    monkeypatch.setenv("TIEOUT_BOOKS_FOLDERS", str(tmp_path))
    monkeypatch.setattr("desk.rest.app.LOOK_SECONDS", 0.05)
    before = start(write(tmp_path, [{"id": "A1", "test": MEASURES}])).run_id
    do_all(store)
    sample = f'tieout_programme_benchmark{{figure="speedup",programme="{before}",task="A1"}} 2.5'
    assert sample in metrics.exposition(store, settings.load()).decode()
    path = write(tmp_path, [{"id": "B1", "test": PASSES}])
    site = Starlette(routes=[Under(path_, rest()) for path_ in PATHS])
    with TestClient(site, base_url="http://127.0.0.1:8080", client=("10.0.0.7", 1)) as client:
        body = {"suite_name": path.name}
        assert client.post("/api/v1/execute-suite", json=body, headers=RILEY).status_code == 202
        far = client.get("/api/v1/progress", headers=RILEY).json()
        assert (far["phase"], far["overall_progress"], far["active_tasks"]) == ("starting", 0.0, [])
        for call in ("tasks", "final-report"):
            assert client.get(f"/api/v1/{call}", headers=RILEY).status_code == 404
            named = client.get(f"/api/v1/{call}", params={"run": before}, headers=RILEY)
            assert named.status_code == 200
        with ThreadPoolExecutor() as pool:
            stream = pool.submit(client.get, "/api/v1/messages", headers=RILEY)
            do_all(store)
            told = stream.result(60).text
        bodies = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
        tasks = [each.get("task_id") or each["task_details"]["task_id"] for each in bodies]
        assert set(tasks) == {"B1"}


@pytest.mark.usefixtures("store")
def test_tokens_that_are_nobodys_have_to_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under both addresses, as on the rest of the Server; who was known before goes on."""
    monkeypatch.setenv("TIEOUT_SIGN_IN_TRIES", "2")
    routes = [Under(path, rest()) for path in PATHS]
    site = Starlette(routes=routes, middleware=[Middleware(SignInLimit)])
    with TestClient(site, base_url="http://127.0.0.1:8080", client=("10.0.0.8", 1)) as client:
        assert client.get("/desk/api/v1/status", headers=RILEY).status_code == 404
        statuses = [
            client.get(f"{path}/status", headers={"Authorization": f"Bearer nobody-{number}"}).status_code
            for number in range(2)
            for path in PATHS
        ]
        assert statuses == [401, 401, 429, 429]
        assert client.get("/api/v1/status", headers=RILEY).status_code == 404
