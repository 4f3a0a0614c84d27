"""Matches by reference or amount whose two rows name different parties."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.engine import Books
from tools.reconciliation import items
from tools.reconciliation.evidence import LITTLE_ALIKE, RESOLVES
from tools.reconciliation.texts import Texts

_MANY: Final = 3  # others that a text is matched with, before it is nobody's name
_MOST: Final = 200_000  # matches whose names are compared


def check(books: Books) -> None:
    """Mark the 1:1 claims whose names are little alike and belong to other rows: the party is another.

    Where both rows have a vendor of their own, one that belongs elsewhere is enough; where a name is read out
    of a bank's text, both must.

    Where there are more claims than names can be compared for, as many as that are looked at.
    """
    table = books.query(items.text("named"), {"most": _MOST})
    silent = [""] * len(table)
    texts = Texts.of(table["l_text"].to_pylist(), table["r_text"].to_pylist(), silent, silent)
    each = np.arange(len(table))
    left, right = texts.best()
    known = [np.asarray(table[name].to_numpy(), bool) for name in ("l_known", "r_known")]
    elsewhere = ((left >= RESOLVES) | known[0]).astype(int) + ((right >= RESOLVES) | known[1])
    least = np.where(np.asarray(table["named"].to_numpy(), bool), 1, 2)
    unlike = texts.alike(each, each) < LITTLE_ALIKE
    foreign = unlike & (elsewhere >= least) & ((least == 1) | ~_anybody(texts.cores[0], unlike))
    books.connection.register("foreign_name", pa.table({"id": table["claim"].filter(pa.array(foreign))}))
    books.execute("UPDATE claim SET reason = 'wrong_party' WHERE rowid IN (SELECT id FROM foreign_name)")
    books.connection.unregister("foreign_name")


def _anybody(cores: list[str], unlike: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say which texts stand beside all sorts of names ("remote check deposit") and are none themselves."""
    place: dict[str, int] = {}
    at = np.array([place.setdefault(core, len(place)) for core in cores], dtype=np.int64)
    others = np.bincount(at, weights=unlike, minlength=len(place))
    return np.asarray((others >= _MANY) & (2 * others > np.bincount(at, minlength=len(place))))[at]
