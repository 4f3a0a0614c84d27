"""What could be asked instead: the figures whose names and definitions are nearest to a sentence."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz, process

from tools.core.plain_words import normalise
from tools.front_desk import figures

COUNT: Final = 3


def nearest(plain: str) -> list[str]:
    """Name the three figures nearest to a normalised sentence, the nearest first."""
    described = {
        name: normalise(f"{figure.label} {figure.definition} {figure.population.noun}")
        for name, figure in figures.figures().items()
    }
    near = process.extract(plain, described, scorer=fuzz.token_set_ratio, limit=COUNT)
    return [name for _, _, name in near]
