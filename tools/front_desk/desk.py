"""One request at the front desk, step by step: what the nodes call. Each call may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from tools.approvals import answers, requests
from tools.core import settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError, TieoutError, UsageError
from tools.core.refs import Answer, RequestRef
from tools.core.settings import Settings
from tools.front_desk import (
    agents,
    answering,
    checkpoints,
    figures,
    planning,
    reading,
    recovery,
    snapshot,
    sources,
    stored,
)
from tools.front_desk.understanding import Understanding, from_dict
from tools.models.masking import Mask
from tools.runs import tasks
from tools.store import Store, desk_requests, open_store, runs

GRAPH: Final = "front_desk"
FOLLOWED: Final = timedelta(hours=1)  # so long a question may lean on the one before it


def store_and_settings() -> tuple[Store, Settings]:
    """Give the store and the settings in force."""
    limits = settings.load()
    return open_store(limits.database_url), limits


def begin(text: str, thread_id: str, started_by: str) -> str:
    """Open a request; give its run."""
    store, _ = store_and_settings()
    run = runs.start(
        store, graph=GRAPH, thread_id=thread_id, started_by=started_by, details={"asked": digest(text)}
    )
    desk_requests.save(store, run.run_id, thread_id=thread_id, by=started_by, text=Mask().hide(text))
    return run.run_id


def understand(run_id: str, text: str, started_by: str, thread_id: str) -> dict[str, Any]:
    """Read a sentence; give its understanding. Without audited books, only commands are read."""
    store, limits = store_and_settings()
    before = _before(store, run_id, started_by, thread_id)
    try:
        books = snapshot.newest(store, limits)
    except RunError as error:
        return Understanding("refused", why=str(error)).as_dict()
    reading_of = reading.read(text, books, before)
    details = reading_of.as_dict()
    desk_requests.save(store, run_id, thread_id=thread_id, by=started_by, text="", understanding=details)
    return details


def _before(store: Store, run_id: str, started_by: str, thread_id: str) -> Understanding | None:
    since = clock().now() - FOLLOWED
    for thread in (thread_id, ""):
        context = desk_requests.newest_of(store, started_by, since=since, thread_id=thread)
        if context is not None and context.run_id != run_id:
            return from_dict(context.understanding)
    return None


def choices_of(understanding: Mapping[str, Any]) -> dict[str, Any]:
    """Give what a person is asked where a sentence could mean several things."""
    labels = [str(choice["label"]) for choice in understanding["choices"]]
    why = str(understanding["why"])
    action = {
        "name": "choose",
        "args": {"choices": labels},
        "arguments": {"choices": labels},
        "description": why,
    }
    review = {"action_name": "choose", "allowed_decisions": ["edit"]}
    return {
        "action_requests": [action],
        "review_configs": [review],
        "choices": labels,
        "why": why,
        "notice": "",
    }


def chosen(understanding: Mapping[str, Any], answer: Any) -> dict[str, Any] | None:  # noqa: ANN401 - whatever a client sent
    """Give the reading that an answer chooses, by its number from 1 or its label; None where it is none."""
    decisions = answer.get("decisions") if isinstance(answer, Mapping) else answer
    first = (
        decisions[0]
        if isinstance(decisions, Sequence) and decisions and not isinstance(decisions, str)
        else None
    )
    word = _choice(first)
    choices = understanding["choices"]
    for number, choice in enumerate(choices, start=1):
        if str(word) in (str(number), str(choice["label"])):
            reading_of: dict[str, Any] = dict(choice["reading"])
            return reading_of
    return None


def _choice(decision: Any) -> Any:  # noqa: ANN401 - whatever a client sent
    if not isinstance(decision, Mapping):
        return decision
    for key in ("choice", "args", "message"):
        value = decision.get(key)
        if isinstance(value, Mapping):
            value = value.get("choice")
        if value is not None:
            return value
    return None


def answer(run_id: str, understanding: Mapping[str, Any], started_by: str) -> dict[str, Any]:
    """Answer what only reads: a figure, a list, a comparison, a definition, a stored explanation."""
    store, limits = store_and_settings()
    reading_of = from_dict(understanding)
    if reading_of.intent not in ("figure", "list", "compare"):
        return stored.answer(store, limits, reading_of)
    books = snapshot.newest(store, limits)
    books.refresh_flags(store)
    step = recovery.RecoverableStep("answer", lambda: _figures(books, reading_of), {})
    try:
        details = step.attempt()
    except RunError as error:
        return {"kind": "refused", "why": str(error)}
    except TieoutError as error:
        outcome = recovery.handle(store, run_id, step, error)
        if not outcome.success:
            return {"kind": "refused", "why": outcome.error}
        details = outcome.value
    for part in (details["answer"], details.get("compared")):
        if part:
            desk_requests.note_use(store, run_id, started_by, part)
    return {"kind": reading_of.intent, "echo": reading_of.echo, **details}


def _figures(books: snapshot.Snapshot, reading_of: Understanding) -> dict[str, Any]:
    first = answering.answer(reading_of.query(), books).as_dict()
    if not reading_of.compared:
        return {"answer": first}
    second = answering.answer(reading_of.query(compared=True), books).as_dict()
    return {"answer": first, "compared": second, "changes": answering.changes(first, second)}


def pattern_of(understanding: Mapping[str, Any], named: str) -> str:
    """Choose the pattern. Raises UsageError for one that there is not."""
    return planning.chosen_pattern(from_dict(understanding), named)


def steps_of(understanding: Mapping[str, Any], named: Sequence[str]) -> tuple[list[dict[str, str]], str]:
    """Choose who carries a request out; or say why nobody does."""
    reading_of = from_dict(understanding)
    try:
        steps = planning.chosen_steps(reading_of, named)
    except UsageError as error:
        return [], str(error)
    if len(steps) > 1:
        return [], "one thing at a time: ask for the second when the first has ended."
    what = reading_of.intent.replace("_", " ")
    return steps, "" if steps else f"nothing at this desk can {what} yet."


def risk_of(steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any]) -> tuple[str, str]:
    """Give the risk of what is about to start; or say why it cannot be."""
    try:
        for step in steps:
            inputs_of(step, understanding)
    except TieoutError as error:
        return "LOW", str(error)
    return planning.risk_of(steps) if steps else "LOW", ""


def inputs_of(step: Mapping[str, str], understanding: Mapping[str, Any]) -> dict[str, Any]:
    """Give what an agent is started with. Raises RunError where the request does not say enough."""
    store, _ = store_and_settings()
    reading_of = from_dict(understanding)
    if step["agent"] == "audit":
        until = reading_of.period[1] if reading_of.period else None
        path = sources.of_past_audits(store, reading_of.parameters.get("file", ""))
        return {"sources": path, **({"as_of": until} if until else {})}
    if step["agent"] == "incident":
        name = reading_of.parameters.get("incident", "")
        if not name:
            raise RunError(
                "name the incident.",
                remedy="'tieout incident list' lists them; 'tieout investigate' opens one.",
            )
        return {"incident": name.upper()}
    if step["agent"] == "change":
        return {"words": dict(reading_of.parameters)}
    return {}


def checkpoint_of(
    run_id: str, steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any]
) -> checkpoints.Checkpoint:
    """Make the checkpoint of what is about to start."""
    names = [step["agent"] for step in steps]
    inputs = "; ".join(
        f"{name} = {value}"
        for step in steps
        for name, value in inputs_of(step, understanding).items()
        if name != "words"
    )
    does = "; then ".join(agents.named(name).does for name in names)
    risk = planning.risk_of(steps)
    return checkpoints.critical_action(
        "start",
        risk,
        subject=" and then ".join(names),
        happens=f"It {does}{f' ({inputs})' if inputs else ''}.",
        reasons=[f"asked at the front desk, request {run_id}"],
    )


def ask(
    run_id: str,
    started_by: str,
    steps: Sequence[Mapping[str, str]],
    understanding: Mapping[str, Any],
    result: Mapping[str, Any],
) -> RequestRef:
    """Ask about what is about to start; or, where that has failed, about trying it again."""
    store, limits = store_and_settings()
    if result.get("kind") == "failed":
        tried = ", ".join(attempt.strategy for attempt in desk_requests.attempts(store, run_id=run_id))
        checkpoint = checkpoints.error_recovery(
            " and then ".join(step["agent"] for step in steps), str(result["why"]), tried
        )
    else:
        checkpoint = checkpoint_of(run_id, steps, understanding)
    return checkpoints.ask(store, limits, run_id, started_by, checkpoint)


def settle(run_id: str, request: RequestRef, answered: Sequence[Answer]) -> tuple[str, str]:
    """Record answers; give the verdict ("" while people are missing), and why an answer was not taken."""
    store, _ = store_and_settings()
    if checkpoints.is_over(store, request["request_id"]):
        requests.close(store, request["request_id"], checkpoints.TIMED_OUT)
        return checkpoints.TIMED_OUT, ""
    counted, notice = checkpoints.confirmed(store, answered)
    counts = answers.settle(store, run_id, request, counted)
    verdicts = [count.verdict for count in counts.values()]
    return ("" if not all(verdicts) else str(verdicts[0])), notice


def execute(
    run_id: str, steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any], started_by: str
) -> tuple[list[dict[str, Any]], str]:
    """Put each step down for the workers in the name of whoever asked; say what has failed."""
    try:
        return _put_down(run_id, steps, understanding, started_by), ""
    except TieoutError as error:
        return [], str(error)


def recover(
    run_id: str,
    steps: Sequence[Mapping[str, str]],
    understanding: Mapping[str, Any],
    started_by: str,
    error: str,
) -> tuple[list[dict[str, Any]], str]:
    """Try again by the table; give what was put down, or the error that a person has to look at."""
    store, _ = store_and_settings()
    step = recovery.RecoverableStep(
        "execute", lambda: _put_down(run_id, steps, understanding, started_by), {}, reads=False
    )
    outcome = recovery.handle(store, run_id, step, recovery.AgentError(error))
    return (outcome.value, "") if outcome.success else ([], outcome.error)


def _put_down(
    run_id: str, steps: Sequence[Mapping[str, str]], understanding: Mapping[str, Any], started_by: str
) -> list[dict[str, Any]]:
    store, _ = store_and_settings()
    started = []
    for number, step in enumerate(steps):
        thread = f"{run_id}-{number}"
        parameters = {"graph": step["agent"], "input": inputs_of(step, understanding), "thread_id": thread}
        task = tasks.enqueue(
            store, "start_graph", parameters, key=f"front desk {run_id} {number}", run_id=run_id,
            requested_by=started_by,
        )  # fmt: skip
        started.append({"agent": step["agent"], "task_id": task.task_id, "thread_id": thread})
    return started


def invalid(steps: Sequence[Mapping[str, str]], started: Sequence[Mapping[str, Any]]) -> str:
    """Say what is wrong with what was put down, or ""."""
    store, _ = store_and_settings()
    for step, entry in zip(steps, started, strict=False):
        task = tasks.get(store, str(entry["task_id"]))
        if task.parameters["graph"] != step["agent"]:
            return f"task {task.task_id} is of {task.parameters['graph']}, not of {step['agent']}."
    return "" if started else "nothing was put down."


def concluded(understanding: Mapping[str, Any], result: Mapping[str, Any], verdict: str) -> dict[str, Any]:
    """Give the result of a request in full: also of one that was not understood, refused or turned down."""
    reading_of = from_dict(understanding)
    if verdict and verdict != "approve":
        late = verdict == checkpoints.TIMED_OUT
        why = "nobody answered in time." if late else f"it was answered with {verdict}."
        return {"kind": "turned down", "why": why}
    if result:
        return dict(result)
    suggestions = [figures.named(name) for name in reading_of.suggestions]
    return {
        "kind": "refused" if reading_of.status == "refused" else reading_of.status,
        "why": reading_of.why,
        "unread": list(reading_of.unread),
        "instead": [f"{figure.name}: {figure.definition}" for figure in suggestions],
    }


def keep(run_id: str, started_by: str, thread_id: str, **columns: Any) -> None:  # noqa: ANN401 - JSON
    """Keep what a request has come to."""
    store, _ = store_and_settings()
    desk_requests.save(store, run_id, thread_id=thread_id, by=started_by, text="", **columns)


def close(run_id: str, outcome: str) -> str:
    """End a request; give how."""
    store, _ = store_and_settings()
    return runs.close(store, run_id, outcome).outcome
