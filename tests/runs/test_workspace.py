"""Results appear whole or not at all, and once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.core.errors import RunError
from tools.runs.workspace import Attempt, published


def test_nothing_is_seen_before_it_is_whole(tmp_path: Path) -> None:
    """An attempt's files are not under the result's name until it is published."""
    attempt = Attempt(tmp_path, "quality-1")
    (attempt.folder / "finding.parquet").write_bytes(b"half")
    assert published(tmp_path, "quality-1") is None
    attempt.publish({"rows": 1})
    assert published(tmp_path, "quality-1") == {"rows": 1}


def test_the_first_to_publish_stands(tmp_path: Path) -> None:
    """A second worker's result gives way to the first, and leaves nothing behind."""
    first, second = Attempt(tmp_path, "quality-1"), Attempt(tmp_path, "quality-1")
    first.publish({"by": "first"})
    assert second.publish({"by": "second"}) == {"by": "first"}
    assert [path.name for path in tmp_path.iterdir()] == ["quality-1"]


def test_an_attempt_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """An error while its files are written removes its folder."""
    with pytest.raises(FileExistsError), Attempt(tmp_path, "quality-1") as attempt:
        attempt.folder.mkdir()
    assert list(tmp_path.iterdir()) == []


def test_a_late_worker_cannot_publish(tmp_path: Path) -> None:
    """After its time is up an attempt is worth nothing."""
    attempt = Attempt(tmp_path, "quality-1")
    attempt.cancel()
    with pytest.raises((RunError, FileNotFoundError)):
        attempt.publish({"rows": 1})
    assert published(tmp_path, "quality-1") is None
