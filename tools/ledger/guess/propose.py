"""`tieout init FOLDER`: propose a sources file from what lies in a folder, with the reason for each guess."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, Final

from tools.books.engine import Books
from tools.core.clock import clock
from tools.core.errors import SourcesError, UsageError
from tools.core.settings import Settings
from tools.ledger.guess import receipts, signs
from tools.ledger.guess.entity import entity_of, set_blank_currencies
from tools.ledger.guess.flow_names import flows
from tools.ledger.guess.looked_at import TABLES, is_no_book, look, place
from tools.ledger.guess.pair_guess import PairGuess
from tools.ledger.guess.pairs import pairs
from tools.ledger.guess.profile import FileProfile
from tools.ledger.guess.source_draft import SourceDraft
from tools.ledger.guess.source_drafts import draft_sources, newest, set_place
from tools.ledger.guess.source_kind import Guess
from tools.ledger.guess.unplaced import unplaced
from tools.ledger.guess.yaml_writer import render
from tools.ledger.readers.file_format import FIXED
from tools.ledger.reading import read
from tools.ledger.sources import Sources
from tools.ledger.window import Window

FILE_NAME: Final = "sources.yaml"
_SHOWN: Final = 5  # folders that a message names


@dataclass(frozen=True)
class SourcesProposal:
    """A proposed sources file: its text, and what became of each file."""

    text: str
    sources: dict[str, str]  # name -> kind
    aside: dict[str, str]  # file -> why it is not used
    not_read: dict[str, str] = field(default_factory=dict)  # file -> why nothing reads it

    @property
    def checks(self) -> list[str]:
        """The lines that need somebody's eye."""
        return [
            line.strip() for line in self.text.splitlines() if "CHECK" in line and not line.startswith("#")
        ]


def propose(
    folder: Path, settings: Settings | None = None, *, to: Path | None = None, at: str = ""
) -> SourcesProposal:
    """Look at the tables in `folder` and propose a sources file for them, to be written at `to`.

    at: the URL of a bucket's folder that `folder` shows.

    Kinds and columns are told by names and values, formats by values, signs and pairs by what a first
    reading shows. Raises SourcesError when the folder holds no table.
    """
    settings = settings or Settings()
    looked, aside, not_read = look(folder)
    looked += _receipts(folder, aside)
    guesses = [(file, guess) for file, guess in looked if guess]
    drafts, rivals = _select(draft_sources(guesses, folder), looked)
    aside |= rivals
    for file, guess in looked:
        if guess is None and not is_no_book(file):
            not_read[place(file, folder)] = unplaced(file)
        elif guess is None:
            aside[place(file, folder)] = "its name says that it is no book"
    if not drafts:
        drafts = _tables([file for file, _ in looked], folder)
    if not drafts:
        raise _nothing(folder, aside | not_read)
    entity = entity_of(folder, drafts)
    set_blank_currencies(drafts, str(entity["currency"][0]))
    pair_guesses = _try(folder, entity, drafts, settings)
    to = to or folder / FILE_NAME
    way = at.rstrip("/") or os.path.relpath(folder, to.parent)
    for draft in drafts:
        draft.path = f"{way}/{draft.path}" if at else PurePath(way, draft.path).as_posix()
    text = render(str(to), entity, drafts, pair_guesses, aside=aside, not_read=not_read)
    return SourcesProposal(text, {draft.name: draft.kind for draft in drafts}, aside, not_read)


def _receipts(folder: Path, aside: dict[str, str]) -> list[tuple[FileProfile, Guess | None]]:
    """Look at the papers of a folder; say of those that are no receipts why."""
    looked: list[tuple[FileProfile, Guess | None]] = []
    for group, verdict in receipts.papers(folder):
        if isinstance(group, FileProfile) and isinstance(verdict, Guess):
            looked.append((group, verdict))
            paths: Sequence[Path] = group.paths
        else:
            paths = group if not isinstance(group, FileProfile) else group.paths
        for path in paths:
            aside.pop(path.relative_to(folder).as_posix(), None)
            if isinstance(verdict, str):
                aside[path.relative_to(folder).as_posix()] = verdict
    return looked


def write(proposal: SourcesProposal, path: Path) -> None:
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


def _nothing(folder: Path, not_read: Mapping[str, str]) -> SourcesError:
    if not_read:
        listed = "; ".join(f"{name}: {why}" for name, why in sorted(not_read.items())[:_SHOWN])
        return SourcesError("holds nothing that can be read.", place=str(folder), remedy=listed)
    return SourcesError(
        "holds no table: no CSV, Parquet or XLSX file, and no bank statement.",
        place=str(folder),
        remedy=_instead(folder),
    )


