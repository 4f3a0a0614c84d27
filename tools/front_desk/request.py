"""A request at the front desk from its first word to its result. Each call may be repeated."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final

from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError
from tools.front_desk import checkpoints, commands, figures, reading, rewording, snapshot
from tools.front_desk.desk_context import store_and_settings
from tools.front_desk.rewording import WordingRequest
from tools.front_desk.understanding import Understanding, from_dict
from tools.models.masking import Mask
from tools.store import Store, desk_requests, runs

GRAPH: Final = "front_desk"
FOLLOWED: Final = timedelta(hours=1)  # so long a question may lean on the one before it


def begin(text: str, thread_id: str, started_by: str) -> str:
    """Open a request; give its run."""
    store, _ = store_and_settings()
    run = runs.start(
        store, graph=GRAPH, thread_id=thread_id, started_by=started_by, details={"asked": digest(text)}
    )
    desk_requests.save(store, run.run_id, thread_id=thread_id, by=started_by, text=Mask().hide(text))
    return run.run_id


def open_request(text: str, thread_id: str, started_by: str) -> dict[str, Any]:
    """Open a request; give the state in which it begins, with nothing of one that its thread had before."""
    return {
        "run_id": begin(text, thread_id, started_by),
        "thread_id": thread_id,
        "started_by": started_by,
        "understanding": {},
        "plan": {},
        "result": {},
        "started": [],
        "attempts": 0,
        "notice": "",
        "outcome": "",
    }


def only_reads(text: str, started_by: str, intents: Collection[str]) -> bool:
    """Say whether a sentence is answered or refused without a person, a model or a start; record nothing."""
    store, limits = store_and_settings()
    try:
        books = snapshot.newest(store, limits)
    except RunError:
        return False
    reading_of = reading.read(text, books, _before(store, "", started_by, ""))
    if reading_of.status == "understood":
        return reading_of.intent in intents
    return reading_of.status != "choose" and not limits.model


def understand(text: str, started_by: str, thread_id: str, wording: WordingRequest) -> dict[str, Any]:
    """Read a sentence; give its understanding: by the grammar, else by a model's wording that is offered."""
    run_id = wording.run_id
    store, limits = store_and_settings()
    before = _before(store, run_id, started_by, thread_id)
    try:
        books = snapshot.newest(store, limits)
    except RunError as error:
        return Understanding("refused", why=str(error)).as_dict()
    reading_of = rewording.reworded(text, reading.read(text, books, before), books, limits, wording)
    if reading_of.intent == "draft_test" and not limits.model:
        why = f"a test is drafted from words where a model is set. {commands.BY_HAND}."
        reading_of = Understanding("refused", "draft_test", why=why)
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


def concluded(understanding: Mapping[str, Any], result: Mapping[str, Any], verdict: str) -> dict[str, Any]:
    """Give the result of a request in full: also of one that was not understood, refused or turned down."""
    reading_of = from_dict(understanding)
    if verdict and verdict != "approve":
        is_over = verdict == checkpoints.TIMED_OUT
        why = "nobody answered in time." if is_over else f"it was answered with {verdict}."
        return {"kind": "turned down", "why": why}
    if result:
        return dict(result)
    suggestions = [figures.by_name(name) for name in reading_of.suggestions]
    return {
        "kind": "refused" if reading_of.status == "refused" else reading_of.status,
        "why": reading_of.why,
        "unread": list(reading_of.unread),
        "instead": [f"{figure.name}: {figure.definition}" for figure in suggestions],
    }


def keep(run_id: str, started_by: str, thread_id: str, **columns: object) -> None:
    """Keep what a request has come to."""
    store, _ = store_and_settings()
    desk_requests.save(store, run_id, thread_id=thread_id, by=started_by, text="", **columns)


def close(run_id: str, outcome: str) -> str:
    """End a request; give how."""
    store, _ = store_and_settings()
    return runs.close(store, run_id, outcome).outcome
