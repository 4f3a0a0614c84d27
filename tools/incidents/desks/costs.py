"""What models cost a run, beside earlier runs of the same graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import Final

from tools.incidents import purse
from tools.incidents.systems import scores
from tools.investigation.observation import Observation
from tools.models.spending import MODEL_CALL
from tools.store import Store
from tools.store.models import Run

COST: Final = "model cost"
LEAST: Final = Decimal("0.01")  # dollars: what costs less is not asked about


def of_models(store: Store, run: Run, peers: Sequence[Run]) -> Iterator[Observation]:
    """See what a run's models cost, and which node spent most of it; nothing where it is below a cent."""
    by_node = purse.spent_by_node(store, run.run_id)
    spent = sum(by_node.values(), Decimal(0))
    if spent < LEAST:
        return
    usual = [float(sum(purse.spent_by_node(store, peer.run_id).values(), Decimal(0))) for peer in peers]
    node, most = max(by_node.items(), key=lambda pair: pair[1])
    expected = median(usual) if usual else None
    before = f", where earlier runs cost {expected:.4f}" if expected is not None else ""
    yield Observation(
        "K1", "outside", COST,
        f"its models cost {spent:.4f} dollars{before}; {node or 'one node'} spent {most:.4f} of it.",
        node=COST, value=float(spent), expected=expected, unit="dollars", scope=run.graph,
        deviation=round(scores.deviation(usual, [float(spent)]), 3),
        query={"engine": "trail", "parameters": {"run": run.run_id, "action": MODEL_CALL}},
        series=[[f"run {at}", value] for at, value in enumerate([*usual, float(spent)], 1)],
    )  # fmt: skip
