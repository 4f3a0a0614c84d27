"""What attacks play on: a run that waits with CRITICAL flags, and what the store says of it afterwards."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

import httpx

from tests.graph.small import TOKENS, write_books
from tests.server.served import Served

NOBODY = "0" * 32


@dataclass(frozen=True)
class Scene:
    """A waiting run of `starter`, as an attacker finds it."""

    served: Served
    starter: str
    thread_id: str
    run_id: str
    interrupt: str
    subjects: tuple[str, ...]
    critical: str

    def ask(self, method: str, path: str, user: str = "", **given: Any) -> httpx.Response:  # noqa: ANN401 - httpx's own
        """Send a request as a user, or as nobody; THREAD in a path is the scene's."""
        headers = {"Authorization": f"Bearer {TOKENS.get(user, user)}"} if user else {}
        headers |= given.pop("headers", {})
        url = self.served.url + path.replace("THREAD", self.thread_id)
        return httpx.request(method, url, headers=headers, timeout=60, **given)

    def run(self, user: str, **body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
        """Run the audit on the scene's thread as a user."""
        return self.ask("POST", "/threads/THREAD/runs/wait", user, json={"assistant_id": "audit", **body})

    def answer(self, user: str, decisions: Any, interrupt: str = "", **body: Any) -> httpx.Response:  # noqa: ANN401 - any JSON
        """Answer the scene's interrupt, or another, as a user."""
        resume = {interrupt or self.interrupt: {"decisions": decisions}}
        return self.run(user, command={"resume": resume}, **body)

    @property
    def approval(self) -> list[dict[str, str]]:
        """Approve everything that is asked."""
        return [{"type": "approve", "subject": name} for name in self.subjects]

    def recorded(self) -> dict[str, Any]:
        """Read what the store says: decisions, flags by status, the run."""
        by_status = "SELECT status, count(*) FROM flag WHERE run_id = ? GROUP BY status ORDER BY 1"
        with sqlite3.connect(self.served.folder / "desk" / "tieout.db") as store:
            said = store.execute(
                "SELECT by, subject, verdict FROM decision WHERE request_id LIKE ? ORDER BY 1, 2",
                (f"{self.run_id}-%",),
            ).fetchall()
            flags = store.execute(by_status, (self.run_id,)).fetchall()
            run = store.execute("SELECT status, outcome FROM run WHERE run_id = ?", (self.run_id,)).fetchone()
        return {"decisions": said, "flags": dict(flags), "run": run}

    def asked(self) -> list[dict[str, Any]]:
        """Read what the thread asks, as an approver sees it."""
        state = self.ask("GET", "/threads/THREAD/state", "omar").json()
        return [dict(one) for task in state["tasks"] for one in task["interrupts"]]


def waiting(served: Served, starter: str, entity: str) -> Scene:
    """Start a run over an entity's own books, up to the person."""
    sources = write_books(served.folder / entity, entity=entity)
    client = served.client(TOKENS[starter])
    thread_id = client.threads.create()["thread_id"]
    client.runs.wait(thread_id, "audit", input={"sources": str(sources)})
    state = client.threads.get_state(thread_id)
    (asked,) = [one for task in state["tasks"] for one in task["interrupts"]]
    actions = [action["args"] for action in asked["value"]["action_requests"]]
    grave = [one["subject"] for one in actions if one["risk"] == "CRITICAL"]
    values: dict[str, Any] = dict(state["values"])  # type: ignore[arg-type]  # the SDK lets it be a list, too
    names = tuple(one["subject"] for one in actions)
    return Scene(served, starter, thread_id, values["run_id"], asked["id"], names, grave[0])
