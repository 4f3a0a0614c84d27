"""Act on a person's word and go on with the run: through the Server where it knows the thread, or a worker.

The word travels as that person's: to the Server with their token, in their name; here as the session's token.
Here it is acted on alone: what follows (checks again, another judgement, letters) is a task for the workers.
Nobody runs a thread beside another runner: the Server refuses a second run of a busy thread, the session
holds the thread's lock.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

import httpx
import structlog
from anyio import to_thread
from langgraph_sdk.client import LangGraphClient
from langgraph_sdk.errors import ConflictError as BusyError
from langgraph_sdk.errors import NotFoundError
from langgraph_sdk.schema import Command

from desk import task_waits
from desk.web.endpoints import ConflictError
from desk.web.open_desk import open_desk
from graph.runtime import session
from tools.core.errors import RunError, TieoutError
from tools.identity import people
from tools.runs import tasks

WAIT_SECONDS = 8.0
_BUSY = "This run is being worked on: somebody else has just answered, or it is still running."
_AGAIN = "Wait a moment and load the page again."
_log = structlog.get_logger(__name__)


async def answer(
    thread_id: str,
    decisions: Sequence[Mapping[str, Any]],
    token: str,
) -> str:
    """Answer what a thread asks, as the bearer of `token`; give "done" or, while the run goes on, "running".

    "waiting": it is to go on, and no worker is there to do it.

    Raises ConflictError when another runner is at it or nothing is asked any more, RunError with the
    reason when the answer was not taken.
    """
    client = _server(token)
    if client is not None and await _knows(client, thread_id):
        graph = await to_thread.run_sync(session.graph_of, thread_id)
        return await _on_server(client, thread_id, graph, list(decisions))
    words = [dict(decision) for decision in decisions]
    work = _Work(thread_id, lambda: _act(thread_id, words, token))
    threading.Thread(target=work.run, name=f"answer-{thread_id}", daemon=True).start()
    if not await to_thread.run_sync(work.done.wait, WAIT_SECONDS):
        return "running"
    if work.error is not None:
        raise work.error
    return await to_thread.run_sync(_waited, work.task_id) if work.task_id else "done"


def _act(thread_id: str, words: list[dict[str, Any]], token: str) -> str:
    """Act on an answer; give the task that goes on with the run, where it is not done with that."""
    standing = session.answer(thread_id, words, token=token, leave_work=True)
    _raise_if_not_taken(standing.values)
    if not standing.left:
        return ""
    desk = open_desk()
    by = people.sign_in(token, desk.settings).user
    run = {"run_id": standing.run_id}
    return tasks.enqueue(desk.store, "resume_run", run, run_id=standing.run_id, requested_by=by).task_id


def _waited(task_id: str) -> str:
    return task_waits.wait(open_desk().store, task_id, WAIT_SECONDS)


def _server(token: str) -> LangGraphClient | None:
    """Give a client of the Server that these pages are part of, signed in; None outside of one."""
    if importlib.util.find_spec("langgraph_api") is None:
        return None
    import sys  # noqa: PLC0415 - imported when used

    served = sys.modules.get("langgraph_api.server")
    if served is None:
        return None
    # Not get_client(): its loopback passes by the Server's authentication, and so would be nobody.
    transport = httpx.ASGITransport(app=served.app)
    http = httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1",
        headers={"Authorization": f"Bearer {token}"},
        timeout=None,  # noqa: S113 - bounded by WAIT_SECONDS
    )
    return LangGraphClient(http)


async def _knows(client: LangGraphClient, thread_id: str) -> bool:
    try:
        await client.threads.get(thread_id)
    except NotFoundError:
        return False
    return True


async def _on_server(
    client: LangGraphClient, thread_id: str, graph: str, decisions: list[Mapping[str, Any]]
) -> str:
    pending = await _interrupt(client, thread_id)
    if pending is None:
        raise ConflictError(_BUSY, remedy=_AGAIN)
    command: Command = {"resume": {pending["id"]: {"decisions": decisions}}}
    try:
        run = await client.runs.create(thread_id, graph, command=command, multitask_strategy="reject")
    except BusyError:
        raise ConflictError(_BUSY, remedy=_AGAIN) from None
    return await _followed(client, thread_id, run["run_id"])


async def _followed(client: LangGraphClient, thread_id: str, run_id: str) -> str:
    import anyio  # noqa: PLC0415 - imported when used

    with anyio.move_on_after(WAIT_SECONDS):
        await client.runs.join(thread_id, run_id)
        state = await client.threads.get_state(thread_id)
        _raise_if_not_taken(cast("Mapping[str, Any]", state["values"]))
        return "done"
    return "running"


async def _interrupt(client: LangGraphClient, thread_id: str) -> Mapping[str, Any] | None:
    state = await client.threads.get_state(thread_id)
    interrupts = [interrupt for task in state["tasks"] for interrupt in task["interrupts"]]
    return cast("Mapping[str, Any]", interrupts[0]) if interrupts else None


class _Work:
    """An answer that is carried out in a thread of its own: a browser that goes away does not stop it."""

    def __init__(self, thread_id: str, step: Callable[[], str]) -> None:
        self.thread_id, self.step, self.task_id = thread_id, step, ""
        self.done = threading.Event()
        self.error: TieoutError | None = None

    def run(self) -> None:
        """Carry it out."""
        try:
            self.task_id = self.step()
        except RunError as error:
            self.error = _error_text(error)
        except TieoutError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - the run's trail has it; whoever waits is told
            _log.exception("an answer failed", thread_id=self.thread_id)
            self.error = RunError(f"the run failed: {error}", remedy="The run's page has more.")
        finally:
            self.done.set()


def _error_text(error: RunError) -> TieoutError:
    busy = "another process is working" in error.message or "asks nothing" in error.message
    return ConflictError(_BUSY, remedy=_AGAIN) if busy else error


def _raise_if_not_taken(values: Mapping[str, Any]) -> None:
    if values.get("notice") and not values.get("answered"):
        raise ConflictError(f"the answer was not taken: {values['notice']}", remedy=_AGAIN)
