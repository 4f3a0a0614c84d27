"""Bytes of a text file as blocks of whole UTF-8 lines, whatever wrote them.

UTF-8 with or without BOM, UTF-16 with BOM or in plain sight; lines that are not UTF-8 are read in the
encoding that tools.ledger.readers.encodings decides on, and the file says so in `notes`. Lines end in LF,
CRLF, or CR where the file knows no LF. The file's SHA-256 is taken on the way.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from tools.ledger.readers import encodings

BLOCK: Final = 8 << 20
MAX_LINE: Final = 5_000_000  # bytes kept of one line: more characters than a record may have
_UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DECIDES: Final = 1 << 20  # bytes
_MOSTLY: Final = 0.7
_LEAST: Final = 8  # pairs of bytes
_LOOKED_AT: Final = 400  # bytes, whose every second one is nought in UTF-16


class TextFile:
    """A text file being read; `sha256` and `notes` are whole when its blocks are read to the end.

    span: bytes to read, from the first to before the last, where it is cut between two lines.
    """

    def __init__(self, path: Path, block: int = BLOCK, span: tuple[int, int] | None = None) -> None:
        self.path, self._block, self._span = path, block, span
        self.notes: set[str] = set()
        self._encoding = ""
        self._sha256 = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Digest of the bytes read so far."""
        return self._sha256.hexdigest()

    def blocks(self) -> Iterator[tuple[bytes, bool]]:
        """Give blocks of whole lines, and whether it is the last one. Raises OSError."""
        rest = b""
        with self.path.open("rb") as file:
            for data in self._utf8(file):
                block = rest + data
                cut = block.rfind(b"\n") + 1
                rest = block[cut : cut + MAX_LINE]
                if cut:
                    yield self._repaired(block[:cut]), False
        yield self._repaired(rest), True

    def text(self) -> str:
        """Give all of it at once, however long its lines are. Raises OSError."""
        with self.path.open("rb") as file:
            return self._repaired(b"".join(self._utf8(file))).decode()

    def head(self) -> bytes:
        """Give its first bytes, one block at most, as UTF-8 as far as they are text. Raises OSError."""
        with self.path.open("rb") as file:
            return next(self._utf8(file), b"")

    def is_recoded(self) -> bool:
        """Whether its bytes are not read as they are: UTF-16, or lines that end in CR alone."""
        with self.path.open("rb") as file:
            first = self._read(file)
        return bool(_UTF16.get(first[:2]) or _without_mark(first) or (b"\r" in first and b"\n" not in first))

    def _utf8(self, file: BinaryIO) -> Iterator[bytes]:
        if self._span and self._span[0]:
            file.seek(self._span[0])
            yield from iter(lambda: self._read(file), b"")
            return
        first = self._read(file)
        encoding = _UTF16.get(first[:2])
        if encoding:
            first = first[2:]
        encoding = encoding or _without_mark(first)
        decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
        if encoding:
            self.notes.add(encoding)
        first = first.removeprefix(codecs.BOM_UTF8)
        bare_cr = b"\r" in first and b"\n" not in first
        while first:
            data = decoder.decode(first).encode() if decoder else first
            yield data.replace(b"\r", b"\n") if bare_cr else data
            first = self._read(file)

    def _read(self, file: BinaryIO) -> bytes:
        size = self._block if self._span is None else min(self._block, self._span[1] - file.tell())
        data = file.read(size)
        self._sha256.update(data)
        return data

    def _repaired(self, data: bytes) -> bytes:
        if data.isascii() or _is_utf8(data):
            return data
        lines = data.split(b"\n")
        if not self._encoding:
            self._encoding = self._decided()
            self.notes.add(encodings.label(self._encoding))
        return b"\n".join(
            line if _is_utf8(line) else line.decode(self._encoding, "replace").encode() for line in lines
        )

    def _decided(self) -> str:
        """Decide by the file's beginning, so that the size of a block changes nothing."""
        with self.path.open("rb") as file:
            lines = file.read(_DECIDES).split(b"\n")
        return encodings.decided(b"\n".join(line for line in lines if not _is_utf8(line)))


def whole_text(path: Path) -> str:
    """Give a file's text, however long its lines are. Raises OSError."""
    return TextFile(path).text()


def _without_mark(data: bytes) -> str | None:
    """Tell UTF-16 that has no byte order mark: every second byte of Latin text is nought."""
    sample = data[:_LOOKED_AT]
    half = len(sample) // 2
    if half >= _LEAST and sample[1::2].count(0) > _MOSTLY * half and not sample[::2].count(0):
        return "utf-16-le"
    return (
        "utf-16-be"
        if half >= _LEAST and sample[::2].count(0) > _MOSTLY * half and not sample[1::2].count(0)
        else None
    )


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
