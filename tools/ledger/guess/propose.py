"""`tieout init FOLDER`: propose a sources file from what lies in a folder, with the reason for each guess."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, Final

import duckdb

from tools.books.engine import Books
from tools.core.clock import clock
from tools.core.errors import SourcesError, UsageError
from tools.core.settings import Settings
from tools.ledger.guess import signs
from tools.ledger.guess.non_postings import leave_out
from tools.ledger.guess.pairs import PairGuess, pairs
from tools.ledger.guess.profile import TEXT_SUFFIXES, FileProfile, profiles
from tools.ledger.guess.source_draft import Draft
from tools.ledger.guess.source_drafts import drafts, newest, set_place
from tools.ledger.guess.source_kind import Guess, guess
from tools.ledger.guess.yaml_writer import written
from tools.ledger.readers.open_file import STATEMENTS, SUFFIXES
from tools.ledger.reading import read
from tools.ledger.sources import Sources
from tools.ledger.window import Window

FILE_NAME: Final = "sources.yaml"
_OLD: Final = (".xls", ".xlsb", ".ods", ".numbers")
_OR_LOCKED: Final = ", or is not what its suffix says: a password?"
_SHOWN: Final = 5  # folders that a message names
_ARCHIVED: Final = timedelta(days=45)  # newest posting this far from today: the books are archived
_COUNTRIES: Final = {
    "GBP": "GB",
    "CAD": "CA",
    "AUD": "AU",
    "CHF": "CH",
    "JPY": "JP",
    "SEK": "SE",
    "PLN": "PL",
}


@dataclass(frozen=True)
class Proposal:
    """A proposed sources file: its text, and what became of each file."""

    text: str
    sources: dict[str, str]  # name -> kind
    aside: dict[str, str]  # file -> why it is not used


def propose(folder: Path, settings: Settings | None = None, *, to: Path | None = None) -> Proposal:
    """Look at the tables in `folder` and propose a sources file for them, to be written at `to`.

    Kinds and columns are told by names and values, formats by values, signs and pairs by what a first
    reading shows. Raises SourcesError when the folder holds no table.
    """
    settings = settings or Settings()
    looked, empty = _look(folder)
    known = [(file, one) for file, one in looked if one]
    made, aside = _chosen(drafts(known, folder), looked)
    with duckdb.connect() as connection:
        for one in made:
            leave_out(connection, one, folder)
    if not made:
        made = _tables(looked, folder)
        aside = {}
    aside |= {name: "it holds no rows" + ("" if _is_text(name) else _OR_LOCKED) for name in empty}
    entity = _entity(folder, made)
    found = _try(folder, entity, made, settings)
    to = to or folder / FILE_NAME
    way = os.path.relpath(folder, to.parent)
    for one in made:
        one.path = PurePath(way, one.path).as_posix()
    text = written(str(to), entity, made, found, aside)
    return Proposal(text, {one.name: one.kind for one in made}, aside)


def write(proposal: Proposal, path: Path) -> None:
    """Write it where nothing is yet. Raises UsageError when there is something: never written over."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(proposal.text)
    except FileExistsError:
        raise UsageError(
            "is there already; nothing was written.", place=str(path), remedy="Name another file."
        ) from None
    except OSError as error:
        raise UsageError(f"cannot be written: {error.strerror}.", place=str(path)) from None


def _look(folder: Path) -> tuple[list[tuple[FileProfile, Guess | None]], list[str]]:
    """Profile each file and guess what it is; give the names of those without rows, too."""
    if not folder.is_dir():
        raise SourcesError("is no folder.", place=str(folder), remedy="Name one that holds your files.")
    suffixes = (*TEXT_SUFFIXES, *SUFFIXES)
    paths = [p for p in sorted(folder.iterdir()) if p.is_file() and p.suffix.lower() in suffixes]
    if not paths:
        raise SourcesError(
            "holds no table: no CSV, Parquet or XLSX file, and no bank statement.",
            place=str(folder),
            remedy=_instead(folder, suffixes),
        )
    with duckdb.connect() as connection:
        found = [one for path in paths for one in profiles(connection, path) if one.rows]
    if not found:
        raise SourcesError(
            "holds no file with rows.",
            place=str(folder),
            remedy=f"Looked at: {', '.join(p.name for p in paths)}.",
        )
    filled = {path for one in found for path in one.paths}
    return [(one, guess(one)) for one in found], [path.name for path in paths if path not in filled]


def _is_text(name: str) -> bool:
    return PurePath(name).suffix.lower() in TEXT_SUFFIXES


def _instead(folder: Path, suffixes: Sequence[str]) -> str:
    """Say what to do about a folder without a table: where tables lie, or what to save otherwise."""
    deeper = {p.parent for p in folder.glob("*/**/*") if p.suffix.lower() in suffixes}
    if deeper:
        return f"There are in {', '.join(sorted(map(str, deeper))[:_SHOWN])}: name one of these folders."
    names = sorted(p.name for p in folder.iterdir())
    other = any(name.lower().endswith(_OLD) for name in names)
    save = " Save workbooks as .xlsx or CSV." if other else ""
    return f"There are: {', '.join(names) or 'no files'}.{save}"


