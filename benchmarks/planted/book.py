"""Made rows, the files that they are written to, and where the planted ones came to stand."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from benchmarks.planted.shape import Shape
from tools.ledger.sources import Sources, load


@dataclass
class PlantedRow:
    """A row of a file: its cells, and the event that it belongs to where it is planted ("" is honest).

    look_alike: what the honest row resembles; planted ones have none.
    """

    cells: dict[str, str]
    event: str = ""
    look_alike: str = ""


@dataclass
class PlantedBook:
    """Sources by name (rows, their declaration), pairs, and events with the lines on which they stand."""

    shape: Shape
    rows: dict[str, list[PlantedRow]] = field(default_factory=dict)
    declared: dict[str, dict[str, Any]] = field(default_factory=dict)
    pairs: list[dict[str, Any]] = field(default_factory=list)
    as_of: str = "2025-12-31"

    def write(self, folder: Path, rng: random.Random) -> Sources:
        """Write every file in the shape's order and the sources file; columns are those of the first row."""
        folder.mkdir(parents=True, exist_ok=True)
        self.rows = {name: _ordered(rows, self.shape, rng) for name, rows in self.rows.items()}
        for name, rows in self.rows.items():
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0].cells))
                writer.writeheader()
                writer.writerows(row.cells for row in rows)
        text = {
            "entity": {"name": "Planted", "currency": self.shape.currency, "as_of": self.as_of},
            "sources": {name: {**kind, "path": f"{name}.csv"} for name, kind in self.declared.items()},
            **({"pairs": self.pairs} if self.pairs else {}),
        }
        (folder / "sources.yaml").write_text(yaml.safe_dump(text, allow_unicode=True), encoding="utf-8")
        return load(folder / "sources.yaml")

    def events(self) -> dict[str, set[tuple[str, int]]]:
        """Give event -> (source, line) of its rows, once the book is written."""
        events: dict[str, set[tuple[str, int]]] = {}
        for name, rows in self.rows.items():
            for line, row in enumerate(rows, start=2):
                if row.event:
                    events.setdefault(row.event, set()).add((name, line))
        return events

    def look_alikes(self) -> dict[tuple[str, int], str]:
        """Give (source, line) -> what the honest row there resembles."""
        return {
            (name, line): row.look_alike
            for name, rows in self.rows.items()
            for line, row in enumerate(rows, start=2)
            if row.look_alike
        }


def _ordered(rows: list[PlantedRow], shape: Shape, rng: random.Random) -> list[PlantedRow]:
    if shape.order == "shuffled":
        return rng.sample(rows, len(rows))
    if shape.order == "vendors" and "merchant" in rows[0].cells:
        return sorted(rows, key=lambda row: (row.cells["merchant"], row.cells["date"]))
    return rows
