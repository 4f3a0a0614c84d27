"""Workbooks and statements that would fill memory or never end are refused before they are read."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from tests.ledger.conftest import Reader
from tools.core.errors import SourcesError

SHEET = "xl/worksheets/sheet1.xml"
CARD = {"kind": "card", "path": "card.xlsx", "columns": {"posted_on": "date", "amount": "amount"}}
BANK = {"kind": "bank", "path": "bank.xml", "columns": {"posted_on": "posted_on", "amount": "amount"}}
MEGABYTE = b"x" * (1 << 20)


def _cell(inner: Iterable[bytes]) -> Iterable[bytes]:
    yield b"<worksheet><sheetData><row><c t='inlineStr'><is><t>"
    yield from inner
    yield b"</t></is></c></row></sheetData></worksheet>"


def _nested(deep: int) -> Iterable[bytes]:
    yield b"<worksheet>" + b"<a>" * deep + b"</a>" * deep + b"</worksheet>"


PARTS: Mapping[str, tuple[str, Callable[[], Iterable[bytes]], str]] = {
    "a cell of 30 MB": (SHEET, lambda: _cell([MEGABYTE] * 30), "TIEOUT_CELL_BYTES"),
    "a formula's attribute of 30 MB": (
        SHEET,
        lambda: [
            b"<worksheet><sheetData><row><c r='",
            *[MEGABYTE] * 30,
            b"'/></row></sheetData></worksheet>",
        ],
        "TIEOUT_CELL_BYTES",
    ),
    "a shared text of 30 MB": (
        "xl/sharedStrings.xml",
        lambda: [b"<sst><si><t>", *[MEGABYTE] * 30, b"</t></si></sst>"],
        "TIEOUT_CELL_BYTES",
    ),
    "cells in cells": (SHEET, lambda: _nested(5000), "TIEOUT_XML_DEPTH"),
    "a row without end": (
        SHEET,
        lambda: [
            b"<worksheet><sheetData><row>",
            *[b"<c/>" * 100_000] * 11,
            b"</row></sheetData></worksheet>",
        ],
        "TIEOUT_XML_ELEMENTS",
    ),
    "rows without end": (
        SHEET,
        lambda: [b"<worksheet><sheetData>", *[b"<row/>" * 100_000] * 51, b"</sheetData></worksheet>"],
        "TIEOUT_XML_RECORDS",
    ),
    "entities in entities": (
        SHEET,
        lambda: [b"<!DOCTYPE a [<!ENTITY b 'x'>]>", *_cell([b"&b;"])],
        "declares a document type",
    ),
    "styles of 30 MB": (
        "xl/styles.xml",
        lambda: [b"<styleSheet>", *[MEGABYTE] * 30, b"</styleSheet>"],
        "CELL",
    ),
}


def _workbook(path: Path, name: str, pieces: Iterable[bytes]) -> None:
    """Write a sound workbook, one part of it replaced."""
    sound = path.with_suffix(".sound")
    book = Workbook()
    book.active.append(["date", "amount"])
    book.save(sound)
    with zipfile.ZipFile(sound) as whole, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in {*whole.namelist(), name}:
            with archive.open(part, "w") as file:
                for piece in pieces if part == name else [whole.read(part)]:
                    file.write(piece)


@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_a_workbook_beyond_its_bounds_is_refused(tmp_path: Path, books: Reader, part: Any) -> None:  # noqa: ANN401 - as in PARTS
    """By file, part, limit and setting, before any of it is read."""
    name, pieces, message = part
    _workbook(tmp_path / "card.xlsx", name, pieces())
    with pytest.raises(SourcesError) as caught:
        books({"card": CARD})
    assert message in str(caught.value)
    assert "card.xlsx" in str(caught.value)


def test_a_workbook_of_very_many_parts_is_refused(tmp_path: Path, books: Reader) -> None:
    """A directory of parts is as good a bomb as a part."""
    with zipfile.ZipFile(tmp_path / "card.xlsx", "w") as archive:
        for number in range(10_001):
            archive.writestr(f"{number}", "")
    with pytest.raises(SourcesError, match="TIEOUT_ARCHIVE_PARTS"):
        books({"card": CARD})


def test_what_a_workbook_unpacks_to_is_bound(
    tmp_path: Path, books: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its parts together count, also those that no reader looks at."""
    monkeypatch.setenv("TIEOUT_UNPACKED_BYTES", "2000000")
    _workbook(tmp_path / "card.xlsx", "xl/media/picture.png", [MEGABYTE] * 3)
    with pytest.raises(SourcesError, match="TIEOUT_UNPACKED_BYTES"):
        books({"card": CARD})
    monkeypatch.setenv("TIEOUT_UNPACKED_BYTES", "20000000")
    assert books({"card": CARD}).count("txn") == 0


STATEMENTS: Mapping[str, tuple[bytes, dict[str, str], str]] = {
    "elements in elements": (b"<a>" * 5000, {}, "TIEOUT_XML_DEPTH"),
    "a text of 30 MB": (b"<a>" + MEGABYTE * 30, {}, "TIEOUT_CELL_BYTES"),
    "a tag of 30 MB": (b"<a b='" + MEGABYTE * 30, {}, "TIEOUT_CELL_BYTES"),
    "elements without end": (b"<a/>" * 1_000_001, {}, "TIEOUT_XML_ELEMENTS"),
    "entries without end": (b"<Ntry/>" * 2000, {"TIEOUT_XML_RECORDS": "1000"}, "TIEOUT_XML_RECORDS"),
    "much of it": (b"<a>x</a>" * 2000, {"TIEOUT_XML_BYTES": "9000"}, "TIEOUT_XML_BYTES"),
}


@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_a_statement_beyond_its_bounds_is_refused(
    tmp_path: Path,
    books: Reader,
    monkeypatch: pytest.MonkeyPatch,
    statement: Any,  # noqa: ANN401 - as above
) -> None:
    """Wherever in the file it grows, in its head or behind sound entries."""
    inside, limits, message = statement
    for name, value in limits.items():
        monkeypatch.setenv(name, value)
    begin = b"<Document><BkToCstmrStmt><Stmt>"
    (tmp_path / "bank.xml").write_bytes(begin + inside)
    with pytest.raises(SourcesError) as caught:
        books({"bank": BANK})
    assert message in str(caught.value)
    assert "bank.xml" in str(caught.value)
