"""Data sets: folders whose shape says what they are, and the sources file that reads them."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.books import tables
from tools.core.errors import SourcesError, TieoutError
from tools.ledger import files
from tools.ledger.guess.dates import ISO
from tools.ledger.guess.profile import profile
from tools.ledger.guess.propose import propose
from tools.ledger.sources import Source, Sources, load, table_of

PROPOSED: ContextVar[bool] = ContextVar("proposed", default=False)

_DECLARED: Final = Path(str(resources.files("benchmarks") / "sources"))
_DEEP: Final = 3


@dataclass(frozen=True)
class DataSet:
    """One data set: its name in the report, and its folders (several are scored together)."""

    name: str
    folders: tuple[Path, ...]


def folders(root: Path) -> list[Path]:
    """Give a folder and those in it, down to the third level, in order."""
    nested = [root] if root.is_dir() else []
    for _ in range(_DEEP):
        nested += [sub for folder in nested for sub in folder.iterdir() if sub.is_dir() and sub not in nested]
    return sorted(set(nested))


def sources_for(folder: Path) -> Sources | None:
    """Give the sources that read a folder: its own file, ours that fits, or what `tieout init` proposes.

    With PROPOSED set, the proposal is taken before ours: a measure of what a new user gets.
    """
    own = folder / "sources.yaml"
    if own.is_file():
        return load(own)
    if PROPOSED.get():
        return proposed(folder)
    for path in sorted(_DECLARED.glob("*.yaml")):
        declared = load(path).at(folder)
        if fits(declared):
            return declared
    return proposed(folder)


@cache
def proposed(folder: Path) -> Sources | None:
    """Give what `tieout init` proposes for a folder, None where it holds no table."""
    try:
        text = propose(folder).text
    except TieoutError:
        return None
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "sources.yaml"
        path.write_text(text, encoding="utf-8")
        return load(path).at(folder)


def without(sources: Sources, *names: str, kind: str = "") -> Sources:
    """Give the same sources with canonical columns not read, in one kind of source or in all."""
    changed = {}
    for name, source in sources.sources.items():
        if kind in ("", source.kind):
            columns = {key: value for key, value in source.columns.items() if key not in names}
            required = [key for key in source.required or [] if key not in names] or None
            changed[name] = source.model_copy(update={"columns": columns, "required": required})
    return sources.model_copy(update={"sources": {**sources.sources, **changed}}).at(sources.base)


def fits(declared: Sources) -> bool:
    """Say whether every source finds a file with the columns that it names, written as it says."""
    for name, source in declared.sources.items():
        try:
            files_of_source = files.find(name, source, declared.base)
            columns = header(files_of_source[0])
        except SourcesError:
            return False
        if not set(files.source_columns(source)) <= set(columns) or not _has_formats(
            source, files_of_source[0]
        ):
            return False
    return True


def _has_formats(source: Source, path: Path) -> bool:
    """Say whether dates and amounts are in the source's formats: alike headers do not make them so."""
    import duckdb  # noqa: PLC0415 - only who looks into files

    with duckdb.connect() as connection:
        file_profile = profile(connection, path, source.sheet)
    if file_profile is None or not set(source.columns.values()) <= set(file_profile.names):
        return False
    for name, column in ((name, file_profile.column(column)) for name, column in source.columns.items()):
        kind = tables.CANONICAL[table_of(source.kind)].get(name)
        formats, marks = column.date_formats if kind == "DATE" else (), column.decimal_marks
        if formats and not {ISO, source.date_format} & set(formats):
            return False
        if name in ("amount", "debit", "credit") and marks and source.decimal_mark not in marks:
            return False
    return True


def header(path: Path) -> list[str]:
    """Give a CSV or Parquet file's column names."""
    import duckdb  # noqa: PLC0415 - only who looks into files

    read = (
        duckdb.read_parquet(str(path))
        if path.suffix == ".parquet"
        else duckdb.read_csv(str(path), all_varchar=True)
    )
    return list(read.columns)


def has(folder: Path, *names: str) -> bool:
    """Say whether a folder holds files of these names."""
    return all((folder / name).is_file() for name in names)
