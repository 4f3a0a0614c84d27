"""What a run spends on models: one budget for all its nodes, calls on the trail, answers kept over runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from tools.core.digest import digest
from tools.core.settings import Settings
from tools.models.answer_cache import Answers
from tools.models.budget import Budget
from tools.runs.workspace import run_folder
from tools.store import Store, open_store, trail

if TYPE_CHECKING:
    from tools.models.calls import Call

MODEL_CALL = "model call"  # action on the trail

_LIMITS = ("model_budget_dollars", "model_budget_tokens", "model_node_limits", "model_case_limit")
_budgets: WeakValueDictionary[tuple[str, str, str], Budget] = WeakValueDictionary()
_lock = threading.Lock()


def budget_of(settings: Settings, run_id: str) -> Budget:
    """Give a run's budget, less what its trail says was spent; nodes side by side share one.

    It lives as long as somebody holds it: the next one counts the trail again, whoever wrote it.
    """
    with _lock:
        name = (settings.database_url, run_id, _limits(settings))
        budget = _budgets.get(name)
        if budget is None:
            budget = _budgets[name] = _spent_budget(settings, run_id)
        return budget


def recorder(settings: Settings, run_id: str) -> Callable[[Call], None]:
    """Give a function that puts a call on the run's trail as soon as it has ended."""
    store = open_store(settings.database_url)
    return lambda call: _put(store, run_id, call)


def answers(settings: Settings, run_id: str) -> Answers:
    """Give the answers kept beside the runs of this workspace: any run of it takes them up."""
    return Answers(answers_folder(settings, run_id))


def answers_folder(settings: Settings, run_id: str) -> Path:
    """Name the folder of answers: it may be removed at any time."""
    return run_folder(settings, run_id).parent / ".answers"


def _limits(settings: Settings) -> str:
    """Name the limits in force: a budget that was raised is another one."""
    limits = settings.model_dump(mode="json", include={*_LIMITS})
    return digest(limits)


def _spent_budget(settings: Settings, run_id: str) -> Budget:
    budget = Budget(
        settings.model_budget_dollars,
        settings.model_budget_tokens,
        nodes=settings.model_node_limits,
        case=settings.model_case_limit,
    )
    for entry in trail.entries(open_store(settings.database_url), run_id):
        if entry["action"] == MODEL_CALL:
            budget.add(
                Decimal(entry["cost"]),
                entry["tokens_in"] + entry["tokens_out"],
                node=str(entry["details"].get("node", "")),
                cases=entry["details"].get("cases", []),
            )
    return budget


def _put(store: Store, run_id: str, call: Call) -> None:
    trail.append(
        store,
        run_id,
        "tieout",
        MODEL_CALL,
        model=call.model,
        tokens_in=call.tokens_in,
        tokens_out=call.tokens_out,
        cost=call.dollars,
        duration_ms=round(call.seconds * 1000),
        error=call.error,
        details={
            "purpose": call.purpose,
            "outcome": call.outcome,
            "node": call.node,
            "cases": list(call.cases),
        },
    )
