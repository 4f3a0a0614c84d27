"""What pydantic refuses, in plain words: the key and what is expected, never what stood there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

_KEY: Final = re.compile(r"[A-Za-z_][\w-]{0,39}")
_CURRENCY: Final = "^[A-Z]{3}$"


def expected(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails, or another's of its form
    """Say what was expected, out of one of pydantic's errors."""
    if str((error.get("ctx") or {}).get("pattern")) == _CURRENCY:
        return "is no currency; write the three capital letters of ISO 4217, such as USD"
    return str(error["msg"]).removeprefix("Value error, ")


def dotted(place: Iterable[str | int]) -> str:
    """Write the place of a key: "sources.card.kind"; what looks like no key is not repeated."""
    return ".".join(plain_key(part) for part in place)


def plain_key(part: str | int) -> str:
    """Give a key as it stands where it looks like one: a number, or a short word."""
    text = str(part)
    return text if isinstance(part, int) or _KEY.fullmatch(text) else "(a key)"
