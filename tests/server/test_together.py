"""Who answer at the same moment over HTTP are both heard; a schedule starts runs and decides nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.server.scene import waiting
from tests.server.served import Served


def test_two_answers_to_one_question_both_count(served: Served) -> None:
    """Both were shown the same interrupt: the later answer waits, and meets what is left of the question."""
    scene = waiting(served, "riley", "Together Ltd")
    with ThreadPoolExecutor(2) as together:
        said = [together.submit(scene.answer, user, scene.approval) for user in ("dana", "omar")]
    assert [one.result().status_code for one in said] == [200, 200]
    recorded = scene.recorded()
    assert {by for by, _, _ in recorded["decisions"]} == {"dana", "omar"}
    assert recorded["run"][0] == "closed"
    assert "proposed" not in recorded["flags"]


def test_a_single_flag_is_decided_over_http(served: Served) -> None:
    """Its id is the subject; the rest of its case waits on."""
    scene = waiting(served, "riley", "Singles Ltd")
    (asked,) = scene.asked()
    case = next(one["args"] for one in asked["value"]["action_requests"] if one["args"]["items"])
    flag = next(one for one in case["items"] if one["quorum"] == 2)
    for user in ("dana", "omar"):
        interrupt = scene.asked()[0]["id"]
        scene.answer(user, [{"type": "reject", "subject": flag["flag_id"]}], interrupt)
    recorded = scene.recorded()
    assert [one for one in recorded["decisions"] if one[1] == flag["flag_id"]] == [
        ("dana", flag["flag_id"], "reject"),
        ("omar", flag["flag_id"], "reject"),
    ]
    assert recorded["flags"]["rejected"] == 1
    assert recorded["run"][0] == "waiting"


@pytest.mark.parametrize(("user", "status"), [("alma", 200), ("dana", 403), ("", 403)])
def test_schedules_are_the_admins(served: Served, user: str, status: int) -> None:
    """An admin may have a graph started by the clock; nobody else."""
    body = {"assistant_id": "audit", "schedule": "0 2 * * 0", "input": {"sources": "sources.yaml"}}
    answer = httpx.post(f"{served.url}/runs/crons", json=body, headers=_headers(user))
    assert answer.status_code == status
    if status == 200:
        cron = answer.json()["cron_id"]
        assert httpx.delete(f"{served.url}/runs/crons/{cron}", headers=_headers("alma")).status_code == 204


def _headers(user: str) -> dict[str, str]:
    return {"Authorization": f"Bearer token-{user}"} if user else {}
