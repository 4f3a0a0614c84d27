"""A disk without room is told from whatever a library says of it, and from nothing else."""

from __future__ import annotations

import errno
import os

import duckdb
import pytest

from tools.core.errors import RunError
from tools.core.full_disk import FullDiskError, worded

FULL = (
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
    duckdb.IOException('IO Error: Could not write file "x": No space left on device","errno":"28"'),
)


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_full_disk_is_said_in_plain_words(error: Exception) -> None:
    """The place, what helps and how to go on; also where another error came of it."""
    for raised in (error, _after(error)):
        with pytest.raises(FullDiskError) as full, worded("/srv/runs"):
            raise raised
        assert str(full.value).startswith("/srv/runs: the disk is full")
        assert "tieout resume RUN" in full.value.remedy


def _after(error: Exception) -> Exception:
    later = ValueError("the file could not be finished")
    later.__cause__ = error
    return later


@pytest.mark.parametrize("error", [OSError(errno.EACCES, "no"), ValueError("28"), RunError("it is held.")])
def test_other_errors_stay_what_they_are(error: Exception) -> None:
    """Nothing else is taken for it."""
    with pytest.raises(type(error)) as raised, worded("/srv/runs"):
        raise error
    assert raised.value is error
