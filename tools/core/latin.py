"""Texts of any script in Latin letters, so that names are compared by letters wherever they are from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_CAPITALS: Final = re.compile(r"[A-Z]+")


def latin(text: str) -> str:
    """Transliterate to ASCII, accents removed ("Łódź", "Кузнецов", "株式会社"); ASCII stays as it is.

    A letter that stands alone (an initial) stays one letter.
    """
    if text.isascii():
        return text
    from anyascii import anyascii

    return " ".join(anyascii(word)[:1] if len(word) == 1 else anyascii(word) for word in text.split(" "))


def capitals(texts: Iterable[str]) -> list[str]:
    """Give what texts say in words of the letters A to Z, joined by single spaces."""
    return [" ".join(_CAPITALS.findall(latin(text).upper())) for text in texts]
