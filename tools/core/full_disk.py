"""A disk that is full, told from whatever the library says that met it, and said in plain words."""

from __future__ import annotations

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from tools.core.errors import RunError

_NO_ROOM: Final = (errno.ENOSPC, errno.EDQUOT)
_WORDS: Final = re.compile(
    r"No space left on device|Disk quota exceeded|not enough space|\"errno\":\"(28|122)\""
)


class FullDiskError(RunError):
    """A disk has no room for what is written."""

    def __init__(self, place: str) -> None:
        super().__init__(
            "the disk is full; what was finished before stands.",
            place=place,
            remedy="Make room there, or move it to another disk, and go on: tieout resume RUN",
        )


def is_full(error: BaseException | None) -> bool:
    """Say whether an error, or what it came from, is a disk without room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        # DuckDB and Arrow carry the system's error as words.
        if not isinstance(error, FullDiskError) and _WORDS.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def worded(place: str) -> Iterator[None]:
    """Turn whatever a full disk raises into a FullDiskError that names `place`."""
    try:
        yield
    except RunError:
        raise
    except Exception as error:
        if is_full(error):
            raise FullDiskError(place) from error
        raise
