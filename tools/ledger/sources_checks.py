"""A sources file held against itself: each refusal names the file, the line, the key and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from tools.books import tables
from tools.core.errors import SourcesError
from tools.core.refusal_text import expected
from tools.ledger.declaration import Entity, Pair, Sources
from tools.ledger.source import Source, columns_of
from tools.ledger.suggest import remedy_of
from tools.ledger.warehouse import location
from tools.ledger.yamlfile import YamlFile

# What says how a text file or a workbook is laid out.
_OF_FILES: Final = (
    "delimiter", "skip_lines", "names", "sheet", "leave_out", "fill_down", "text_below", "headings",
    "overlapping",
    "both_sides",
)  # fmt: skip


def check(file: YamlFile, sources: Sources) -> None:
    """Check names that have to fit each other. Raises SourcesError for the first that does not."""
    for name, source in sources.sources.items():
        _check_place(file, name, source)
        if source.kind != "table":
            _check_columns(file, name, source)
    postings = [name for name, source in sources.sources.items() if source.is_transactions]
    for index, pair in enumerate(sources.pairs):
        _check_pair(file, index, pair, postings)
        if pair.name in [earlier.name for earlier in sources.pairs[:index]]:
            raise SourcesError(f"'{pair.name}' names two pairs.", place=file.place(["pairs", index, "name"]))


def refusal(file: YamlFile, error: ValidationError) -> SourcesError:
    """Say what pydantic refuses, as an error of ours that repeats nothing of the file but its keys."""
    # A key that is not known is the likelier slip than the one that is missing for it.
    first = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    place = [part for part in first["loc"] if part != "[key]"]
    if first["type"] == "extra_forbidden":
        return SourcesError(
            "there is no such key.", place=file.place(place), remedy=remedy_of(str(place[-1]), _keys(place))
        )
    if first["type"] == "missing":
        return SourcesError("is missing.", place=file.place(place))
    return SourcesError(expected(first), place=file.place(place))


def _keys(place: list[Any]) -> list[str]:
    parts: dict[str, type[BaseModel]] = {"entity": Entity, "sources": Source, "pairs": Pair}
    model = parts.get(str(place[0]), Sources) if len(place) > 1 else Sources
    return list(model.model_fields)


def _check_place(file: YamlFile, name: str, source: Source) -> None:
    """Check that a source says once where its rows are. Raises SourcesError."""
    place = ["sources", name]
    if not source.path and not source.url:
        raise SourcesError(
            "is missing.", place=file.place([*place, "path"]), remedy="Name a file, or a database by its url."
        )
    if source.path and source.url:
        raise SourcesError("has a path already.", place=file.place([*place, "url"]), remedy="Take one out.")
    if source.url is None:
        for key in ("table", "query"):
            if getattr(source, key) is not None:
                raise SourcesError(
                    "is of a database.", place=file.place([*place, key]), remedy="Say which: url."
                )
    elif source.table and source.query:
        raise SourcesError(
            "has a table already.", place=file.place([*place, "query"]), remedy="Take one out."
        )
    elif not source.table and not source.query and not location.is_lake(source.url):
        raise SourcesError(
            "names no table.", place=file.place([*place, "url"]), remedy="Say table, or query."
        )
    for key in _OF_FILES if source.url else ():
        if key in source.model_fields_set:
            raise SourcesError("is of files, and this is a database.", place=file.place([*place, key]))


def _check_columns(file: YamlFile, name: str, source: Source) -> None:
    columns = columns_of(source.kind)
    place = ["sources", name, "columns"]
    for column in source.columns:
        if column not in columns:
            raise SourcesError(
                f"a source of kind {source.kind} has no such column.",
                place=file.place([*place, column]),
                remedy=remedy_of(column, columns),
            )
    _check_needed(file, place, source)
    for column in source.required or []:
        if column not in source.filled():
            raise SourcesError(
                f"'{column}' is required but no column is mapped to it.",
                place=file.place(["sources", name, "required"]),
                remedy=remedy_of(column, sorted(source.filled())),
            )


def _check_needed(file: YamlFile, place: list[str], source: Source) -> None:
    needed = ("posted_on", "amount") if source.is_transactions else ()
    for column in needed:
        if column not in source.filled():
            raise SourcesError(
                f"maps no {column}.",
                place=file.place(place),
                remedy=f"Say which column of {source.place} it is.",
            )
    if not source.columns and not (source.path and source.is_document(source.path)):
        raise SourcesError(
            "maps nothing.", place=file.place(place), remedy=remedy_of("", columns_of(source.kind))
        )


def _check_pair(file: YamlFile, index: int, pair: Pair, postings: Sequence[str]) -> None:
    for side in ("left", "right"):
        source = getattr(pair, side)
        if source not in postings:
            raise SourcesError(
                f"'{source}' is no source of transactions.",
                place=file.place(["pairs", index, side]),
                remedy=remedy_of(source, postings),
            )
    for key in ("left_where", "right_where", "required_for"):
        for column in getattr(pair, key):
            if column not in tables.TXN:
                raise SourcesError(
                    "there is no such canonical column.",
                    place=file.place(["pairs", index, key, column]),
                    remedy=remedy_of(column, columns_of("card")),
                )
