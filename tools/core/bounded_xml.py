"""XML within bounds: its size, depth, cells and elements are counted on the way to whatever parses it.

A document type is refused: no statement and no workbook has one, and it is how entities grow.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final
from xml.parsers.expat import ExpatError, ParserCreate

from tools.core import settings
from tools.core.errors import SourcesError

_CHUNK: Final = 1 << 20
# Entries of a statement, payments, rows and texts of a workbook.
_RECORDS: Final = frozenset(("Ntry", "CdtTrfTxInf", "row", "si"))


class Guard:
    """Counts what an XML text holds while its bytes come by. Raises SourcesError beyond a bound."""

    def __init__(self, place: str) -> None:
        limits = settings.load()
        self._place, self._size, self._depth = place, 0, 0
        self._elements, self._records = 0, 0
        self._most_bytes, self._most_deep, self._longest = (
            limits.xml_bytes,
            limits.xml_depth,
            limits.cell_bytes,
        )
        self._most_elements, self._most_records = limits.xml_elements, limits.xml_records
        self._since = 0  # bytes since the last "<": a text, or a tag
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, data: bytes) -> None:
        """Count a piece; what is no XML is left for the parser behind to say."""
        self._size += len(data)
        if self._size > self._most_bytes:
            raise self._beyond(f"is larger than {self._most_bytes:,} bytes", "TIEOUT_XML_BYTES")
        if self._longest_run(data) > self._longest:
            raise self._beyond(f"holds a cell larger than {self._longest:,} bytes", "TIEOUT_CELL_BYTES")
        try:
            self._parser.Parse(data, False)
        except ExpatError:
            self._parser = ParserCreate()  # broken off here: the parser behind says so

    def _longest_run(self, data: bytes) -> int:
        pieces = data.split(b"<")
        longest = max(self._since + len(pieces[0]), *map(len, pieces))
        self._since = len(pieces[-1]) + (self._since if len(pieces) == 1 else 0)
        return longest

    def _begin(self, _name: str, _attributes: object) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > self._most_deep:
            raise self._beyond(f"is nested deeper than {self._most_deep} levels", "TIEOUT_XML_DEPTH")
        if self._elements > self._most_elements:
            reason = f"has more than {self._most_elements:,} elements in a record, or beside them"
            raise self._beyond(reason, "TIEOUT_XML_ELEMENTS")

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name.rpartition(":")[2] in _RECORDS:  # readers keep one at a time
            self._elements, self._records = 0, self._records + 1
            if self._records > self._most_records:
                raise self._beyond(f"has more than {self._most_records:,} records", "TIEOUT_XML_RECORDS")

    def _doctype(self, *_: object) -> None:
        raise SourcesError(
            "refused: it declares a document type, as no statement and no workbook does.",
            place=self._place,
            remedy="Ask for another.",
        )

    def _beyond(self, reason: str, setting: str) -> SourcesError:
        return SourcesError(f"{reason}.", place=self._place, remedy=f"Split it, or raise {setting}.")


def check(pieces: Iterator[bytes], place: str) -> None:
    """Look through an XML text that something else will parse. Raises SourcesError beyond a bound."""
    guard = Guard(place)
    for piece in pieces:
        guard.feed(piece)


def check_file(path: Path) -> None:
    """Look through an XML file. Raises SourcesError beyond a bound, OSError when it is away."""
    with path.open("rb") as file:
        check(iter(partial(file.read, _CHUNK), b""), str(path))
