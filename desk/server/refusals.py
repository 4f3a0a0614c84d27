"""What LangGraph Server refuses, and why: each function says "" or the reason.

State only goes forward, by the graph itself; decisions come in as answers to the interrupt that is open,
from who is signed in and may decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from desk.server import threads
from graph import catalogue
from graph.runtime.checkpoints import require_checkpoint
from tools.core import settings
from tools.core.errors import TieoutError
from tools.identity.people import Person
from tools.runs import run_files

# Set by LangGraph Server itself, whatever a client sends under these names.
_SERVERS_OWN: Final = frozenset({
    "thread_id", "cron_id", "langgraph_auth_user", "langgraph_auth_user_id", "langgraph_auth_permissions",
    "langgraph_request_id", "__request_start_time_ms__", "__after_seconds__", "__context_provided__",
    "__langsmith_project__", "__langsmith_example_id__", "__otel_traceparent__", "__otel_tracestate__",
    "__dd_trace_headers__", "__event_streaming_v2",
})  # fmt: skip
_KEPT_BY_US: Final = frozenset({"owner", "created_by"})
_FEWEST_STEPS: Final = 25  # LangGraph's own default for long: fewer could end an answer half applied
Body = Mapping[str, Any]


def steering(kwargs: Body) -> str:
    """Refuse to write state, to jump, to start from an old checkpoint, to call other hosts."""
    command: Body = kwargs.get("command") or {}
    if command.get("update") is not None:
        return "state is changed by the graph alone: no command.update."
    if command.get("goto") is not None:
        return "the graph says where it goes: no command.goto."
    if kwargs.get("command") is not None and command.get("resume") is None:
        return "a command answers what is asked: it has a resume."
    if kwargs.get("webhook"):
        return "runs call no webhook; notices are the desk's."
    if kwargs.get("interrupt_before") or kwargs.get("interrupt_after"):
        return "a run stops where the graph asks, nowhere else: no interrupt_before, no interrupt_after."
    return _configured(kwargs) or _input_refusal(kwargs.get("input"))


def scheduled(payload: Body) -> str:
    """Refuse a schedule that would answer or steer; one that starts runs is what schedules are for."""
    if payload.get("command"):
        return "a schedule answers nothing: decisions are people's."
    if payload.get("thread_id"):
        return "a schedule starts each run on a thread of its own, or it would bury what another asks."
    return steering(payload) or metadata(payload.get("metadata"))


def _configured(kwargs: Body) -> str:
    config: Body = kwargs.get("config") or {}
    keys = {
        *(config.get("configurable") or {}),
        *(kwargs.get("context") or {}),
        *(kwargs.get("checkpoint") or {}),
    }
    stray = sorted(key for key in keys - _SERVERS_OWN if not key.startswith("langsmith-"))
    if any(key.startswith("checkpoint") for key in stray) or kwargs.get("checkpoint_id"):
        return "a run goes on from where it stands, not from an old checkpoint."
    if stray:
        return (
            f"a run takes no configuration or context from outside ('{stray[0]}');"
            " who you are is said by 'Authorization: Bearer TOKEN'."
        )
    steps = config.get("recursion_limit")
    if steps is not None and not (isinstance(steps, int) and steps >= _FEWEST_STEPS):
        return f"a run needs its steps: recursion_limit is {_FEWEST_STEPS} or more."
    return ""


@cache
def _only_inside() -> frozenset[str]:
    """Name what the graphs keep to themselves: the keys of their states that no input has."""
    builders = [entry.build().builder for entry in catalogue.entries()]
    return frozenset(
        key
        for builder in builders
        for key in set(builder.state_schema.__annotations__) - set(builder.input_schema.__annotations__)
    )


def _input_refusal(put_in: object) -> str:
    if not isinstance(put_in, Mapping):
        return "" if put_in is None else "the input is an object."
    if stray := sorted(_only_inside() & set(put_in)):
        return f"'{stray[0]}' is not for callers to say: the input's schema has what is."
    return ""


def answer(person: Person, thread_id: str | None, resume: object, strategy: str | None) -> tuple[str, Any]:
    """Check who answers and what; give the reason to refuse, and the answer without its interrupt's id.

    The id is checked here, where an unknown one can be refused: LangGraph itself lets it fall silently.
    Without it, an answer that had to queue behind another person's still meets the question as it is then.
    """
    if not person.signed_in or not person.may("decide"):
        return f"{person.user} has no role that may decide.", None
    if strategy in ("rollback", "interrupt"):
        return "an answer waits for the run before it: multitask_strategy is enqueue or reject.", None
    standing = threads.pending(thread_id)
    if not standing and not threads.is_asked(thread_id):
        return "this thread asks nothing.", None
    if isinstance(resume, Mapping) and resume and "decisions" not in resume and "type" not in resume:
        if len(resume) > 1 or (standing and not standing & set(resume)):
            return "no such interrupt is open on this thread.", None
        return "", next(iter(resume.values()))
    return "", resume


def on_thread(thread_id: str | None, put_in: object, strategy: str | None) -> str:
    """Refuse what would bury the question of a thread, or push out an answer that is being applied."""
    if strategy in ("rollback", "interrupt") and threads.is_live(thread_id):
        return "a run waits for the one before it: multitask_strategy is enqueue or reject."
    if put_in is not None and threads.asks(thread_id):
        return "this thread waits for people: decide, or abandon its run; another run takes a new thread."
    return ""


def unseen_files(thread_id: str | None) -> str:
    """Refuse to go on with a run whose files or checkpoints this machine does not see as they were."""
    try:
        if thread_id is not None:
            run_files.require_thread(settings.load(), thread_id)
            if threads.is_live(thread_id):
                require_checkpoint(thread_id)
    except TieoutError as error:
        return str(error)
    return ""


def another_graph(thread_id: str | None, assistant_id: object) -> str:
    """Refuse a graph on a thread of another one: it would bury the question that waits there."""
    of = threads.graph_of(thread_id)
    if of and _assistants().get(of) != str(assistant_id):
        return f"this thread is of the graph '{of}'."
    return ""


def metadata(note: Body | None, graph: str = "") -> str:
    """Refuse to give a thread to somebody else, or to file it where who decides does not look.

    graph: the thread's; empty for a new one, which may name any of the Server's.
    """
    body = note or {}
    if reserved := sorted(_KEPT_BY_US & set(body)):
        return f"'{reserved[0]}' is not for callers to say."
    graphs = {name: number for name, number in _assistants().items() if graph in ("", name)}
    for key, allowed in (("graph_id", [*graphs]), ("assistant_id", [*graphs.values()])):
        if key in body and body[key] not in allowed:
            return f"'{key}' follows from the run, it is not for callers to say."
    return ""


def _assistants() -> dict[str, str]:
    """Give the Server's own assistants by their graphs."""
    from langgraph_api.graph import GRAPHS, get_assistant_id  # noqa: PLC0415 - there on the Server alone

    return {name: str(get_assistant_id(name)) for name in GRAPHS}
