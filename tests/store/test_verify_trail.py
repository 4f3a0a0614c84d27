"""The verifier that needs nothing but Python: whatever is done to an export, it finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.store.conftest import KEY, start
from tools.store import open_store, trail, verify_trail, windows
from tools.store.verify_trail import canonical, key_id, signature, verify_lines

SCRIPT = Path(verify_trail.__file__)


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Give an export of two runs and the desk's own trail."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TIEOUT_TRAIL_KEY", KEY)
        patch.setenv("TIEOUT_TRAIL_ANCHOR", str(tmp_path_factory.getbasetemp() / "anchor"))
        store = open_store(f"sqlite:///{tmp_path_factory.mktemp('export') / 't.db'}")
        for name in ("r1", "r2"):
            start(store, name)
            details = {"vendor": "Caf\u00e9", "share": 0.25, "rows": [1, 2]}
            trail.append(store, name, "tieout", "read", sizes={"rows": 3}, cost="0.01", details=details)
        windows.close(store, "r1", outcome="clean")
        yield list(trail.export(store))
        store.close()


def test_an_export_verifies(lines: list[str]) -> None:
    """Nothing is found in what was exported, with the key and without."""
    assert verify_lines(lines, KEY.encode()) == []
    assert verify_lines([f"{line}\n" for line in lines], None) == []


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_character_is_found(lines: list[str], data: st.DataObject) -> None:
    """One character, anywhere in the export."""
    number = data.draw(st.integers(0, len(lines) - 1))
    place = data.draw(st.integers(0, len(lines[number]) - 1))
    character = data.draw(st.characters(max_codepoint=126, exclude_characters=["\n", lines[number][place]]))
    changed = lines[number][:place] + character + lines[number][place + 1 :]
    assert verify_lines([*lines[:number], changed, *lines[number + 1 :]], KEY.encode())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(0, 1) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_value_is_found(lines: list[str], data: st.DataObject) -> None:
    """Another value, an added or a missing field, written as we would write it."""
    number = data.draw(st.integers(0, len(lines) - 1))
    entry: dict[str, Any] = json.loads(lines[number])
    changed = {**entry.get("head", entry)}
    field = data.draw(st.sampled_from([*changed, "added"]))
    if field in changed and data.draw(st.booleans()):
        del changed[field]
    else:
        changed[field] = data.draw(VALUES)
    line = canonical({"head": changed} if "head" in entry else changed)
    assume(line != lines[number])
    assert verify_lines([*lines[:number], line, *lines[number + 1 :]], KEY.encode())


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_other_order_is_found(lines: list[str], data: st.DataObject) -> None:
    """Lines left out, repeated or moved."""
    order = data.draw(st.lists(st.integers(0, len(lines) - 1), min_size=1, max_size=len(lines) + 2))
    moved = [lines[number] for number in order]
    whole_runs = _runs(lines)
    assume(any(run not in whole_runs for run in _runs(moved)))
    assert verify_lines(moved, KEY.encode())


def _of(run: list[str]) -> str:
    return str(json.loads(run[-1])["head"]["run_id"])


def _runs(lines: list[str]) -> list[list[str]]:
    runs: list[list[str]] = [[]]
    for line in lines:
        runs[-1].append(line)
        if '"head":' in line[:10]:
            runs.append([])
    return [run for run in runs if run]


def test_a_run_that_is_left_out_is_missed(lines: list[str]) -> None:
    """In an export of everything, the desk's own trail names every run."""
    without = [line for run in _runs(lines) if _of(run) != "r1" for line in run]
    assert {problem.run_id for problem in verify_lines(without, KEY.encode())} == {"r1"}


def test_two_values_under_one_name_are_found(lines: list[str]) -> None:
    """A line that readers could read differently is not as it was written."""
    doubled = lines[0].replace("{", '{"actor":"lee",', 1)
    assert [str(problem) for problem in verify_lines([doubled, *lines[1:]], None)][:1] == [
        "line 1: is not as it was written"
    ]


def test_an_export_is_held_against_the_anchor(
    lines: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whole with its own anchor; an older export is found, and one run's has nothing to hold."""
    (tmp_path / "key").write_text(KEY)
    shutil.copy(tmp_path.parent / "anchor", tmp_path / "anchor")
    exports = {"whole": lines, "one": _runs(lines)[1], "older": _older(lines)}
    codes = {}
    for name, export in exports.items():
        (tmp_path / name).write_text("".join(f"{line}\n" for line in export))
        words = [
            str(tmp_path / name),
            "--key-file",
            str(tmp_path / "key"),
            "--anchor",
            str(tmp_path / "anchor"),
        ]
        codes[name] = verify_trail.main(words)
    output = capsys.readouterr().out
    assert codes == {"whole": 0, "one": 1, "older": 1}
    assert "has no seals to hold against the anchor" in output
    assert "the store was emptied, cut back or replaced by an older copy" in output


def _older(lines: list[str]) -> list[str]:
    """Give the seals as they were exported two commits before, with the head that was signed then."""
    seals = next(run for run in _runs(lines) if _of(run) == trail.SEALS)
    last = json.loads(seals[-4])
    head = {name: last[name] for name in ("run_id", "seq", "hash")} | {"key_id": key_id(KEY.encode())}
    return [*seals[:-3], canonical({"head": {**head, "signature": signature(head, KEY.encode())}})]


@pytest.mark.parametrize(
    ("key", "change", "expected"),
    [
        (KEY, "", (0, "Nothing was changed.\n")),
        ("", "", (0, "Nothing was changed. The signature was not checked: no key.\n")),
        ("another", "", (1, "signed with another key")),
        (KEY, "dana", (1, "was changed")),
    ],
)
def test_the_script_stands_alone(
    lines: list[str], tmp_path: Path, key: str, change: str, expected: tuple[int, str]
) -> None:
    """It runs on a machine that has Python and the file, isolated from every package."""
    path = tmp_path / "trail.jsonl"
    text = "".join(f"{line}\n" for line in lines)
    path.write_text(text.replace(f'"actor":"{change}"', '"actor":"lee"', 1) if change else text)
    completed = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(path)],
        env={"TIEOUT_TRAIL_KEY": key},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (completed.returncode, expected[1] in completed.stdout, completed.stderr) == (
        expected[0],
        True,
        "",
    )


def test_the_script_says_what_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is not there is wrong use; an empty one or rubbish holds no trail."""
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "empty").write_text("")
    (tmp_path / "rubbish").write_bytes(b"\xff\xfe{}\n[1]\n" + b"[" * 5000)
    codes = [
        verify_trail.main([str(tmp_path / name), "--key-file", str(tmp_path / "key")])
        for name in ("absent", "empty", "rubbish")
    ]
    assert codes == [2, 1, 1]
    assert "No such file" in capsys.readouterr().err
