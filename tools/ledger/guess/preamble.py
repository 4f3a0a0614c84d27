"""How many lines stand before a CSV file's header: a bank's own heading, totals, blank lines."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tools.ledger.csvfile import DELIMITERS, first_lines
from tools.ledger.records import split
from tools.ledger.textfile import TextFile

_LINES: Final = 60  # looked at
_AFTER: Final = 20  # lines that have to be like the header
_ALIKE: Final = 0.8


def preamble(path: Path) -> int:
    """Give the lines before the first one that nearly all that follow have as many cells as.

    0 for an ordinary file, and where nothing is clear. Raises OSError.
    """
    lines = first_lines(TextFile(path), _LINES)
    mark = max(DELIMITERS, key=lambda one: sum(line.count(one) for line in lines))
    widths = [len(split(line, mark) or ()) if line.strip() else 0 for line in lines]
    for at, width in enumerate(widths):
        after = [other for other in widths[at + 1 :] if other][:_AFTER]
        if width > 1 and sum(other == width for other in after) >= max(1, _ALIKE * len(after)):
            return at if any(widths[:at]) else 0
    return 0
