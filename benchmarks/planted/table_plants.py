"""Cells that break their column's form, in tables whose columns have two regular forms."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.shape import Shape

Form = Callable[[random.Random], str]


def _digits(rng: random.Random, n: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(n))


# Each column: its usual form, its second regular one, and a broken one.
_COLUMNS: Final[dict[str, tuple[Form, Form, Form]]] = {
    "issn": (
        lambda rng: f"{_digits(rng, 4)}-{_digits(rng, 4)}",
        lambda rng: f"{_digits(rng, 4)}-{_digits(rng, 4)} (Print)",
        lambda rng: f"{_digits(rng, 4)}-{_digits(rng, 3)}",
    ),
    "phone": (
        lambda rng: f"+{rng.randrange(30, 50)} {_digits(rng, 3)} {_digits(rng, 6)}",
        lambda rng: f"0{_digits(rng, 3)}/{_digits(rng, 6)}",
        lambda rng: f"+{rng.randrange(30, 50)} {_digits(rng, 3)}x{_digits(rng, 6)}",
    ),
    "plate": (
        lambda rng: f"{rng.choice('BHKM')}-{rng.choice('ABCD')}{rng.choice('XYZ')} {_digits(rng, 3)}",
        lambda rng: f"{rng.choice('BHKM')}-{rng.choice('ABCD')}{rng.choice('XYZ')} {_digits(rng, 3)}E",
        lambda rng: f"{rng.choice('BHKM')}{rng.choice('ABCD')} {_digits(rng, 2)}#",
    ),
    "pages": (
        lambda rng: f"{rng.randrange(100, 900)}-{rng.randrange(2, 9)}",
        lambda rng: f"S{rng.randrange(10, 99)}-{rng.randrange(2, 9)}",
        lambda rng: f"{rng.randrange(100, 900)}--{rng.randrange(2, 9)}-",
    ),
}
_CODES: Final = ("eng", "fre", "ger", "spa", "pol")


def second_formats(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant two broken cells a column; 5 to 12% are of its second form, 3% of the codes in capitals."""
    seconds = {name: rng.uniform(0.05, 0.12) for name in _COLUMNS}
    rows = []
    for number in range(max(200, min(shape.rows, 1_500))):
        cells = {"id": str(number)}
        for name, (usual, second, _) in _COLUMNS.items():
            cells[name] = (second if rng.random() < seconds[name] else usual)(rng)
        code = rng.choice(_CODES)
        cells["lang"] = code.upper() if rng.random() < 0.03 else code
        rows.append(PlantedRow(cells))
    for name, (_, _, broken) in _COLUMNS.items():
        for place in rng.sample(range(len(rows)), 2):
            rows[place].cells[name] = broken(rng)
            rows[place].event = f"{name} {place}"
    return PlantedBook(shape, {"cells": rows}, {"cells": {"kind": "table"}})
