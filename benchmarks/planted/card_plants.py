"""Errors planted in books of card charges, each kind beside what looks like it and is honest."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from datetime import timedelta

from benchmarks.planted import amounts, names
from benchmarks.planted.book import PlantedBook, PlantedRow
from benchmarks.planted.card_book import DAYS, FIRST, CardBook
from benchmarks.planted.shape import Shape


def honest_twins(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant nothing: subscriptions, fares and twins that were bought at once."""
    books = CardBook(rng, shape)
    return books.book(books.honest(shape.rows))


def repeated_block(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant a stretch of the file that was loaded twice, at once behind it or at the end of the file."""
    books = CardBook(rng, replace(shape, order="days"))
    rows = books.honest(shape.rows)
    length = rng.randrange(6, max(8, min(80, shape.rows // 8)))
    start = rng.randrange(len(rows) - length)
    stretch = rows[start : start + length]
    end = rng.choice((start + length, len(rows)))
    for row in stretch:
        row.look_alike = ""
    again = [PlantedRow(dict(row.cells), event=f"block {place}") for place, row in enumerate(stretch)]
    return books.book([*rows[:end], *again, *rows[end:]])


def copied_charge(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant charges that stand again, far from the first one, under a new id."""
    books = CardBook(rng, replace(shape, order="days"))
    rows = books.honest(shape.rows)
    plain = [row for row in rows if not row.look_alike and row.cells["merchant"] not in books.fares]
    for number, row in enumerate(rng.sample(plain, max(3, shape.rows // 150))):
        row.event = f"copy {number}"
        rows.insert(rng.randrange(len(rows)), PlantedRow(dict(row.cells), event=row.event))
    return books.book(rows)


def card_split(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant two purchases of one person on one day at one merchant that pass the limit together.

    The limit shows in the amounts: many stop right below it. One part in four is exactly the limit.
    """
    books = CardBook(rng, replace(shape, persons=shape.persons if shape.persons != "none" else "ids"))
    rows = books.honest(shape.rows)
    limit = _round(shape.price * 25)
    crowd = max(45, shape.rows // 80)
    rows += [
        books.row(
            rng.choice(books.merchants),
            rng.choice(books.people),
            _day(rng, shape),
            limit * rng.uniform(0.9, 0.999),
        )
        for _ in range(crowd)
    ]
    for number in range(max(4, shape.rows // 400)):
        merchant, person, day = rng.choice(books.merchants), rng.choice(books.people), _day(rng, shape)
        for part in (1.0 if rng.random() < 0.25 else rng.uniform(0.6, 0.99), rng.uniform(0.55, 0.95)):
            rows.append(replace(books.row(merchant, person, day, limit * part), event=f"split {number}"))
    rows.sort(key=lambda row: row.cells["date"])
    return books.book(rows)


def order_codes(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant nothing: orders whose codes stand behind the merchant's name, two of one price on one day."""
    books = CardBook(rng, shape)
    rows = books.honest(shape.rows)
    stems = [f"{name.split()[0]} Mktp" for name in books.merchants[:3]]
    for _ in range(max(4, shape.rows // 60)):
        stem, person, day = rng.choice(stems), rng.choice(books.people), _day(rng, shape)
        price, join = shape.price * rng.uniform(0.1, 2), rng.choice(("*", " *", "*"))
        for _order in range(2):
            row = books.row(f"{stem}{join}{_code(rng)}", person, day, price)
            rows.append(replace(row, look_alike="order code"))
    rows.sort(key=lambda row: row.cells["date"])
    return books.book(rows)


def respelled(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant merchants' names with two letters exchanged or one lost, anywhere; beside shops alike by name."""
    books = CardBook(rng, shape)
    rows = books.honest(shape.rows)
    often = [name for name in books.merchants if sum(row.cells["merchant"] == name for row in rows) >= 12]
    for number, name in enumerate(often[: max(2, shape.rows // 200)]):
        row = books.charge(merchant=name)
        row.cells["merchant"], row.event = _slip(rng, name), f"respelled {number}"
        rows.append(row)
    sister = f"{names.vendors(rng, shape.language, 1)[0].split()[0]}a Foods"
    for name in (sister, sister.replace("a Foods", "o Foods")):
        for _ in range(10):
            row = books.row(name, rng.choice(books.people), _day(rng, shape), shape.price)
            rows.append(replace(row, look_alike="sister shop"))
    rows.sort(key=lambda row: row.cells["date"])
    return books.book(rows)


def person_amount(rng: random.Random, shape: Shape) -> PlantedBook:
    """Plant charges of five to nine times what their person ever had, at any merchant."""
    books = CardBook(rng, replace(shape, persons=shape.persons if shape.persons != "none" else "ids"))
    people = books.people[: max(2, shape.rows // 50)]
    size = {person: shape.price * rng.uniform(0.4, 2) for person in people}
    rows = []
    for _ in range(shape.rows):
        person = rng.choice(people)
        amount = size[person] * abs(rng.gauss(1, 0.3)) + shape.price / 50
        rows.append(books.row(rng.choice(books.merchants), person, _day(rng, shape), amount))
    for number, person in enumerate(rng.sample(people, max(1, len(people) // 5))):
        day = amounts.stamp(rng, shape, FIRST + timedelta(days=rng.randrange(DAYS * 2 // 3, DAYS)))
        row = books.row(rng.choice(books.merchants), person, day, size[person] * rng.uniform(5, 9))
        rows.append(replace(row, event=f"person {number}"))
    rows.sort(key=lambda row: row.cells["date"])
    return books.book(rows)


def _day(rng: random.Random, shape: Shape) -> str:
    return amounts.day(rng, shape, FIRST, DAYS)


def _round(amount: float) -> float:
    power = 10.0 ** math.floor(math.log10(amount))
    return power * min((1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10), key=lambda step: abs(step * power - amount))


def _code(rng: random.Random) -> str:
    return "".join(rng.choice("ABCDEFGHKMNPQRSTUVWXYZ0123456789") for _ in range(rng.randrange(7, 10)))


def _slip(rng: random.Random, name: str) -> str:
    """Exchange two different neighbouring letters of a name, or leave one out."""
    places = [n for n in range(1, len(name) - 2) if name[n : n + 2].isalpha() and name[n] != name[n + 1]]
    place = rng.choice(places)
    if rng.random() < 0.6:
        return name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    return name[:place] + name[place + 1 :]
