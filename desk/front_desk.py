"""The front desk for people: a sentence, and what came of it; for the command line, pages and Python.

ask(text, token=, choose=, thread_id=, pattern=, agents=) -> SentenceResult
    run a request to its end or a person
result_of(context) -> SentenceResult                 where a request on record stands
pick(thread_id, number, token=) -> SentenceResult    choose one of the readings that were offered
run_sql(statement, token=) -> SqlResult              an auditor's own SELECT on the newest audited books
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tools.core import settings
from tools.core.errors import IdentityError, UsageError
from tools.identity import people, roles
from tools.store import open_store, runs

if TYPE_CHECKING:
    from graph.runtime.session import ThreadState
    from tools.front_desk.free_sql import SqlResult
    from tools.store.models import TaskContext

GRAPH: Final = "front_desk"
NOT_DONE: Final = ("refused", "unread", "out_of_scope", "failed", "turned down")


@dataclass(frozen=True)
class SentenceResult:
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
) -> SentenceResult:
    """Put a sentence to the front desk. choose: which reading, where it could mean several things.

    pattern, agents: how and by whom it is carried out; chosen by what is asked where they are not named.
    """
    if not text.strip():
        raise UsageError(
            "nothing was asked.", remedy='For example: tieout ask "spend by vendor last quarter"'
        )
    if choose is None and not (thread_id or pattern or agents):
        from graph import question  # noqa: PLC0415 - other commands of the desk need none of it

        state = question.answered(text, token=token)
        if state is not None:
            return _answered(state)
    from graph.runtime import session  # noqa: PLC0415 - a question needs no LangGraph

    thread = session.start(
        {"text": text, "pattern": pattern, "agents": list(agents)},
        graph=GRAPH,
        thread_id=thread_id or f"front-desk-{uuid.uuid4()}",
        token=token,
    )
    first = of(thread)
    return pick(thread.thread_id, choose, token=token) if choose is not None and first.choices else first


def pick(thread_id: str, number: int, *, token: str | None = None) -> SentenceResult:
    """Choose one of the readings that a thread offers, by its number from 1."""
    from graph.runtime import session  # noqa: PLC0415 - a question needs no LangGraph

    standing = of(session.look(thread_id))
    run = runs.of_thread(open_store(settings.load().database_url), thread_id)
    if standing.choices and run is not None and run.ended_at is not None:
        raise UsageError("nobody chose in time, and the question has ended.", remedy="Ask it again.")
    offered = standing.choices
    if not 1 <= number <= len(offered):
        raise UsageError(f"there is no choice {number}.", remedy=f"Choose 1 to {len(offered)}.")
    return of(session.answer(thread_id, [{"type": "choose", "choice": number}], token=token))


def run_sql(statement: str, *, token: str | None = None) -> SqlResult:
    """Run a SELECT on the newest audited books. Raises IdentityError for who may not review."""
    from tools.front_desk import free_sql  # noqa: PLC0415 - a question needs no SQL parser

    limits = settings.load()
    person = people.identify(None, token, limits)
    if not person.may("review"):
        raise IdentityError(
            f"{person.user} may not run SQL: it takes one of {roles.holders('review')}.",
            remedy="Ask for a figure: tieout ask",
        )
    return free_sql.run(open_store(limits.database_url), limits, statement, by=person.user)


def result_of(context: TaskContext) -> SentenceResult:
    """Say where a request on record stands: by its thread, or as it was answered without one."""
    if "result" in context.results:
        return _answered({**context.as_dict(), "result": context.results["result"]})
    from graph.runtime import session  # noqa: PLC0415 - a question needs no LangGraph

    return of(session.look(context.thread_id))


def _answered(state: Mapping[str, Any]) -> SentenceResult:
    return SentenceResult(
        run_id=str(state["run_id"]),
        thread_id=str(state["thread_id"]),
        kind=str(state["result"].get("kind", "")),
        echo=str(state["understanding"].get("echo", "")),
        result=state["result"],
        understanding=state["understanding"],
    )


def of(thread: ThreadState) -> SentenceResult:
    """Say where a request stands."""
    understanding = thread.values.get("understanding") or {}
    question = thread.asked or {}
    result = thread.values.get("result") or {}
    kind = "choose" if "choices" in question else "asks" if question else str(result.get("kind", ""))
    actions = question.get("action_requests") or [{}]
    return SentenceResult(
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
