"""The lines of a file that count: without those that are pending, failed or taken back by their state."""

from __future__ import annotations

from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.states import unbooked


def booked(file: FileProfile) -> tuple[tuple[str, ...], ...]:
    """Give the lines that a balance knows."""
    return tuple(file.lines[at] for at in booked_places(file))


def booked_places(file: FileProfile) -> list[int]:
    """Give the places of these lines, from 0."""
    states = {at: set(unbooked(column)) for at, column in enumerate(file.columns)}
    listed = {at: values for at, values in states.items() if values}
    return [i for i, line in enumerate(file.lines) if not any(line[at] in listed[at] for at in listed)]
