"""Feedback over a real LangGraph Server: scheduled, told, refused to who may not decide, applied."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from httpx import HTTPStatusError

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import sound
from tests.notices.servers import MailServer, serving_mail
from tests.server.served import Served, serving
from tools.store import Store, proposals

_SECONDS = 60


def _open_question(served: Served, thread_id: str) -> tuple[str, dict[str, Any]]:
    state = served.client(scene.token_of("dana")).threads.get_state(thread_id)
    ((question,),) = [task["interrupts"] for task in state["tasks"]]
    return question["id"], question["value"]


def _answer(served: Served, thread_id: str, user: str, question_id: str) -> None:
    resume = {question_id: {"decisions": [{"type": "approve"}]}}
    served.client(scene.token_of(user)).runs.wait(thread_id, "feedback", command={"resume": resume})


def _mail(mail_server: MailServer) -> str:
    deadline = time.monotonic() + _SECONDS
    while not mail_server.mails and time.monotonic() < deadline:
        time.sleep(0.1)
    return str(mail_server.mails[0]["Subject"])


@pytest.mark.exhaustive
def test_a_round_over_http(store: Store, folder: Path) -> None:
    """An admin schedules it weekly; the Server delivers the notice; one who may decide approves."""
    sound(store)
    with serving_mail() as mail_server:
        environment = {
            **scene.environment_of(folder),
            "TIEOUT_NOTIFY": json.dumps({"approvers": {"url": mail_server.url, "kinds": ["feedback"]}}),
        }
        with serving(folder, environment) as served:
            admin, dana = (served.client(scene.token_of(name)) for name in ("ada", "dana"))
            weekly: Any = admin.crons.create(
                "feedback", schedule="0 2 * * 0", input={}, on_run_completed="keep"
            )
            thread_id = dana.threads.create()["thread_id"]
            dana.runs.wait(thread_id, "feedback", input={})
            question_id, value = _open_question(served, thread_id)
            subject = _mail(mail_server)
            with pytest.raises(HTTPStatusError, match="403"):
                _answer(served, thread_id, "ana", question_id)
            with pytest.raises(HTTPStatusError, match="403"):
                dana.runs.wait(thread_id, "feedback", input={"words": {}, "proposals": {"open": []}})
            untouched = (folder / "rules.yaml").read_text()
            _answer(served, thread_id, "dana", question_id)
    assert weekly["schedule"] == "0 2 * * 0"
    assert subject == "Tieout: 1 change of the rules to decide (MEDIUM)"
    assert value["review_configs"] == [
        {"action_name": "change_rules", "allowed_decisions": ["approve", "reject"]}
    ]
    assert scene.POWER not in untouched
    assert [(proposal.status, proposal.decided_by) for proposal in proposals.find(store)] == [
        ("applied", "dana")
    ]
