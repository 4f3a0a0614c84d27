"""What receipts call a total, a date, a merchant, in many languages (words.yaml)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from tools.core import bounded_yaml
from tools.core.bounded_yaml import Bounds
from tools.core.libyaml_loader import libyaml_loader
from tools.ledger.asides import plain


@cache
def _entries() -> dict[str, Any]:
    text = resources.files("tools.ledger.papers").joinpath("words.yaml").read_text(encoding="utf-8")
    entries: dict[str, Any] = bounded_yaml.load(text, Bounds(), libyaml_loader())
    return entries


def months() -> Mapping[str, int]:
    """Give the number of each month's name."""
    names: Mapping[str, int] = _entries()["months"]
    return names


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Give what finds a phrase of a list as words of a plain line."""
    phrases = sorted(map(str, _entries()[name]), key=len, reverse=True)
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, phrases))})(?![^\W_])")


def says(name: str, line: str) -> bool:
    """Whether a line has a phrase of a list."""
    return pattern(name).search(plain(line)) is not None
