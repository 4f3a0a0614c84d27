"""What an incident may spend: so much in all, a third of it for each observer, counted before and after."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Final
from weakref import WeakValueDictionary

from tools.core.errors import TieoutError
from tools.core.model_limits import Limit
from tools.core.settings import Settings
from tools.models import spending
from tools.models.budget import Budget
from tools.models.model import Model
from tools.models.spending import MODEL_CALL
from tools.store import Store, open_store, trail

ROUTINE, CRITICAL = Decimal("10.00"), Decimal("20.00")  # dollars, by severity
CENT: Final = Decimal("0.0001")
SHARES: Final = 3
NODE: Final = "observe_"  # of an observer's share

_purses: WeakValueDictionary[tuple[str, str, str], Budget] = WeakValueDictionary()
_lock = threading.Lock()


@dataclass(frozen=True)
class Share:
    """What an investigation may spend in all, in dollars, and the observers that share it."""

    total: Decimal
    observers: tuple[str, ...]


class BudgetExceededError(TieoutError):
    """An investigation has spent what it may; what was seen by then is kept."""

    exit_code = 4


def default_of(severity: str) -> Decimal:
    """Give what an incident of a severity may cost."""
    return CRITICAL if severity == "CRITICAL" else ROUTINE


def share_of(total: Decimal) -> Decimal:
    """Give what one observer may spend: a third, rounded down."""
    return (total / SHARES).quantize(CENT, rounding=ROUND_DOWN)


def purse(total: Decimal, observers: tuple[str, ...]) -> Budget:
    """Make the budget of an investigation, each observer's share in it."""
    share = Limit(dollars=share_of(total))
    return Budget(total, nodes={f"{NODE}{name}": share for name in observers})


def purse_of(settings: Settings, run_id: str, total: Decimal, observers: tuple[str, ...]) -> Budget:
    """Give a run's budget, less what its trail says was spent; observers side by side share one."""
    with _lock:
        name = (settings.database_url, run_id, str(total))
        shared = _purses.get(name)
        if shared is None:
            shared = _purses[name] = purse(total, observers)
            for node, dollars in spent_by_node(open_store(settings.database_url), run_id).items():
                shared.add(dollars, 0, node=node)
        return shared


def models(settings: Settings, run_id: str, share: Share, node: str) -> Model:
    """Give the models of the settings on behalf of a part of an investigation, within its budget."""
    budget = purse_of(settings, run_id, share.total, share.observers)
    answers, record = spending.answers(settings, run_id), spending.recorder(settings, run_id)
    return Model(settings, budget, node=node, cache=answers, record=record)


def spent_by_node(store: Store, run_id: str) -> Mapping[str, Decimal]:
    """Give what calls of models cost, by the node on whose share they went."""
    spent: dict[str, Decimal] = {}
    for entry in trail.entries(store, run_id):
        if entry["action"] == MODEL_CALL:
            node = str(entry["details"].get("node", ""))
            spent[node] = spent.get(node, Decimal(0)) + Decimal(entry["cost"])
    return spent


def exceeded(incident_id: str, run_id: str, total: Decimal, spent: Decimal) -> BudgetExceededError:
    """Word that the budget is used up."""
    return BudgetExceededError(
        f"the budget of {total} dollars is used up ({spent:.4f} spent); what was seen is in run {run_id}.",
        place=incident_id,
        remedy=f"See it: tieout incident show {incident_id}; or give more: --budget",
    )