def _instead(folder: Path) -> str:
    """Say what to do about a folder without a table: where tables lie, or what to save otherwise."""
    deeper = {p.parent for p in folder.glob("*/**/*") if p.suffix.lower() in TABLES}
    if deeper:
        return f"There are in {', '.join(sorted(map(str, deeper))[:_SHOWN])}: name one of these folders."
    return f"There are: {', '.join(sorted(p.name for p in folder.iterdir())) or 'no files'}."


def _select(
    drafts: list[SourceDraft], looked: Sequence[tuple[FileProfile, Guess | None]]
) -> tuple[list[SourceDraft], dict[str, str]]:
    """Keep one source of each supporting kind, the surest; say why the other files are not used."""
    aside: dict[str, str] = {}
    scores = {file.place: guess.score for file, guess in looked if guess}
    selection: list[SourceDraft] = []
    for draft in drafts:
        rivals = [rival for rival in drafts if rival.kind == draft.kind and not draft.is_transactions]
        best = max(rivals, key=lambda rival: scores[rival.file.place], default=draft)
        if best is draft:
            selection.append(draft)
        else:
            aside[draft.file.place] = f"{best.file.place} is more of a {draft.kind}"
    for draft in selection:
        if sum(rival.kind == draft.kind for rival in selection) == 1:
            draft.name = draft.kind
    return selection, aside


def _tables(looked: Sequence[FileProfile], folder: Path) -> list[SourceDraft]:
    """Take files that are nothing in particular as tables, for the tests that need no postings."""
    drafts: list[SourceDraft] = []
    for file in looked:
        path = file.paths[0]
        if any(draft.file.paths[0] == path for draft in drafts):
            continue  # a further sheet
        slug = re.sub(r"[^a-z0-9]+", "_", path.stem.casefold()).strip("_") or "table"
        name = slug if slug[0].isalpha() else f"table_{slug}"
        draft = SourceDraft(name, "table", path.relative_to(folder).as_posix(), file, {})
        draft.why["kind"] = "it has no columns of postings; cells are tested as they are"
        set_place(draft)
        drafts.append(draft)
    return drafts


def _try(
    folder: Path, entity: dict[str, tuple[Any, str]], drafts: Sequence[SourceDraft], settings: Settings
) -> list[PairGuess]:
    """Read the files as drafted, and look in the rows for signs and pairs; note what could not be read."""
    with TemporaryDirectory() as scratch:
        _read(folder, entity, drafts, settings, Path(scratch) / "first")
        with Books.open(Path(scratch) / "first", settings) as books:
            _note_rejected(books, drafts)
            turned = _turn(books, drafts)
        if not turned:
            with Books.open(Path(scratch) / "first", settings) as books:
                return pairs(books, drafts)
        _read(folder, entity, drafts, settings, Path(scratch) / "second")
        with Books.open(Path(scratch) / "second", settings) as books:
            return pairs(books, drafts)


def _read(
    folder: Path,
    entity: dict[str, tuple[Any, str]],
    drafts: Sequence[SourceDraft],
    settings: Settings,
    to: Path,
) -> None:
    value = {
        "entity": {key: setting for key, (setting, _) in entity.items()},
        "sources": {draft.name: draft.as_source() for draft in drafts},
    }
    sources = Sources.model_validate(value).at(folder)
    last = newest(drafts)
    today = clock().now().date()
    read(sources, Window({}, max(today, last or today)), settings, to)


def _turn(books: Books, drafts: Sequence[SourceDraft]) -> bool:
    """Negate the banks whose amounts go the other way; say whether there are any."""
    any_turned = False
    for draft in drafts:
        if draft.file.form in FIXED:
            continue  # the format says which way money goes
        if draft.kind != "bank" or draft.proof or "negate_where" in draft.options:
            continue
        if "amount" in draft.columns:
            is_turned, why = signs.is_negated(books, draft.name)
        elif flows(draft.file):
            continue  # money out and money in are called so
        else:
            is_turned, why = signs.sides_turned(books, draft.name)
        draft.options["sign"] = "negate" if is_turned else "as_is"
        draft.why["sign"] = why
        any_turned = any_turned or is_turned
    return any_turned


def _note_rejected(books: Books, drafts: Sequence[SourceDraft]) -> None:
    rows = books.rows("SELECT source, count(*) AS rows, min(reason) AS reason FROM rejected GROUP BY source")
    for row in rows:
        draft = next(draft for draft in drafts if draft.name == row["source"])
        count = f"{row['rows']:,} of {draft.file.rows:,} rows cannot be read"
        draft.why["path"] = f"{count}, such as {row['reason']}"
