"""Readings of "what share of": what makes the part, of what whole; each where that is not said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.front_desk import figures
from tools.front_desk.figures import Figure
from tools.front_desk.understanding import Understanding

_ADDED_UP: Final = ("sum", "count")
_OF_STATE: Final = {"overdue": ("", "open")}  # of all invoices, or of those to pay


def parted(reading: Understanding, only: Sequence[str] | None = None) -> list[Understanding]:
    """Give a share's readings, one for each whole that it may be of; refused where there is no part.

    only: what makes the part, where that is known.
    """
    figure = figures.by_name(reading.figure)
    plain = replace(reading, intent="figure")
    if figure.aggregate not in _ADDED_UP or reading.compared or reading.mean_over or reading.counted:
        return [_refused("a share is of one sum or count, over one window.")]
    if reading.by and reading.most:
        return [replace(plain, share=["first"])]
    # "Share of travel by month" may be of each month, or of all travel.
    parts = [*(narrowings(reading) if only is None else only), *(["split"] if reading.by else [])]
    if parts:
        return [replace(plain, share=[part]) for part in parts]
    wholes = _wholes(figure)
    if not wholes:
        return [_refused("name the part and the whole, as in 'share of spend with' a vendor.")]
    return [replace(plain, share=["state"], whole=whole.name) for whole in wholes]


def narrowings(reading: Understanding) -> list[str]:
    """Name what narrows a reading: its filters, a limit, days, what is left out."""
    names = [name for name, keys in reading.filters.items() if keys]
    names += ["limit"] if reading.over or reading.under else []
    names += ["days"] if reading.least_days or reading.most_days else []
    return names + (["left_out"] if any(reading.left_out.values()) else [])


def _wholes(figure: Figure) -> list[Figure]:
    """Give the figures of which one of a state is a part: overdue invoices of all, and of the open ones."""
    population = figure.population
    if not population.qualifiers:
        return []
    states = {state for word in population.qualifiers for state in _OF_STATE.get(word, ("",))}
    fitting = [{state} - {""} for state in sorted(states)]
    return [
        item
        for item in figures.figures().values()
        if item.aggregate == figure.aggregate
        and item.population.noun == population.noun
        and set(item.population.qualifiers) in fitting
    ]


def _refused(why: str) -> Understanding:
    return Understanding("refused", "figure", why=why)
