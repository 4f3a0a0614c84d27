"""Lines of "Label: value", and whether a text is made of them."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

LABEL: Final = re.compile(r"\s*([^\W\d_][^:;,\t|\"=]{0,40}?)\s*:(?:\s+(.*?))?\s*")
LEAST: Final = 2  # postings, and labels of each
_MOSTLY: Final = 0.8  # share of lines that have to be labelled


def is_labelled(text: str) -> bool:
    """Say whether a text is of this form: nearly all lines are labelled, and several labels come again."""
    lines = [line for line in text.splitlines() if line.strip()]
    labels = [match[1] for line in lines if (match := LABEL.fullmatch(line))]
    if len(labels) < _MOSTLY * len(lines):
        return False
    repeated = sorted(Counter(labels).values())[-LEAST:]
    return len(repeated) == LEAST and repeated[0] >= LEAST and "\n" in text.strip()
