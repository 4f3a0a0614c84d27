"""Which paragraphs of a letter are evidence in columns, set apart by blanks."""

from __future__ import annotations

import re
from typing import Final

_COLUMNS: Final = re.compile(r"\S {2,}\S")


def is_table(paragraph: str) -> bool:
    """Whether a paragraph stands in columns, and is no prose."""
    return _COLUMNS.search(paragraph) is not None
