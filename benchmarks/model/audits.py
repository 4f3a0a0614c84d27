"""Figures of one data set, audited with and without a model."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Final

from benchmarks.figures import Figure
from benchmarks.model.leaks import look
from benchmarks.model.runs import CALL_SECONDS, Ran, both
from tools.models.spending import MODEL_CALL

_DOLLARS: Final = 0.10  # a thousand transactions
_SECONDS: Final = 15.0  # the same


def measure(folder: Path) -> list[Figure]:
    """Audit twice and compare."""
    with both(folder) as (plain, modelled):
        leaks = look(modelled.snapshot, modelled.sent)
        return [*_same(plain, modelled), *_share(modelled), *_spent(plain, modelled), Figure(
            "leaks", len(leaks.found), "exactly", 0,
            f"in {leaks.size:,} bytes sent; looked for "
            + ", ".join(f"{n} of kind {kind}" for kind, n in sorted(leaks.looked_for.items()))
            + ", any address, any card" + "".join(f"; FOUND {leak}" for leak in leaks.found[:3]),
        )]  # fmt: skip


def _same(plain: Ran, modelled: Ran) -> list[Figure]:
    differ = int(plain.digest != modelled.digest)
    stored = int(plain.stored != modelled.stored)
    return [
        Figure("transactions", modelled.transactions),
        Figure("flags", modelled.flags, note=f"{plain.flags} without a model"),
        Figure(
            "judged flags differ",
            differ,
            "exactly",
            0,
            f"{plain.digest[:16]} without, {modelled.digest[:16]} with",
        ),
        Figure(
            "stored flags differ",
            stored,
            "exactly",
            0,
            f"{plain.stored[:16]} without, {modelled.stored[:16]} with",
        ),
    ]


def _share(modelled: Ran) -> list[Figure]:
    reached = modelled.model.get("asked", 0)
    share = round(100 * reached / modelled.suspects, 1) if modelled.suspects else 0.0
    looked = modelled.investigated
    return [
        Figure("suspects that reach a model, %", share, note=f"{reached} of {modelled.suspects}"),
        Figure("explanations worded", modelled.model.get("worded", 0)),
        Figure(
            "cases looked into",
            looked.get("cases", 0),
            note=f"{looked.get('observers', 0)} observers, {len(looked.get('degraded', []))} failed, "
            f"{looked.get('readings', 0)} readings",
        ),
        Figure(
            "true claims removed",
            modelled.model.get("removed_claims", 0) + looked.get("removed", 0),
            "exactly",
            0,
        ),
    ]


def _spent(plain: Ran, modelled: Ran) -> list[Figure]:
    calls = [entry for entry in modelled.trail if entry["action"] == MODEL_CALL]
    dollars = sum((Decimal(call["cost"]) for call in calls), Decimal(0))
    tokens = sum(call["tokens_in"] + call["tokens_out"] for call in calls)
    words = max(0.0, modelled.seconds("escalate") - plain.seconds("escalate"))
    thousands = max(1.0, modelled.transactions / 1000)
    total = words + modelled.looking
    by = Counter(call["details"]["purpose"] for call in calls)
    return [
        Figure("calls", len(calls), note=", ".join(f"{n} {name}" for name, n in sorted(by.items()))),
        Figure("tokens", tokens),
        Figure(
            "dollars per 1,000 transactions",
            round(float(dollars) / thousands, 4),
            "at most",
            _DOLLARS,
            f"{dollars:.4f} in all, at 0.15 and 0.60 a million tokens in and out",
        ),
        Figure(
            "seconds per 1,000 transactions",
            round(total / thousands, 1),
            "at most",
            _SECONDS,
            f"{words:.1f} s of words and {modelled.looking:.1f} s of observers, at {CALL_SECONDS:g} s a call",
        ),
    ]
