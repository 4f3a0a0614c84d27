"""The front desk for people: a sentence, and what came of it; for the command line, pages and Python.

ask(text, token=, choose=, thread_id=, pattern=, agents=) -> Said   run a request to its end or a person
pick(thread_id, number, token=) -> Said             choose one of the readings that were offered
run_sql(statement, token=) -> SqlResult             an auditor's own SELECT on the newest audited books
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from graph.runtime import session
from graph.runtime.session import ThreadState
from tools.core import settings
from tools.core.errors import IdentityError, UsageError
from tools.front_desk import free_sql
from tools.front_desk.free_sql import SqlResult
from tools.identity import people, roles
from tools.store import open_store

GRAPH: Final = "front_desk"
NOT_DONE: Final = ("refused", "unread", "out_of_scope", "failed", "turned down")


@dataclass(frozen=True)
class Said:
    """What came of a sentence. choices: readings to choose from; request_id: of what people are asked."""

    run_id: str
    thread_id: str
    kind: str
    echo: str
    result: Mapping[str, Any]
    choices: Sequence[str] = ()
    request_id: str = ""
    question: str = ""
    understanding: Mapping[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)

    @property
    def waits(self) -> bool:
        """Say whether somebody has to answer."""
        return bool(self.choices or self.request_id)


def ask(
    text: str,
    *,
    token: str | None = None,
    choose: int | None = None,
    thread_id: str = "",
    pattern: str = "",
    agents: Sequence[str] = (),
) -> Said:
    """Put a sentence to the front desk. choose: which reading, where it could mean several things.

    pattern, agents: how and by whom it is carried out; chosen by what is asked where they are not named.
    """
    if not text.strip():
        raise UsageError(
            "nothing was asked.", remedy='For example: tieout ask "spend by vendor last quarter"'
        )
    thread = session.start(
        {"text": text, "pattern": pattern, "agents": list(agents)},
        graph=GRAPH,
        thread_id=thread_id or f"front-desk-{uuid.uuid4()}",
        token=token,
    )
    standing = of(thread)
    return (
        pick(standing.thread_id, choose, token=token) if choose is not None and standing.choices else standing
    )


def pick(thread_id: str, number: int, *, token: str | None = None) -> Said:
    """Choose one of the readings that a thread offers, by its number from 1."""
    offered = of(session.look(thread_id)).choices
    if not 1 <= number <= len(offered):
        raise UsageError(f"there is no choice {number}.", remedy=f"Choose 1 to {len(offered)}.")
    return of(session.answer(thread_id, [{"type": "choose", "choice": number}], token=token))


def run_sql(statement: str, *, token: str | None = None) -> SqlResult:
    """Run a SELECT on the newest audited books. Raises IdentityError for who may not review."""
    limits = settings.load()
    person = people.identify(None, token, limits)
    if not person.may("review"):
        raise IdentityError(
            f"{person.user} may not run SQL: it takes one of {roles.holders('review')}.",
            remedy="Ask for a figure: tieout ask",
        )
    return free_sql.run(open_store(limits.database_url), limits, statement, by=person.user)


def of(thread: ThreadState) -> Said:
    """Say where a request stands."""
    understanding = thread.values.get("understanding") or {}
    question = thread.asked or {}
    result = thread.values.get("result") or {}
    kind = "choose" if "choices" in question else "asks" if question else str(result.get("kind", ""))
    actions = question.get("action_requests") or [{}]
    return Said(
        run_id=thread.run_id,
        thread_id=thread.thread_id,
        kind=kind,
        echo=str(understanding.get("echo", "")),
        result=result,
        choices=list(question.get("choices", ())),
        request_id=str(question.get("request_id", "")),
        question=str(actions[0].get("description", "")),
        understanding=understanding,
    )
