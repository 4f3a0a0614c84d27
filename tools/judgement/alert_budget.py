"""How much one test may flag: beyond its share of a source, its findings are one case.

A test that flags one row in fifty is looked at as a whole, not row by row: people who are shown too much see
nothing (Cash, Clinical alarm fatigue, 2011; ISA 240, A46 on directing effort to where the risk is).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tools.rules.severity import Suspects

Row = Mapping[str, Any]
Key = tuple[str, str]  # lead test, source


@dataclass(frozen=True)
class AlertBudget:
    """What a test may flag. populations: source -> its rows in the window.

    gravest: row_keys that stand in no crowd, however many rows the same test flagged.
    """

    rules: Suspects
    populations: Mapping[str, int]
    gravest: Collection[str] = frozenset()

    def crowds(self, rows: Sequence[Row]) -> dict[str, Key]:
        """Give row_key -> test and source of rows that a test flagged beyond its share, but the gravest."""
        by_key: dict[Key, list[str]] = defaultdict(list)
        for row in rows:
            apart = row.get("event") or row["row_key"] in self.gravest
            if row.get("lead_test") and not apart:
                by_key[row["lead_test"], row["source"]].append(row["row_key"])
        beyond = {key: members for key, members in by_key.items() if self._passes(key, len(members))}
        return {row_key: key for key, members in beyond.items() for row_key in members}

    def _passes(self, key: Key, flagged: int) -> bool:
        allowed = self.rules.budget_share * self.populations.get(key[1], 0)
        return flagged > max(self.rules.budget_rows, allowed)

    def calmed_by(self, rows: Sequence[Row]) -> str:
        """Say what a crowd is of, and which rule would leave only what a second sign bears out."""
        test, source = rows[0]["lead_test"], rows[0]["source"]
        borne_out = sum((row.get("families") or 1) > 1 for row in rows)
        whole = self.populations.get(source, 0)
        hint = f"tests: {{{test}: {{score: {self.rules.anomaly_over - 10}}}}}"
        return (
            f"This is one of {len(rows):,} rows of {source} ({whole:,} in all) that the same test flagged, "
            f"beyond its share of {self.rules.budget_share:.0%}: they are one case, the gravest first. "
            f"With '{hint}' in the rules file it would be a hint, which counts where another sign bears "
            f"it out: {borne_out:,} of them."
        )
