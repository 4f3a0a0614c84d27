"""What attacks play on: a run that waits with CRITICAL flags, and what the store says of it afterwards."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import httpx

from tests import http
from tests.graph.small import TOKENS, write_books
from tests.server.served import Served

UNKNOWN_ID = "0" * 32


@dataclass(frozen=True)
class WaitingRun:
    """A waiting run of `starter`, as an attacker finds it."""

    served: Served
    starter: str
    thread_id: str
    run_id: str
    interrupt: str
    subjects: tuple[str, ...]
    critical: str

    def send(self, method: str, path: str, user: str = "", **options: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """Send a request as a user, or as nobody; THREAD in a path is the run's."""
        headers = {"Authorization": f"Bearer {TOKENS.get(user, user)}"} if user else {}
        headers |= options.pop("headers", {})
        url = self.served.url + path.replace("THREAD", self.thread_id)
        return http.request(method, url, headers=headers, timeout=60, **options)

    def run(self, user: str, **body: object) -> httpx.Response:
        """Run the audit on the waiting run's thread as a user."""
        return self.send("POST", "/threads/THREAD/runs/wait", user, json={"assistant_id": "audit", **body})

    def answer(self, user: str, decisions: object, interrupt: str = "", **body: object) -> httpx.Response:
        """Answer the run's interrupt, or another, as a user."""
        resume = {interrupt or self.interrupt: {"decisions": decisions}}
        return self.run(user, command={"resume": resume}, **body)

    @property
    def approval(self) -> list[dict[str, str]]:
        """Approve everything that is asked."""
        return [{"type": "approve", "subject": name} for name in self.subjects]

    def records(self) -> dict[str, Any]:
        """Read what the store says: decisions, flags by status, the run."""
        by_status = "SELECT status, count(*) FROM flag WHERE run_id = ? GROUP BY status ORDER BY 1"
        with sqlite3.connect(self.served.folder / "desk" / "tieout.db") as store:
            decisions = store.execute(
                "SELECT by, subject, verdict FROM decision WHERE request_id LIKE ? ORDER BY 1, 2",
                (f"{self.run_id}-%",),
            ).fetchall()
            flags = store.execute(by_status, (self.run_id,)).fetchall()
            run = store.execute("SELECT status, outcome FROM run WHERE run_id = ?", (self.run_id,)).fetchone()
        return {"decisions": decisions, "flags": dict(flags), "run": run}

    def interrupts(self) -> list[dict[str, Any]]:
        """Read what the thread asks, as an approver sees it."""
        state = self.send("GET", "/threads/THREAD/state", "omar").json()
        return [dict(interrupt) for task in state["tasks"] for interrupt in task["interrupts"]]


def start_waiting_run(served: Served, starter: str, entity: str) -> WaitingRun:
    """Start a run over an entity's own books, up to the person."""
    sources = write_books(served.folder / entity, entity=entity)
    client = served.client(TOKENS[starter])
    thread_id = client.threads.create()["thread_id"]
    client.runs.wait(thread_id, "audit", input={"sources": str(sources)})
    state = client.threads.get_state(thread_id)
    (question,) = [interrupt for task in state["tasks"] for interrupt in task["interrupts"]]
    actions = [action["args"] for action in question["value"]["action_requests"]]
    grave = [action["subject"] for action in actions if action["risk"] == "CRITICAL"]
    values: dict[str, Any] = dict(state["values"])  # type: ignore[arg-type]  # the SDK lets it be a list, too
    names = tuple(action["subject"] for action in actions)
    return WaitingRun(served, starter, thread_id, values["run_id"], question["id"], names, grave[0])
