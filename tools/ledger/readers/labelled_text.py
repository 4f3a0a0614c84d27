"""Texts that write each posting as lines of "Label: value", a blank line between, as rows under the labels.

Labels that stand once, over the first posting, are titles and no columns. `line` is that of a posting's first
label.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.ledger.readers.labels import LABEL, LEAST
from tools.ledger.readers.row_reader import Proof, Row
from tools.ledger.readers.text_blocks import TextFile

_HALF: Final = 0.5


class LabelledText:
    """A text of labelled lines."""

    def __init__(self, path: Path) -> None:
        """Take what comes again as its columns. Raises OSError."""
        file = TextFile(path)
        self._lines = file.text().splitlines()
        self.notes: list[str] = sorted(file.notes)
        self.proofs: list[Proof] = []
        counts = Counter(match[1] for line in self._lines if (match := LABEL.fullmatch(line)))
        usual = max(counts.values(), default=0)
        self.names: Sequence[str] = [name for name, n in counts.items() if n >= max(LEAST, _HALF * usual)]

    def rows(self) -> Iterator[Row]:
        """Give a row for each posting: a label that it has already begins the next one."""
        cells, begun = dict[str, str](), 0
        for at, line in enumerate([*self._lines, ""], 1):
            match = LABEL.fullmatch(line)
            name = match[1] if match else ""
            if cells and (name in cells or (not line.strip() and len(cells) == len(self.names))):
                yield self._row(begun, cells)
                cells = {}
            if match and name in self.names:
                begun = begun if cells else at
                cells[name] = match[2] or ""
        if cells:
            yield self._row(begun, cells)

    def _row(self, line: int, cells: dict[str, str]) -> Row:
        return Row(line, [cells.get(name, "") for name in self.names])
