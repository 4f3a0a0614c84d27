"""A mailbox file as its messages' bytes, read as a stream."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

LINE: Final = 1 << 20  # bytes taken at once of a line without an end
_FROM: Final = re.compile(rb"From \S+.* \d\d:\d\d(:\d\d)?( [-+A-Z0-9]{1,6})* \d{4}")
_ESCAPED: Final = re.compile(rb"^>(>*From )", re.MULTILINE)


def messages(path: Path, largest: int) -> Iterator[bytes]:
    """Give each message of a mailbox (mboxrd: ">From " is unescaped).

    Of one longer than `largest` bytes comes one byte more than that, so that its reader sees it is too
    long. Raises OSError.
    """
    lines, size, blank = list[bytes](), 0, True
    with path.open("rb") as file:
        while line := file.readline(LINE):
            if blank and _FROM.match(line):
                if size:
                    yield _whole(lines, largest)
                lines, size = [], 0
            elif size <= largest:
                lines.append(line)
                size += len(line)
            blank = not line.strip()
    if size:
        yield _whole(lines, largest)


def _whole(lines: list[bytes], largest: int) -> bytes:
    return _ESCAPED.sub(rb"\1", b"".join(lines))[: largest + 1]
