"""Answer what only reads: figures, lists, comparisons, definitions, stored explanations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.core.errors import RunError, TieoutError
from tools.front_desk import recorded_answers, recovery, snapshot
from tools.front_desk.desk_context import store_and_settings
from tools.front_desk.reading_answers import answers_to
from tools.front_desk.understanding import Understanding, from_dict
from tools.store import desk_requests


def answer(run_id: str, understanding: Mapping[str, Any], started_by: str) -> dict[str, Any]:
    """Answer what only reads: a figure, a list, a comparison, a definition, a stored explanation."""
    store, limits = store_and_settings()
    reading_of = from_dict(understanding)
    if reading_of.intent not in ("figure", "list", "compare"):
        return recorded_answers.answer(store, limits, reading_of)
    books = snapshot.newest(store, limits)
    books.refresh_flags(store)
    step = recovery.RecoverableStep("answer", lambda: _all_figures(books, reading_of), {})
    try:
        details = step.attempt()
    except RunError as error:
        return {"kind": "refused", "why": str(error)}
    except TieoutError as error:
        outcome = recovery.handle(store, run_id, step, error)
        if not outcome.success:
            return {"kind": "refused", "why": outcome.error}
        details = outcome.value
    for part in _answers(details):
        desk_requests.note_use(store, run_id, started_by, part)
    return {"kind": reading_of.intent, "echo": reading_of.echo, **details}


def _answers(details: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    parts = [details[name] for name in ("answer", "compared", "whole", "total") if details.get(name)]
    return [*parts, *(part for other in details.get("others", ()) for part in _answers(other))]


def _all_figures(books: snapshot.Snapshot, reading_of: Understanding) -> dict[str, Any]:
    """Answer each figure that a sentence asks for."""
    others = [
        {"kind": other.intent, "echo": other.echo, **answers_to(other, books).as_dict()}
        for other in map(from_dict, reading_of.also)
    ]
    return {**answers_to(reading_of, books).as_dict(), **({"others": others} if others else {})}
