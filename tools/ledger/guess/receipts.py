"""Folders of receipts as papers: which files are some, and what of each could be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from tools.ledger.guess.file_column import FileColumn
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_kind import Guess
from tools.ledger.readers.paper import COLUMNS, IMAGES, SUFFIXES, TEXTS, Paper, unsure
from tools.ledger.readers.row_reader import Row

FORM: Final = "paper"
_SCORE: Final = 6.0
_SHARE: Final = 0.5  # of papers that have to say their day and total
_LOOKED_AT: Final = 500  # papers of a folder
_SHOWN: Final = 3
_OWN: Final = (".pdf", ".eml", *IMAGES)  # beside tables only these are papers for certain


def papers(folder: Path) -> Iterator[tuple[FileProfile, Guess] | tuple[Sequence[Path], str]]:
    """Give the groups of papers of a folder and its folders as receipts, or files and why they are none."""
    for paths in _groups(folder):
        rows = [row for path in paths[:_LOOKED_AT] for row in Paper(path).rows()]
        whole = [row for row in rows if not row.problem]
        if len(whole) < max(1, _SHARE * len(rows)):
            why = Counter(row.problem for row in rows if row.problem).most_common(1)[0][0]
            yield (
                paths,
                f"a day and a total on {len(whole)} of {len(rows)} papers; most often: {why}",
            )
            continue
        profile = _profile(paths, whole)
        yield profile, Guess("receipt", _SCORE, (_reason(paths, rows, whole),), dict(COLUMNS))


def _groups(folder: Path) -> Iterator[list[Path]]:
    """Give the papers beside tables by suffix, and each folder that holds nothing but papers."""
    for suffix in sorted(_OWN):
        paths = [path for path in _visible(folder) if path.suffix.lower() == suffix]
        if paths and suffix not in IMAGES:
            yield paths
    for below in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        paths = _visible(below)
        suffixes = {path.suffix.lower() for path in paths}
        if paths and suffixes <= set(SUFFIXES) and suffixes & set(TEXTS):
            yield paths


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))


def pattern(paths: Sequence[Path]) -> str:
    """Give the pattern of a group's files, within their folder."""
    suffixes = {path.suffix for path in paths}
    return f"*{suffixes.pop()}" if len(suffixes) == 1 else "*"


def _profile(paths: Sequence[Path], rows: Sequence[Row]) -> FileProfile:
    columns = tuple(
        FileColumn(name, Counter(cell for row in rows if (cell := row.cells[at])), len(rows))
        for at, name in enumerate(Paper.names)
    )
    lines = tuple(tuple(row.cells) for row in rows)
    return FileProfile(tuple(paths), columns, len(paths), 0, form=FORM, lines=lines)


def _reason(paths: Sequence[Path], rows: Sequence[Row], whole: Sequence[Row]) -> str:
    """Say how many papers say what, and which are not sure."""
    likely = [
        path.name for path, row in zip(paths, rows, strict=False) if not row.problem and unsure(row.cells[-1])
    ]
    odd = [f"{path.name} {row.problem}" for path, row in zip(paths, rows, strict=False) if row.problem]
    reason = f"papers: {len(whole)} of {len(rows)} say a day and a total, found by rules"
    if likely:
        reason += f"; CHECK: {len(likely)} have a fact that is only likely ({_listed(likely)})"
    return reason + (f"; CHECK: not read: {_listed(odd)}" if odd else "")


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
