"""How often each recovery strategy has helped: in requests, audits, models and programmes."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple, get_args

from sqlalchemy import select

from tools.feedback import wilson
from tools.models.spending import MODEL_CALL
from tools.runs.recovery_table import STRATEGY_OF, TYPE_OF, ErrorType
from tools.store import Store, desk_requests
from tools.store.models import Step, TrailEntry

Z: Final = 1.96
_LEAST_TRIES: Final = 20
_LOW: Final = 0.2
_MOST_CALLS: Final = 50_000
_TYPES: Final[Mapping[str, str]] = dict(TYPE_OF.items())
_STRATEGIES: Final[Mapping[str, str]] = dict(STRATEGY_OF.items())
_WELL: Final = ("done", "accepted", "with_person")
_BADLY: Final = ("failed", "escalated")
_FAILED_CALL: Final = {"away": "LLM_ERROR", "denied": "LLM_ERROR", "invalid": "VALIDATION_ERROR"}


class StrategyOutcome(NamedTuple):
    """One attempt to recover."""

    error_type: str
    strategy: str
    success: bool


def success_rates(store: Store) -> list[dict[str, Any]]:
    """Give how often each strategy helped, by type of error; which of them should move last."""
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for attempt in (*_noted(store), *_of_programmes(store), *_of_models(store)):
        counts[attempt.error_type, attempt.strategy].append(attempt.success)
    order = {kind: place for place, kind in enumerate(get_args(ErrorType))}
    rows = [_rate(error_type, strategy, tries) for (error_type, strategy), tries in counts.items()]
    return sorted(rows, key=lambda row: (order.get(row["error_type"], len(order)), row["strategy"]))


def _noted(store: Store) -> Iterator[StrategyOutcome]:
    for attempt in desk_requests.attempts(store):
        yield StrategyOutcome(attempt.error_type, attempt.strategy, attempt.success)


def _of_programmes(store: Store) -> Iterator[StrategyOutcome]:
    """Give what programmes have tried on their tasks: a remedy has helped where nothing had to follow it."""
    with store.read() as session:
        steps = session.scalars(select(Step)).all()
    for step in steps:
        for number, remedy in enumerate(step.remedies, start=1):
            last = number == len(step.remedies)
            error_type = _TYPES.get(remedy.get("kind") or step.error_kind, "")
            ended = step.status in (*_WELL, *_BADLY) or not last
            strategy = _STRATEGIES.get(remedy["action"], "")
            if error_type and strategy and ended:
                yield StrategyOutcome(error_type, strategy, last and step.status in _WELL)


def _of_models(store: Store) -> Iterator[StrategyOutcome]:
    """Give what was tried where a model was away or answered wrongly: the next call for the same purpose."""
    query = (
        select(TrailEntry)
        .where(TrailEntry.action == MODEL_CALL)
        .order_by(TrailEntry.run_id, TrailEntry.seq)
        .limit(_MOST_CALLS)
    )
    with store.read() as session:
        rows = [(entry.run_id, json.loads(entry.details), entry.model) for entry in session.scalars(query)]
    calls: dict[tuple[str, str, str], list[tuple[str, str]]] = defaultdict(list)
    for run_id, details, model in rows:
        purpose = str(details.get("purpose", ""))
        calls[run_id, str(details.get("node", "")), purpose].append((str(details.get("outcome", "")), model))
    for series in calls.values():
        for (outcome, model), (after, other) in pairwise(series):
            if outcome in _FAILED_CALL:
                again = "EXPONENTIAL_BACKOFF" if outcome == "away" else "PROMPT_REFINEMENT"
                strategy = "FALLBACK_MODEL" if other != model else again
                yield StrategyOutcome(_FAILED_CALL[outcome], strategy, after == "ok")


def _rate(error_type: str, strategy: str, tries: Sequence[bool]) -> dict[str, Any]:
    low, high = wilson.bounds(sum(tries), len(tries), Z)
    return {
        "error_type": error_type,
        "strategy": strategy,
        "tries": len(tries),
        "successes": sum(tries),
        "rate": round(sum(tries) / len(tries), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "proposal": "move last"
        if len(tries) >= _LEAST_TRIES and high < _LOW and strategy != "ESCALATE"
        else "",
    }
