"""Two books of one thing: initials for names, amounts that differ, others of equal amounts."""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

from benchmarks.planted import amounts, names
from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.shape import Shape

# What a bank writes beside a name, by language; each line may bear a code of eight figures, too.
_WAYS = {
    "en": ("CSH", "BGC", "CHQ", "WRE", "payment", "money", "donation", ""),
    "de": ("Überweisung", "Lastschrift", "SEPA", "Bar", "Spende", "Dauerauftrag", ""),
    "es": ("transferencia", "pago", "efectivo", "cheque", "abono", ""),
    "pl": ("przelew", "wpłata", "gotówka", "darowizna", ""),
    "ja": ("FURIKOMI", "GENKIN", "KIFU", ""),
}


def initials(rng: random.Random, shape: Shape) -> PlantedBook:
    """Pair rows by initials, nine in ten with amounts within 8%, days within 2; a tenth has no other side."""
    people = names.people(rng, shape.language, min(90, max(20, shape.rows // 4)))
    short = {person: names.initials(person) for person in people}
    return _sides(rng, shape, short, coincidences=0.0)


def coincidence(rng: random.Random, shape: Shape) -> PlantedBook:
    """Pair rows by full names and amounts within 4%; every sixth has it under another name beside it."""
    people = names.people(rng, shape.language, min(90, max(24, shape.rows // 4)))
    return _sides(rng, shape, {person: person.upper() for person in people}, coincidences=0.17)


def _sides(rng: random.Random, shape: Shape, written: dict[str, str], *, coincidences: float) -> PlantedBook:
    people = list(written)
    left: list[PlantedRow] = []
    right: list[PlantedRow] = []
    for number in range(min(400, shape.rows // 2)):
        person = rng.choice(people)
        day = date(2025, 1, 6) + timedelta(days=rng.randrange(340))
        amount = shape.price * math.exp(rng.gauss(0, 1))
        event = f"pair {number}" if rng.random() < 0.9 else ""
        off = 1.0 if rng.random() < 0.1 else 1 + rng.uniform(-0.08, 0.08) * (0.5 if coincidences else 1)
        left.append(_line(rng, shape, day, amount, written[person], event=event))
        if not event:
            continue
        later = day + timedelta(days=rng.randrange(3))
        right.append(_line(rng, shape, later, amount * off, written[person], event=event))
        if rng.random() < coincidences:
            another = rng.choice([name for name in people if name != person])
            row = _line(rng, shape, later, amount, written[another], event="")
            row.cells["amount"], row.look_alike = left[-1].cells["amount"], "another name's equal amount"
            right.append(row)
    for rows, letter in ((left, "O"), (right, "D")):
        rng.shuffle(rows)
        for number, row in enumerate(rows):
            row.cells["id"] = f"{letter}{number:05d}"
    read = {"txn_id": "id", "posted_on": "date", "amount": "amount", "description": "memo"}
    pair = {"name": "o_to_d", "left": "origin", "right": "destination", "mode": "one_to_one",
            "window_days": 10, "tolerance": 0.10}  # fmt: skip
    declared = {name: {"kind": "bank", "columns": read} for name in ("origin", "destination")}
    return PlantedBook(shape, {"origin": left, "destination": right}, declared, [pair])


def _line(rng: random.Random, shape: Shape, day: date, amount: float, name: str, *, event: str) -> PlantedRow:
    code = f"{rng.getrandbits(32):08x}" if rng.random() < 0.15 else ""
    memo = " ".join(f"{name} {rng.choice(_WAYS[shape.language])} {code}".split())
    cells = {"id": "", "date": amounts.stamp(rng, shape, day), "amount": amounts.amount_text(amount, shape)}
    return PlantedRow({**cells, "memo": memo}, event=event)
