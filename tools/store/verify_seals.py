"""What the seals on the trail say every row of the store is now.

State.follow(entry)                      take in the next entry of the trail of seals
State.rows[table][key] -> Sealed         digest, entry and run of a row as it was sealed last
as_entry(change) -> list                 a change as it stands on the trail
recorded(entry, table, key) -> RowDigest the same read back
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tools.store.row_digests import TELLING, RowDigest
from tools.store.touched_rows import RowChange

SEALED, TAKEN_OVER, CARRIED_OVER = "sealed", "rows taken over", "rows carried over"  # actions on the trail
Entry = Mapping[str, Any]


class Sealed(NamedTuple):
    """A row as it was sealed last: its digest, in which entry, and the run that it is of."""

    digest: str
    seq: int
    run_id: str


class AnchorMark(NamedTuple):
    """The furthest line of an anchor that the seals name, and where that anchor lay."""

    line: int
    digest: str
    place: str
    seq: int


class Gap(NamedTuple):
    """A row that was not as sealed when it was next written: changed past the desk in between."""

    table: str
    key: str
    before: int
    seq: int


@dataclass
class State:
    """What the seals say up to an entry, and what they themselves show to be wrong."""

    seq: int = 0
    hash: str = ""
    rows: dict[str, dict[str, Sealed]] = field(default_factory=dict)
    heads: dict[str, tuple[str, str]] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    anchors: dict[str, AnchorMark] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    misfits: list[str] = field(default_factory=list)  # what migrations found
    taken_over: list[tuple[str, str, int]] = field(default_factory=list)  # version, when, rows

    def follow(self, entry: Entry) -> None:
        """Take in the next entry; one that is not as we write it says nothing (its chain is broken)."""
        details = entry["details"]
        self.seq, self.hash = int(entry["seq"]), str(entry["hash"])
        if not isinstance(details, dict):
            return
        self.columns.update(details.get("columns", {}))
        self.misfits += details.get("misfits", [])
        self.heads.update(
            {run: (str(head[0]), str(head[1])) for run, head in details.get("heads", {}).items()}
        )
        if anchor := details.get("anchor"):
            name, line, digest, place = anchor
            self.anchors[name] = AnchorMark(line, digest, place, self.seq)
        if entry["action"] == TAKEN_OVER:
            self.taken_over.append((details.get("version", ""), entry["at"], entry["sizes"]["rows"]))
        for table, changed in details.get("rows", {}).items():
            self._rows(table, changed)

    def _rows(self, table: str, changed: Mapping[str, list[Any]]) -> None:
        rows = self.rows.setdefault(table, {})
        run = _run_at(self.columns.get(table, []))
        for key, (before, after, *more) in changed.items():
            last = rows.get(key)
            if (last.digest if last else None) != before:
                self.gaps.append(Gap(table, key, last.seq if last else 0, self.seq))
            if after is None:
                rows.pop(key, None)
            else:
                rows[key] = Sealed(after, self.seq, str(more[1][run]) if run is not None else "")


def telling_of(columns: list[str]) -> list[str]:
    """Name what tells rows of a table apart, in the order in which a seal has the values."""
    return [name for name in TELLING if name in columns]


def as_entry(change: RowChange) -> list[Any]:
    """Give a change as it stands on the trail: [before, after, marks, telling values]."""
    row = change.after
    return [change.before, row.digest, row.marks, row.telling] if row else [change.before, None]


def recorded(entry: Entry, table: str, key: str) -> RowDigest | None:
    """Give a row as an entry recorded it."""
    _, after, *more = entry["details"]["rows"][table][key]
    return RowDigest(after, *more) if after else None


def _run_at(columns: list[str]) -> int | None:
    telling = telling_of(columns)
    return telling.index("run_id") if "run_id" in telling else None
