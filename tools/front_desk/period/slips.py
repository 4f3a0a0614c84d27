"""Slips of the keys in names of months: "Febuary", "Janaur"."""

from __future__ import annotations

from typing import Final

from rapidfuzz.distance import OSA

from tools.front_desk.period.words import MONTHS

_LEAST: Final = 6  # characters of a month: "Marsh" may be somebody
_LONG: Final = 8  # characters from which two slips are one month still
_NAMES: Final = tuple(name for name in MONTHS if len(name) >= _LEAST)


def month_meant(word: str) -> str:
    """Give the month that a misspelt word stands for; "" for none, or where it may be two."""
    if word in MONTHS or not word.isalpha():
        return ""
    slips = {name: OSA.distance(word, name) for name in _NAMES if _may_mean(word, name)}
    near = {name: count for name, count in slips.items() if count <= _most(word, name)}
    closest = [name for name, count in near.items() if count == min(near.values())]
    return closest[0] if len({MONTHS[name] for name in closest}) == 1 else ""


def _may_mean(word: str, name: str) -> bool:
    return word[0] == name[0] and not word.startswith(name)


def _most(word: str, name: str) -> int:
    return 2 if min(len(name), len(word)) >= _LONG else 1
