"""Days and amounts as a shape's books write them."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from benchmarks.planted.shape import Shape


def amount_text(amount: float, shape: Shape) -> str:
    """Write an amount with the currency's digits."""
    return f"{Decimal(amount).quantize(Decimal(1).scaleb(-shape.digits))}"


def day(rng: random.Random, shape: Shape, first: date, days: int) -> str:
    """Write a working day of the span: to the day, to the minute, or the Monday of its week."""
    picked = first + timedelta(days=rng.randrange(days))
    if picked.weekday() > 4 and rng.random() < 0.9:
        picked -= timedelta(days=picked.weekday() - 4)
    return stamp(rng, shape, picked)


def stamp(rng: random.Random, shape: Shape, picked: date) -> str:
    """Write a day in the shape's grain."""
    if shape.grain == "week":
        return (picked - timedelta(days=picked.weekday())).isoformat()
    if shape.grain == "minute":
        moment = datetime.combine(picked, time(rng.randrange(8, 19), rng.randrange(60)))
        return moment.isoformat(sep=" ", timespec="seconds")
    return picked.isoformat()


def moved(text: str, days: int) -> str:
    """Move a written day by days, its time unchanged."""
    picked = date.fromisoformat(text[:10]) + timedelta(days=days)
    return picked.isoformat() + text[10:]
