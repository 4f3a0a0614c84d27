"""Matches by reference or amount whose two rows name different parties."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation.sides import items
from tools.checks.reconciliation.sides.distinct_values import numbered
from tools.checks.reconciliation.sides.name_index import Names, words
from tools.checks.reconciliation.sides.tokens import Wording
from tools.checks.reconciliation.sides.two_sides import LITTLE_ALIKE, RESOLVES

_MANY: Final = 3  # others that a text is matched with, before it is nobody's name
_MOST: Final = 20_000  # claims of a short book


def check(books: Books) -> None:
    """Mark the 1:1 claims whose names are little alike and belong to other rows: the party is another.

    Where both rows have a vendor of their own, one that belongs elsewhere is enough; where a name is read out
    of a bank's text, both must. In a long book only names are looked at that stand on the other side as they
    are: its claims by evidence have been looked at already.
    """
    books.execute(items.text("shared"))
    short = books.count("claim") <= _MOST
    if not short and not books.count("shared"):
        return
    table = books.query(items.text("named"), {"all": short})
    if not len(table):
        return
    names, left, right = _names(table)
    resolves = names.resolves
    listed = [np.asarray(table[name].to_numpy(), bool) for name in ("l_known", "r_known")]
    elsewhere = ((resolves[0][left] >= RESOLVES) | listed[0]).astype(int) + (
        (resolves[1][right] >= RESOLVES) | listed[1]
    )
    least = np.where(np.asarray(table["named"].to_numpy(), bool), 1, 2)
    unlike = names.alike(left, right) < LITTLE_ALIKE
    foreign = unlike & (elsewhere >= least) & ((least == 1) | ~anybody(left, unlike))
    books.connection.register("foreign_name", pa.table({"id": table["claim"].filter(pa.array(foreign))}))
    books.execute("UPDATE claim SET reason = 'wrong_party' WHERE rowid IN (SELECT id FROM foreign_name)")
    books.connection.unregister("foreign_name")


def _names(table: pa.Table) -> tuple[Names, NDArray[np.int64], NDArray[np.int64]]:
    wordings = [wording for name in ("l_text", "r_text") for wording in words(table[name].to_pylist())]
    texts, text = numbered(pa.array(wordings, pa.string()))
    left, right = np.split(text, [len(table)])
    times = [np.bincount(side, minlength=len(texts)) for side in (left, right)]
    names = Names.of(Wording.of(texts), times[0] > 0, times[1] > 0, times[0] + times[1])
    return names, names.same[left], names.same[right]


def anybody(name: NDArray[np.int64], unlike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which texts stand beside all sorts of names ("remote check deposit") and are none themselves."""
    others = np.bincount(name, weights=unlike)
    return np.asarray((others >= _MANY) & (2 * others > np.bincount(name)))[name]
