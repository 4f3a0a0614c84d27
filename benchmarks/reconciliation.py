"""Score reconciliation against data that carries its truth."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from importlib import resources
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tools import ledger
from tools.engine import Books
from tools.ledger import sources as sources_file
from tools.money import to_minor
from tools.reconciliation import reconcile
from tools.rules import Rules
from tools.settings import Settings

_STEPS: Final = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
Pairs = set[tuple[str, str]]


def bank_to_gl(folder: Path) -> dict[str, Any]:
    """Score bank lines against ledger lines: pair F1, whole and by type of the truth, offsets, calibration.

    A pair is a bank line with a ledger line; an offset pair two ledger lines that take each other back.
    """
    matches, _, seconds = _reconciled(folder, "bank_to_gl")
    truth = _read(folder / "truth.csv")
    by_type = {
        kind: {(row["bank_id"], row["gl_id"]) for row in truth if row["type"] == kind}
        for kind in sorted({row["type"] for row in truth if row["bank_id"] and row["gl_id"]})
    }
    offsets = {tuple(sorted(row["gl_id"].split(";"))) for row in truth if ";" in row["gl_id"]}
    pairs = {(row["left_id"], row["right_id"]): row for row in matches if row["kind"] != "offset"}
    undone = {tuple(sorted((row["left_id"], row["right_id"]))) for row in matches if row["kind"] == "offset"}
    whole = set().union(*by_type.values())
    return {
        "pairs": _score(set(pairs), whole),
        **{kind: {"recall": _share(len(true & set(pairs)), len(true))} for kind, true in by_type.items()},
        "offsets": _score(undone, offsets),
        "calibration": calibration([(row["confidence"], pair in whole) for pair, row in pairs.items()]),
        "seconds": seconds,
    }


def cash_application(folders: Sequence[Path]) -> dict[str, Any]:
    """Score payments against invoices, data sets pooled: pair F1, amounts right, calibration."""
    found: dict[tuple[int, str, str], dict[str, Any]] = {}
    truth: dict[tuple[int, str, str], int] = {}
    seconds = 0.0
    for at, folder in enumerate(folders):
        matches, _, took = _reconciled(folder, "cash_application")
        seconds += took
        found |= {(at, row["left_id"], row["right_id"]): row for row in matches}
        truth |= {
            (at, row["payment_id"], row["invoice_id"]): to_minor(Decimal(row["applied_amount"]), "USD")
            for row in _read(folder / "truth_applications.csv")
        }
    right = set(found) & set(truth)
    exact = sum(found[pair]["amount_minor"] == truth[pair] for pair in right)
    return {
        "pairs": _score(set(found), set(truth)),
        "amounts_right": _share(exact, len(right)),
        "calibration": calibration([(row["confidence"], pair in truth) for pair, row in found.items()]),
        "seconds": round(seconds, 3),
    }


def ria(folder: Path) -> dict[str, Any]:
    """Count what is said of an advisory firm's card charges, bank and receipts: by pair, breaks by reason."""
    matches, breaks, seconds = _reconciled(folder, "ria")
    return {
        "matches": dict(Counter(row["pair"] for row in matches)),
        "breaks": dict(Counter(f"{row['pair']}: {row['side']} {row['reason']}" for row in breaks)),
        "seconds": seconds,
    }


def calibration(said: Iterable[tuple[float, bool]]) -> list[dict[str, Any]]:
    """Give, for bands of stated confidence, how many matches there are and how many of them are right."""
    rows = list(said)
    curve = []
    for low, high in pairwise(_STEPS):
        band = [(confidence, right) for confidence, right in rows if low <= confidence < high]
        if band:
            stated = sum(confidence for confidence, _ in band) / len(band)
            right = sum(right for _, right in band)
            curve.append(
                {"from": low, "n": len(band), "stated": round(stated, 4), "right": _share(right, len(band))}
            )
    return curve


def _reconciled(folder: Path, name: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Read and reconcile a data set; give its matches, its breaks and the seconds they took."""
    with resources.as_file(resources.files("benchmarks") / "sources" / f"{name}.yaml") as path:
        sources = sources_file.load(path).at(folder)
    with TemporaryDirectory() as scratch:
        snapshot = Path(scratch) / "snapshot"
        ledger.read(sources, ledger.Window({}, date(2100, 1, 1)), Settings(), snapshot)
        with Books.open(snapshot, Settings()) as books:
            started = time.perf_counter()
            reconcile(books, sources, Rules())
            seconds = round(time.perf_counter() - started, 3)
            return books.rows("SELECT * FROM match"), books.rows('SELECT * FROM "break"'), seconds


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _score(found: set[Any], true: set[Any]) -> dict[str, Any]:
    right = len(found & true)
    precision, recall = _share(right, len(found)), _share(right, len(true))
    return {
        "found": len(found),
        "true": len(true),
        "precision": precision,
        "recall": recall,
        "f1": _share(2 * right, len(found) + len(true)),
    }


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4) if whole else 1.0
