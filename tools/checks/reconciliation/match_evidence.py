"""What a match was weighed by, kept so that its confidence can be recomputed by hand.

A match of two rows weighs the sum of its parts in log-odds (natural logarithms): the prior, the amount,
names, numbers, legal forms and days, each ln(m / u), less what stands against it in its group (`rivals`,
from the global assignment). Of a sum's rows the amount is what the whole sum weighs.
Its confidence is 1 / (1 + e^-sum), .999 at most (Fellegi and Sunter, 1969).

prepare(books)                       make the tables
keep(books, pair)                    keep a pair's evidence until all pairs are done
publish(books)                       write it by the rows' keys, for the claims that stand
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.books import check_tables
from tools.books.engine import Books
from tools.checks.reconciliation.assignment import Choice

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]

_KEYS: Final = frozenset(("pair", "left_key", "right_key"))
# The same columns before rows have their keys: by the ids of the pass.
_WEIGHED: Final = {
    "pair": "VARCHAR",
    "left_id": "INTEGER",
    "right_id": "INTEGER",
    **{name: kind for name, kind in check_tables.MATCH_EVIDENCE.items() if name not in _KEYS},
}
_PUBLISH: Final = """
INSERT INTO evidence BY NAME
SELECT w.* EXCLUDE (left_id, right_id), l.row_key AS left_key, r.row_key AS right_key
FROM weighed w
JOIN settled s ON s.pair = w.pair AND s.left_id = w.left_id AND s.right_id = w.right_id AND s.side IS NULL
JOIN posting l ON l.id = w.left_id
JOIN posting r ON r.id = w.right_id
"""


@dataclass(frozen=True)
class MatchEvidence:
    """The parts of matches' weights, a column each; levels are outcomes as `Compared` counts them."""

    prior: Numbers
    amount: Numbers
    name_level: Index
    name: Numbers
    number_level: Index
    number: Numbers
    form_level: Index
    form: Numbers
    days: Index
    lag: Numbers
    rivals: Numbers

    def at(self, keep: Index | NDArray[np.bool_]) -> MatchEvidence:
        """Give that of some of the matches."""
        return MatchEvidence(**{column.name: getattr(self, column.name)[keep] for column in fields(self)})

    @property
    def weight(self) -> Numbers:
        """Add the parts up, rivals aside."""
        parts = (self.prior, self.amount, self.name, self.number, self.form, self.lag)
        return np.asarray(sum(parts), dtype=np.float64)

    def but(self, these: NDArray[np.bool_], **parts: float) -> MatchEvidence:
        """Give it with other parts for some of the matches."""
        other = {name: np.where(these, value, getattr(self, name)) for name, value in parts.items()}
        return replace(self, **other)

    def against(self, choice: Choice) -> MatchEvidence:
        """Give that of chosen pairs with what stands against each."""
        return replace(self, rivals=np.asarray(choice.margin - self.weight, dtype=np.float64))


def of_sums(weight: Numbers, confidence: Numbers, days: Index) -> MatchEvidence:
    """Give that of rows that are part of a sum: what the sum weighs whole, prior and days in it."""
    none, silent = np.zeros(len(weight)), np.zeros(len(weight), np.int64)
    sure = np.clip(confidence, 1e-9, 1 - 1e-9)
    rivals = np.log(sure / (1 - sure)) - weight
    return MatchEvidence(none, weight, silent, none, silent + 1, none, silent, none, days, none, rivals)


def prepare(books: Books) -> None:
    """Make the tables, for all pairs."""
    books.create("weighed", _WEIGHED)
    books.create("evidence", check_tables.MATCH_EVIDENCE)
    books.create("weight", check_tables.MATCH_WEIGHT)


def write(books: Books, left: Index, right: Index, evidence: MatchEvidence) -> None:
    """Append the evidence of claims (rowids) of the pair at hand."""
    columns = {column.name: getattr(evidence, column.name) for column in fields(evidence)}
    books.connection.register("weighing", pa.table({"left_id": left, "right_id": right, **columns}))
    books.execute("INSERT INTO weighed BY NAME SELECT '' AS pair, * FROM weighing")
    books.connection.unregister("weighing")


def keep(books: Books, pair: str) -> None:
    """Say of what was written since which pair it is of."""
    books.execute("UPDATE weighed SET pair = $pair WHERE pair = ''", {"pair": pair})


def publish(books: Books) -> None:
    """Write the evidence of the claims that stand, by the rows' keys."""
    books.execute(_PUBLISH)
