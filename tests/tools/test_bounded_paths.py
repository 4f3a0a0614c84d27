"""Folders in which callers of the Server may name files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.core.bounded_paths import Folders
from tools.core.errors import SettingsError
from tools.core.settings import Settings


@pytest.mark.parametrize("written", ["books:{gone}", '["{books}"]', "{books};{gone}"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, written: str) -> None:
    """A misspelt folder, or a list written otherwise, is an error of the setting, not of each file."""
    (tmp_path / "books").mkdir()
    named = written.replace("{books}", str(tmp_path / "books")).replace("{gone}", str(tmp_path / "gone"))
    with pytest.raises(SettingsError) as raised:
        Folders.of(Settings(home=tmp_path, books_folders=named))
    assert raised.value.place == "TIEOUT_BOOKS_FOLDERS"
    assert ":" in str(raised.value.remedy)


def test_folders_that_are_there_are_taken(tmp_path: Path) -> None:
    """Relative folders are the home's, absolute ones stay."""
    for name in ("books", "more"):
        (tmp_path / name).mkdir()
    folders = Folders.of(Settings(home=tmp_path, books_folders=f"books:{tmp_path / 'more'}"))
    assert folders.inside == (tmp_path / "books", tmp_path / "more")
    (tmp_path / "books" / "sources.yaml").write_text(json.dumps({}), encoding="utf-8")
    assert folders.path("sources.yaml", "sources") == tmp_path / "books" / "sources.yaml"