def _chosen(
    made: list[Draft], looked: Sequence[tuple[FileProfile, Guess | None]]
) -> tuple[list[Draft], dict[str, str]]:
    """Keep one source of each supporting kind, the surest; say why the other files are not used."""
    aside = {file.place: "nothing says what it is" for file, one in looked if not one}
    scores = {file.place: one.score for file, one in looked if one}
    kept: list[Draft] = []
    for one in made:
        rivals = [other for other in made if other.kind == one.kind and not one.is_transactions]
        best = max(rivals, key=lambda other: scores[other.file.place], default=one)
        if best is one:
            kept.append(one)
        else:
            aside[one.file.place] = f"{best.file.place} is more of a {one.kind}"
    for one in kept:
        if sum(other.kind == one.kind for other in kept) == 1:
            one.name = one.kind
    return kept, aside


def _tables(looked: Sequence[tuple[FileProfile, Guess | None]], folder: Path) -> list[Draft]:
    """Take files that are nothing in particular as tables, for the tests that need no postings."""
    made: list[Draft] = []
    for file, _ in looked:
        path = file.paths[0]
        if any(other.file.paths[0] == path for other in made):
            continue  # a further sheet
        slug = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "table"
        name = slug if slug[0].isalpha() else f"table_{slug}"
        one = Draft(name, "table", path.relative_to(folder).as_posix(), file, {})
        one.why["kind"] = "it has no columns of postings; cells are tested as they are"
        set_place(one)
        made.append(one)
    return made


def _entity(folder: Path, made: Sequence[Draft]) -> dict[str, tuple[Any, str]]:
    name = re.sub(r"[\W_]+", " ", folder.resolve().name).strip().title() or "Books"
    said = [*_in_columns(made), *(one.options["currency"] for one in made if "currency" in one.options)]
    currency = Counter(said).most_common(1)[0][0] if said else "USD"
    entity: dict[str, tuple[Any, str]] = {"name": (name, "the folder's name")}
    entity["currency"] = (currency, "as the files say" if said else "CHECK: no file says it")
    if said and currency in _COUNTRIES:
        entity["country"] = (_COUNTRIES[currency], "the currency's; its public holidays are closing days")
    last, today = newest(made), clock().now().date()
    if last and abs(last - today) > _ARCHIVED:
        entity["as_of"] = (last, "the newest posting; leave it out when the books are live")
    return entity


def _in_columns(made: Sequence[Draft]) -> list[str]:
    """Give the commonest currency of each source that has a column of them: of postings, else of others."""
    said = []
    for one in [one for one in made if one.is_transactions] or made:
        if "currency" in one.columns:
            values = one.file.column(one.columns["currency"]).values
            said.append(max(values, key=lambda value: values[value], default="").upper())
    return [code for code in said if re.fullmatch("[A-Z]{3}", code)]


def _try(
    folder: Path, entity: dict[str, tuple[Any, str]], made: Sequence[Draft], settings: Settings
) -> list[PairGuess]:
    """Read the files as drafted, and look in the rows for signs and pairs; note what could not be read."""
    with TemporaryDirectory() as scratch:
        _read(folder, entity, made, settings, Path(scratch) / "first")
        with Books.open(Path(scratch) / "first", settings) as books:
            _note_rejected(books, made)
            turned = _turn(books, made)
        if not turned:
            with Books.open(Path(scratch) / "first", settings) as books:
                return pairs(books, made)
        _read(folder, entity, made, settings, Path(scratch) / "second")
        with Books.open(Path(scratch) / "second", settings) as books:
            return pairs(books, made)


def _read(
    folder: Path, entity: dict[str, tuple[Any, str]], made: Sequence[Draft], settings: Settings, to: Path
) -> None:
    value = {
        "entity": {key: held for key, (held, _) in entity.items()},
        "sources": {one.name: one.as_source() for one in made},
    }
    sources = Sources.model_validate(value).at(folder)
    last = newest(made)
    today = clock().now().date()
    read(sources, Window({}, max(today, last or today)), settings, to)


def _turn(books: Books, made: Sequence[Draft]) -> bool:
    """Negate the banks whose amounts go the other way; say whether there are any."""
    any_turned = False
    for one in made:
        if one.file.paths[0].suffix.lower() in STATEMENTS:
            continue  # the format says which way money goes
        if one.kind == "bank" and "amount" in one.columns and "negate_where" not in one.options:
            is_turned, why = signs.turned(books, one.name)
            one.options["sign"] = "negate" if is_turned else "as_is"
            one.why["sign"] = why
            any_turned = any_turned or is_turned
    return any_turned


def _note_rejected(books: Books, made: Sequence[Draft]) -> None:
    rows = books.rows("SELECT source, count(*) AS rows, min(reason) AS reason FROM rejected GROUP BY source")
    for row in rows:
        one = next(one for one in made if one.name == row["source"])
        count = f"{row['rows']:,} of {one.file.rows:,} rows cannot be read"
        one.why["path"] = f"{count}, such as {row['reason']}"
