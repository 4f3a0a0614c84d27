"""Errors planted in made books of many shapes: what is found of them, and what is cried on honest rows.

Each kind on each shape is a book of its own; figures are by kind, over all shapes.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.audited import Audited, audit
from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.planted import card_plants, pair_plants, payment_plants, receipt_plants, table_plants
from benchmarks.planted.book import PlantedBook
from benchmarks.planted.shape import SHAPES, Shape

Place = tuple[str, int]
Lines = tuple[int, int]  # left and right
SEED: Final = 20251201


@dataclass(frozen=True)
class PlantedKind:
    """A kind: what makes its books, the tests that find it (patterns of SQL), and the figures to reach."""

    make: Callable[[random.Random, Shape], PlantedBook]
    tests: str = ""
    recall: float | None = None


KINDS: Final[Mapping[str, PlantedKind]] = {
    "honest_twins": PlantedKind(card_plants.honest_twins),
    "order_codes": PlantedKind(card_plants.order_codes),
    "invoice_lines": PlantedKind(payment_plants.invoice_lines),
    "repeated_block": PlantedKind(card_plants.repeated_block, "repeated_block", 1.0),
    "copied_charge": PlantedKind(card_plants.copied_charge, "repeated_content", 0.95),
    "card_split": PlantedKind(card_plants.card_split, "split_under_limit", 0.9),
    "respelled": PlantedKind(card_plants.respelled, "respelled_vendor", 0.9),
    "person_amount": PlantedKind(card_plants.person_amount, "amount_against_person", 0.9),
    "transposed_receipt": PlantedKind(receipt_plants.transposed_receipt, "transposed_digits", 0.95),
    "second_formats": PlantedKind(table_plants.second_formats, "%_cell", 0.9),
    "paid_twice": PlantedKind(payment_plants.paid_twice, "duplicate%", 0.95),
    "paid_twice_by_bank": PlantedKind(payment_plants.paid_twice_by_bank, "duplicate%", 0.95),
}
PAIRS: Final = {"initials": pair_plants.initials, "coincidence": pair_plants.coincidence}


def find(root: Path) -> list[DataSet]:
    """Give every kind, whatever the folder: they are made, not found."""
    return [DataSet(f"planted: {name}", (root,)) for name in (*KINDS, *PAIRS)]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give recall and false warnings of one kind over all shapes."""
    kind = data_set.name.removeprefix("planted: ")
    if kind in PAIRS:
        return _pairs(kind, work)
    return _errors(KINDS[kind], [outcome(kind, shape, work / str(n)) for n, shape in enumerate(SHAPES)])


@dataclass(frozen=True)
class PlantedOutcome:
    """What came of one book: events, those found, rows, findings and warnings on honest rows."""

    shape: str
    rows: int
    events: int
    missed: dict[str, set[Place]]
    false_findings: list[tuple[Place, str]]
    false_warnings: list[tuple[Place, str, str]]


def outcome(kind: str, shape: Shape, work: Path, seed: int = SEED) -> PlantedOutcome:
    """Make one book, audit it, and hold what was found against what was planted."""
    rng = random.Random(f"{seed} {kind} {shape.name}")
    book = KINDS[kind].make(rng, shape)
    sources = book.write(work / "books", rng)
    with audit(sources, work) as audited:
        _register_places(audited)
        findings, warnings = _findings(audited, KINDS[kind].tests), _warnings(audited)
    events, alike = book.events(), book.look_alikes()
    planted = {place for places in events.values() for place in places}
    return PlantedOutcome(
        shape.name,
        sum(len(rows) for rows in book.rows.values()),
        len(events),
        {event: places for event, places in events.items() if not places & {place for place, _ in findings}},
        [(place, test) for place, test in findings if place not in planted],
        [(place, test, alike.get(place, "")) for place, test in warnings if place not in planted],
    )


def _register_places(audited: Audited) -> None:
    """Make a view row_place: source, line and key of every posting, and of every row of a table."""
    places = {"txn": "SELECT source, line, row_key FROM txn"}
    places |= {"table_cells": "SELECT 'cells' AS source, line, row_key FROM table_cells"}
    written = [sql for name, sql in places.items() if (audited.snapshot / f"{name}.parquet").is_file()]
    audited.connection.execute(f"CREATE VIEW row_place AS {' UNION ALL '.join(written)}")


def _findings(audited: Audited, tests: str) -> list[tuple[Place, str]]:
    rows = audited.rows(
        "SELECT DISTINCT t.source, t.line, f.test FROM finding f JOIN row_place t USING (row_key) "
        "WHERE f.test LIKE $tests AND f.score > 70",
        {"tests": tests},
    )
    return [((source, line), test) for source, line, test in rows]


def _warnings(audited: Audited) -> list[tuple[Place, str]]:
    rows = audited.rows("SELECT source, line, lead_test FROM flag WHERE severity <> 'INFO'")
    return [((source, line), test) for source, line, test in rows]


def _errors(kind: PlantedKind, outcomes: list[PlantedOutcome]) -> list[Figure]:
    rows, events = sum(o.rows for o in outcomes), sum(o.events for o in outcomes)
    missed = {o.shape: len(o.missed) for o in outcomes if o.missed}
    warnings = [test for o in outcomes for _, test, _ in o.false_warnings]
    figures = [Figure("rows", rows)]
    if kind.tests:
        note = ", ".join(f"{n} missed: {shape}" for shape, n in missed.items())
        recalled = events - sum(missed.values())
        figures.append(
            Figure("recall", share(recalled, events), "at least", kind.recall, f"of {events}; {note}")
        )
    note = ", ".join(f"{warnings.count(test)} {test}" for test in sorted(set(warnings)))
    per_mille = round(1000 * len(warnings) / rows, 2)
    return [*figures, Figure("false warnings in a thousand rows", per_mille, "at most", 2, note)]


def _pairs(kind: str, work: Path) -> list[Figure]:
    right = reported = true = 0
    notes = []
    for number, shape in enumerate(SHAPES):
        ours, planted = pairs_of(kind, shape, work / str(number))
        right, reported, true = right + len(ours & planted), reported + len(ours), true + len(planted)
        notes.append(f"{len(ours & planted)} of {len(ours)} and {len(planted)}")
    return [
        Figure("pairs: precision", share(right, reported), "at least", 0.99, "; ".join(notes)),
        Figure("pairs: recall", share(right, true), "at least", 0.95),
    ]


def pairs_of(kind: str, shape: Shape, work: Path, seed: int = SEED) -> tuple[set[Lines], set[Lines]]:
    """Make two books, match them, and give (line left, line right) of matches and of true pairs."""
    rng = random.Random(f"{seed} {kind} {shape.name}")
    book = PAIRS[kind](rng, shape)
    sources = book.write(work / "books", rng)
    with audit(sources, work) as audited:
        rows = audited.rows(
            "SELECT l.line, r.line FROM match m JOIN txn l ON l.row_key = m.left_key "
            "JOIN txn r ON r.row_key = m.right_key WHERE m.kind <> 'offset'"
        )
    by_event = [dict(sorted(places)) for places in book.events().values()]
    return set(rows), {(lines["origin"], lines["destination"]) for lines in by_event}
