"""Whether a table is in groups: a heading, the postings below it, and a total that ends them."""

from __future__ import annotations

from collections import Counter
from typing import Final

from tools.ledger.readers.headings import heading_of

_LEAST: Final = 2  # groups that tell


class Groups:
    """Notes headings, postings and totals in their order."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, tuple[str, ...]]] = []  # what each is, and its cells

    def take(self, what: str, line: tuple[str, ...]) -> None:
        """Note a line: posting, total, or what else it may be."""
        self._lines.append((what, line))

    def column(self) -> int | None:
        """Give the column that headings stand in, where all postings stand between a heading and a total."""
        firsts = [_first(line) for what, line in self._lines if what == "other" and any(line)]
        places = Counter(at for at, line in zip(firsts, self._others(), strict=True) if heading_of(line, at))
        at = max(places, key=lambda place: places[place], default=None)
        return at if at is not None and self._holds(at) else None

    def _others(self) -> list[tuple[str, ...]]:
        return [line for what, line in self._lines if what == "other" and any(line)]

    def _holds(self, at: int) -> bool:
        """Whether each group of postings has its heading above and its total below."""
        heading, postings, groups = "", 0, 0
        for what, line in self._lines:
            if what == "posting":
                if not heading:
                    return False
                postings += 1
            elif what == "total" and postings:
                groups += 1
                heading, postings = "", 0
            elif what == "other" and (text := heading_of(line, at)):
                if postings:
                    return False
                heading = text
        return not postings and groups >= _LEAST


def _first(line: tuple[str, ...]) -> int:
    return next(at for at, cell in enumerate(line) if cell)
