"""Put every node's work on the trail: what went in and came out, how long it took, how it ended."""

from __future__ import annotations

import functools
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from langgraph.errors import GraphBubbleUp

from tools.core import settings
from tools.core.digest import digest
from tools.core.errors import TieoutError
from tools.core.retries import PausedError
from tools.store import open_store, runs, trail

Node = Callable[..., Any]


def recorded(node: Node) -> Node:
    """Wrap a node so that each finished execution leaves one trail entry, and a failure another.

    Waiting for a person leaves none: an interrupted node has not finished.
    """

    @functools.wraps(node)
    def wrapped(state: Mapping[str, Any], **injected: Any) -> Any:  # noqa: ANN401 - as the node has it
        started = time.perf_counter()
        try:
            update = node(state, **injected)
        except GraphBubbleUp:
            raise
        except Exception as error:
            _record(node.__name__, state, {}, started, error)
            raise
        _record(node.__name__, state, update, started, None)
        return update

    return wrapped


def _record(
    name: str, state: Mapping[str, Any], update: Mapping[str, Any], started: float, error: Exception | None
) -> None:
    run_id = update.get("run_id") or state.get("run_id") or getattr(error, "run_id", "")
    if not run_id:  # nothing was opened: the caller is told, there is no run to record it on
        return
    store = open_store(settings.load().database_url)
    trail.append(
        store,
        run_id,
        _actor(state, update),
        name,
        inputs=digest(dict(state)),
        outputs=digest(dict(update)) if error is None else "",
        sizes=_sizes(update),
        duration_ms=round((time.perf_counter() - started) * 1000),
        error="" if error is None else f"{type(error).__name__}: {error}",
        details={} if error is None else {"traceback": _traceback(error)},
    )
    if error is not None and not isinstance(error, PausedError):
        runs.set_status(store, run_id, "failed", error=str(error))


def _actor(state: Mapping[str, Any], update: Mapping[str, Any]) -> str:
    people = sorted({word["by"] for word in (update.get("answers") or {}).values()})
    return ", ".join(people) or str(update.get("started_by") or state.get("started_by") or "tieout")


def _sizes(update: Mapping[str, Any]) -> dict[str, int]:
    refs = {key: value for key, value in update.items() if isinstance(value, dict) and "rows" in value}
    for name, result in (update.get("checks") or {}).items():
        refs.update({f"{name}.{table}": ref for table, ref in result["tables"].items()})
    return {name: int(ref["rows"]) for name, ref in refs.items()}


def _traceback(error: Exception) -> str:
    # A user's error explains itself; a programmer's needs its lines.
    return "" if isinstance(error, TieoutError) else "".join(traceback.format_exception(error))
