"""Whatever happens to a published file is found, and nothing else is."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.runs import file_digests

NAMES = st.sampled_from(["a.parquet", "b.parquet", "deep/c.parquet", "result.json"])
FILES = st.dictionaries(NAMES, st.binary(max_size=64), min_size=1)


def write(folder: Path, files: dict[str, bytes]) -> str:
    """Write files with their listing; give its digest."""
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return file_digests.write(folder)


@settings(deadline=None)
@given(files=FILES, data=st.data())
def test_any_change_is_found(files: dict[str, bytes], data: st.DataObject) -> None:
    """A changed byte, a lost end, a file that is gone or new: each is named; untouched files are not."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "judged-1")
        folder.mkdir()
        expected = write(folder, files)
        assert file_digests.differences(folder, expected) == []
        name = data.draw(st.sampled_from(sorted(files)))
        content = files[name]
        changed = data.draw(st.binary(max_size=64).filter(lambda candidate: candidate != content) | st.none())
        (folder / name).unlink()
        if changed is not None:
            (folder / name).write_bytes(changed)
        (difference,) = file_digests.differences(folder, expected)
        assert difference.startswith(f"judged-1/{name} ")


def test_what_was_added_is_found(tmp_path: Path) -> None:
    """A table that nobody published is no part of the result."""
    expected = write(tmp_path, {"a.parquet": b"a"})
    (tmp_path / "table_new.parquet").write_bytes(b"b")
    assert file_digests.differences(tmp_path, expected) == [f"{tmp_path.name}/table_new.parquet was added"]


@pytest.mark.parametrize("text", ["{}", "[]", "no JSON", '{"a.parquet": 1}'])
def test_a_listing_that_was_changed_is_found(tmp_path: Path, text: str) -> None:
    """The digest of the listing is elsewhere: changed with its files it does not pass for the first one."""
    expected = write(tmp_path, {"a.parquet": b"a"})
    (tmp_path / file_digests.LISTING).write_text(text, encoding="utf-8")
    (difference,) = file_digests.differences(tmp_path, expected)
    assert difference == f"{tmp_path.name}/files.json is missing or was changed"
    shutil.rmtree(tmp_path)
    assert file_digests.differences(tmp_path, expected) == [f"{tmp_path.name} is missing"]
