"""Claims of true duplicates: each charge that was repeated, with the amount of its copies to the cent.

Every flag counts as confirmed by a person. Clean books, and rows that nothing repeats (reversals, credits,
recurring payments among them), must give no claim. Baseline: each flagged row claimed whole.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet, sources_for
from benchmarks.figures import Figure, share
from benchmarks.scorers import cards
from tools.books.engine import Books
from tools.core import settings
from tools.recovery import from_flags
from tools.recovery.drafts import OWED, ClaimDraft
from tools.store.models import Flag

_FLAGS: Final = "SELECT row_key, tests FROM flag"
_ROWS: Final = "SELECT row_key, txn_id, amount_minor FROM txn WHERE kind = 'card'"


def find(root: Path) -> list[DataSet]:
    """Give the card books of which is known what was repeated, or that nothing was."""
    books = (data_set.folders[0] for data_set in cards.find(root))
    return [DataSet(f"claims of {f.name}", (f,)) for f in books if _kind(f) in ("duplicates", "none")]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give charges whose copies are claimed to the cent, and claims on what nothing repeats."""
    (folder,) = data_set.folders
    sources = sources_for(folder)
    assert sources is not None
    with audit(sources, work) as audited:
        rows = {key: (str(name), int(amount)) for key, name, amount in audited.rows(_ROWS)}
        flagged = sum(rows[key][1] for key, _ in audited.rows(_FLAGS) if key in rows)
        claims = list(_claims(audited))
    truth = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["ground_truth"]
    return _figures(claims, rows, {str(name) for name in truth["corrupted_row_ids"]}, flagged)


def _kind(folder: Path) -> str:
    metadata = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))
    is_corrupted = bool(metadata["ground_truth"]["corrupted_row_ids"])
    return str(metadata.get("corruption_type", "none")) if is_corrupted else "none"


def _claims(audited: Audited) -> Iterator[ClaimDraft]:
    flags = [
        Flag(flag_id=f"F{number}", row_key=key, tests=json.loads(tests), review="confirmed")
        for number, (key, tests) in enumerate(audited.rows(_FLAGS))
    ]
    with Books.open(audited.snapshot, settings.load()) as books:
        yield from from_flags.claims(books, flags)


def _figures(
    claims: list[ClaimDraft], rows: dict[str, tuple[str, int]], true: set[str], flagged: int
) -> list[Figure]:
    copies: dict[str, list[int]] = defaultdict(list)
    for name, amount in rows.values():
        copies[name].append(amount)
    owed: dict[str, int] = defaultdict(int)
    for item in (item for claim in claims for item in claim.items if item.role == OWED):
        owed[rows[item.row_key][0] if item.row_key in rows else ""] += item.amount_minor
    # A charge of the group is what was bought: what is left over is the sum less that.
    exact = [name for name in true if owed[name] in {sum(copies[name]) - bought for bought in copies[name]}]
    wrong = sorted(name for name, amount in owed.items() if amount and name not in true)
    amount = sum(owed.values())
    return [
        Figure(
            "repeated charges claimed to the cent", share(len(exact), len(true)),
            "exactly" if true else "shown", 1.0 if true else None, f"{len(exact)} of {len(true)}",
        ),
        Figure("claims on what nothing repeats", len(wrong), "exactly", 0, " ".join(wrong[:5])),
        Figure("claimed", amount / 100, note=f"every flagged row whole: {flagged / 100:,.2f}"),
    ]  # fmt: skip
