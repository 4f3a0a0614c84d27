"""One flag in full: what saw it, how its severity came about, what was found, what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desk.views.investigation import investigation
from desk.views.store_rows import flag_row
from tools.core import formatting
from tools.store import Store, flags
from tools.store.models import Flag, FlagEvent


def explanation(store: Store, name: str) -> dict[str, Any]:
    """Give a flag in full as JSON primitives. Raises RunError when none or several begin with `name`.

    Keys: those of the listing of flags, with tests (test, score, observed, threshold, population),
    severity_steps and confidence_steps (what, because, points or severity), found, not_found, and
    history (at, what, by, note); investigation: what else its case may be, null where nobody looked.
    """
    flag = flags.get(store, name)
    return explained_flag(store, flag, investigation(store, flag.case_id))


def explained_flag(store: Store, flag: Flag, of_case: Mapping[str, Any] | None) -> dict[str, Any]:
    """Give a flag in full, as `explanation` does. of_case: what else its case may be."""
    steps = _steps(flag)
    documents = [document for document in flag.documents if isinstance(document, Mapping)]
    return {
        **flag_row(flag),
        "tests": [
            formatting.of_test(test, flag.currency) for test in flag.tests if isinstance(test, Mapping)
        ],
        "severity_steps": steps.get("severity", []),
        "confidence_steps": steps.get("confidence", []),
        "found": [document for document in documents if document.get("found")],
        "not_found": [document.get("kind") for document in documents if not document.get("found")],
        "investigation": of_case,
        "history": [_event(event) for event in flags.history(store, flag.flag_id)],
    }


def _steps(flag: Flag) -> Mapping[str, Any]:
    components: Mapping[str, Any] = flag.components or {}
    steps = components.get("steps", components)
    return steps if isinstance(steps, Mapping) else {"severity": steps}


def _event(event: FlagEvent) -> dict[str, Any]:
    return {
        "at": event.at.isoformat(timespec="seconds"),
        "what": event.kind,
        "by": event.by,
        "note": event.note,
        "run_id": event.run_id,
    }
