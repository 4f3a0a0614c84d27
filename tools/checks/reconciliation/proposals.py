"""What a pass proposes and what is claimed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.checks.reconciliation import match_evidence
from tools.checks.reconciliation.match_evidence import MatchEvidence

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]
Side = Literal["left", "right"]

CLAIM: Final = {
    "left_id": "INTEGER",  # posting; of an offset: the entry that was taken back
    "right_id": "INTEGER",  # posting; of an offset: the entry that took it back, of the same side
    "side": "UTINYINT",  # of an offset: the side that both rows are of, 0 left, 1 right; else null
    "grouped": "INTEGER",  # rows of one N:M match share it; null where the match is one row against one
    "kind": "VARCHAR",
    "pass": "VARCHAR",
    "confidence": "DOUBLE",
    "covers": "BIGINT",  # minor units of the left row
    "difference": "BIGINT",  # left less right, minor units
    "reason": "VARCHAR",
}

KIN: Final = {"left_id": "INTEGER", "right_id": "INTEGER"}  # rows that name the same party or document


@dataclass(frozen=True)
class MatchProposal:
    """Pairs of rows that may belong together, a column each; left and right are positions or rowids.

    group: rows of one N:M match share a number, -1 where one row stands against one.
    side: both rows are of this side and take each other back.
    """

    left: Index
    right: Index
    confidence: Numbers
    covers: Index
    difference: Index
    method: NDArray[np.str_]
    kind: NDArray[np.str_]
    reason: NDArray[np.str_]
    group: Index
    side: Side | None = None
    evidence: MatchEvidence | None = None  # where rows are weighed one against one

    @classmethod
    def pairs(
        cls,
        left: Index,
        right: Index,
        confidence: Numbers,
        *,
        covers: Index,
        method: NDArray[np.str_] | str,
        difference: Index | int = 0,
        reason: NDArray[np.str_] | str = "",
        kind: NDArray[np.str_] | str = "1:1",
        group: Index | int = -1,
        side: Side | None = None,
    ) -> MatchProposal:
        """Propose pairs; what is the same for all of them may be given once."""
        n = len(left)
        return cls(
            left,
            right,
            np.minimum(confidence, 0.999),
            covers,
            np.broadcast_to(np.asarray(difference, np.int64), n),
            np.broadcast_to(np.asarray(method, np.str_), n),
            np.broadcast_to(np.asarray(kind, np.str_), n),
            np.broadcast_to(np.asarray(reason, np.str_), n),
            np.broadcast_to(np.asarray(group, np.int64), n),
            side,
        )

    def at(self, keep: Index | NDArray[np.bool_]) -> MatchProposal:
        """Give some of the pairs."""
        columns = (
            "left",
            "right",
            "confidence",
            "covers",
            "difference",
            "method",
            "kind",
            "reason",
            "group",
        )
        evidence = self.evidence.at(keep) if self.evidence else None
        return replace(self, **{name: getattr(self, name)[keep] for name in columns}, evidence=evidence)


def write(books: Books, proposal: MatchProposal) -> None:
    """Append claims (rowids) to the claim table; their groups are numbered on from those already there."""
    rows = len(proposal.left)
    if not rows:
        return
    first = _next_group(books) if (proposal.group >= 0).any() else 0
    table = pa.table(
        {
            "left_id": proposal.left,
            "right_id": proposal.right,
            "side": pa.array(
                [None if proposal.side is None else int(proposal.side == "right")] * rows, pa.uint8()
            ),
            "grouped": pa.array(proposal.group + first, mask=proposal.group < 0),
            "kind": proposal.kind,
            "pass": proposal.method,
            "confidence": proposal.confidence,
            "covers": proposal.covers,
            "difference": proposal.difference,
            "reason": pa.array(proposal.reason, mask=proposal.reason == ""),
        }
    )
    books.connection.register("claimed", table)
    books.execute("INSERT INTO claim BY NAME SELECT * FROM claimed")
    books.connection.unregister("claimed")
    if proposal.evidence:
        match_evidence.write(books, proposal.left, proposal.right, proposal.evidence)


def _next_group(books: Books) -> int:
    return int(books.rows("SELECT coalesce(max(grouped), -1) + 1 AS n FROM claim")[0]["n"])


def write_kin(books: Books, left: Index, right: Index) -> None:
    """Keep which rows (rowids) name the same party or document: a break's nearest candidate is among them."""
    if not len(left):
        return
    books.connection.register("related", pa.table({"left_id": left, "right_id": right}))
    books.connection.execute("INSERT INTO kin SELECT * FROM related")
    books.connection.unregister("related")
