"""Who answer at the same moment over HTTP are both heard; a schedule starts runs and decides nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests import http
from tests.server.served import Served
from tests.server.waiting_run import start_waiting_run


def test_two_answers_to_one_question_both_count(served: Served) -> None:
    """Both were shown the same interrupt: the later answer waits, and meets what is left of the question."""
    waiting_run = start_waiting_run(served, "riley", "Together Ltd")
    with ThreadPoolExecutor(2) as together:
        answers = [
            together.submit(waiting_run.answer, user, waiting_run.approval) for user in ("dana", "omar")
        ]
    assert [answer.result().status_code for answer in answers] == [200, 200]
    records = waiting_run.records()
    assert {by for by, _, _ in records["decisions"]} == {"dana", "omar"}
    assert records["run"][0] == "closed"
    assert "proposed" not in records["flags"]


def test_a_single_flag_is_decided_over_http(served: Served) -> None:
    """Its id is the subject; the rest of its case waits on."""
    waiting_run = start_waiting_run(served, "riley", "Singles Ltd")
    (question,) = waiting_run.interrupts()
    case = next(action["args"] for action in question["value"]["action_requests"] if action["args"]["items"])
    flag = next(item for item in case["items"] if item["quorum"] == 2)
    for user in ("dana", "omar"):
        interrupt = waiting_run.interrupts()[0]["id"]
        waiting_run.answer(user, [{"type": "reject", "subject": flag["flag_id"]}], interrupt)
    records = waiting_run.records()
    assert [decision for decision in records["decisions"] if decision[1] == flag["flag_id"]] == [
        ("dana", flag["flag_id"], "reject"),
        ("omar", flag["flag_id"], "reject"),
    ]
    assert records["flags"]["rejected"] == 1
    assert records["run"][0] == "waiting"


@pytest.mark.parametrize(("user", "status"), [("alma", 200), ("dana", 403), ("", 403)])
def test_schedules_are_the_admins(served: Served, user: str, status: int) -> None:
    """An admin may have a graph started by the clock; nobody else."""
    body = {"assistant_id": "audit", "schedule": "0 2 * * 0", "input": {"sources": "sources.yaml"}}
    answer = http.post(f"{served.url}/runs/crons", json=body, headers=_headers(user))
    assert answer.status_code == status
    if status == 200:
        cron = answer.json()["cron_id"]
        assert httpx.delete(f"{served.url}/runs/crons/{cron}", headers=_headers("alma")).status_code == 204


def _headers(user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer token-{user}"} if user else {}
