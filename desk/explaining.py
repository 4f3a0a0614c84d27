"""One flag in full: what saw it, how its severity came about, what was found, what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.reading import flag_row
from tools.store import Store, flags
from tools.store.models import Flag, FlagEvent


def explanation(store: Store, name: str) -> dict[str, Any]:
    """Give a flag in full as JSON primitives. Raises RunError when none or several begin with `name`.

    Keys: those of the listing of flags, with tests (test, score, observed, threshold, population),
    steps (what, because, points or severity), found, not_found, and history (at, what, by, note).
    """
    flag = flags.get(store, name)
    components: Mapping[str, Any] = flag.components or {}
    documents = _documents(flag)
    return {
        **flag_row(flag),
        "tests": flag.tests,
        "steps": components.get("steps", []),
        "role": components.get("role"),
        "partner_key": components.get("partner_key"),
        "found": documents.get("found", []),
        "not_found": documents.get("not_found", []),
        "history": [_event(event) for event in flags.history(store, flag.flag_id)],
    }


def _documents(flag: Flag) -> Mapping[str, Any]:
    held: Any = flag.documents
    return held if isinstance(held, Mapping) else {"found": held or []}


def _event(event: FlagEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(timespec="seconds"),
        "what": event.kind,
        "by": event.by,
        "note": event.note,
        "run_id": event.run_id,
    }
