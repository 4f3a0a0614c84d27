"""A receipt as it lies about (PDF, mail, text, HTML, image) as one row: what it says, and where it says so.

PDFs and mails are read in a process of their own (tools.ledger.documents), images by Tesseract where it is
installed.
A paper that names no total or no day is a row with that problem: nothing is booked without.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

from tools.core import money, settings
from tools.core.child_environment import environment
from tools.ledger.documents.formats import HEAD, format_of
from tools.ledger.documents.subprocess_reader import DocumentLimits, DocumentReader
from tools.ledger.documents.worker import rows_of
from tools.ledger.papers.facts import Fact, facts
from tools.ledger.readers.row_reader import Proof, Row

# canonical column -> the column of a paper; no table has columns of these names.
COLUMNS: Final[Mapping[str, str]] = {
    "txn_id": "paper_number", "posted_on": "paper_date", "amount": "paper_total",
    "currency": "paper_currency", "vendor_name": "paper_merchant", "description": "paper_places",
}  # fmt: skip
IMAGES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
TEXTS: Final = (".pdf", ".eml", ".txt", ".text", ".html", ".htm")
SUFFIXES: Final = (*TEXTS, *IMAGES)
_SECONDS: Final = 60  # for one image
_TITLE: Final = re.compile(r"^\[([^\[\]\n]+)\]", re.MULTILINE)
_FORWARDED: Final = re.compile(r"(fwd?|wg|tr|rv|i|enc|doorst|pd)\s*:", re.IGNORECASE)
_PLAIN: Final = ("text", "html")  # have nothing to unpack
_NEEDED: Final = (("total", "names no total"), ("date", "names no day"))
_READING: Final = Lock()


class Paper:
    """One receipt."""

    names: Sequence[str] = tuple(COLUMNS.values())

    def __init__(self, path: Path) -> None:
        """Name it; nothing is read yet."""
        self._path = path
        self.notes: list[str] = []
        self.proofs: list[Proof] = []

    def rows(self) -> Iterator[Row]:
        """Give its one row. Raises OSError when it is away."""
        texts, about, problem = _texts(self._path)
        if problem:
            yield Row(1, (), problem, "\n".join(texts.values()))
            return
        name, own = _spoken(texts, about)
        lacking = [why for fact, why in _NEEDED if fact not in own]
        if lacking:
            yield Row(1, (), " and ".join(lacking), "\n".join(texts.values()))
            return
        yield Row(own["total"].line, _cells(own, name))


def is_named(columns: Mapping[str, str]) -> bool:
    """Whether a source's columns are those of papers."""
    return bool(columns) and set(columns.values()) <= set(COLUMNS.values())


def unsure(places: str) -> bool:
    """Whether what a row says of its places has a fact that is only likely."""
    return "(likely)" in places


def _spoken(texts: Mapping[str, str], about: Mapping[str, str]) -> tuple[str, dict[str, Fact]]:
    """Give what the first text with a day and a total says, and its name; a mail's day may be its own."""
    tried: list[tuple[str, dict[str, Fact]]] = []
    for sent in dict.fromkeys(("", about.get("sent", ""))):
        for name, text in texts.items():
            sender = "" if name else about.get("sender", "")
            tried.append((name, facts(text, sent_by=sender, sent_on=sent)))
    whole = [entry for entry in tried if all(fact in entry[1] for fact, _ in _NEEDED)]
    return (whole or tried)[0]


def _cells(own: Mapping[str, Fact], of: str) -> list[str]:
    value = {name: fact.value for name, fact in own.items()}
    places = "; ".join(
        f"{name} line {fact.line} ({'sure' if fact.is_sure else 'likely'})" for name, fact in own.items()
    )
    places = f"{places} of {of}" if of else places
    places_ = money.exponent(value.get("currency", "USD"))
    total = Decimal(value["total"])
    amount = f"{total:.{places_}f}" if total == round(total, places_) else str(total)
    named = (value.get(name, "") for name in ("currency", "merchant"))
    return [value.get("number", ""), value["date"], amount, *named, places]


def _texts(path: Path) -> tuple[dict[str, str], dict[str, str], str]:
    """Give a paper's texts by name ("" its own), who sent it and when, and the problem with it, if any."""
    if path.suffix.lower() in IMAGES:
        text, problem = _image_text(path)
        return {"": text}, {}, problem
    with path.open("rb") as file:
        data = file.read()
    form = format_of(path, data[:HEAD]) or "text"
    if form in _PLAIN and len(data) <= _reader().limits.size:
        rows = rows_of(form, data)
    else:
        with _READING:
            rows, _ = _reader().read(form, data)
    row: dict[str, Any] = rows[0] if rows else {"problem": "holds no text"}
    if row.get("problem"):
        return {"": str(row.get("raw") or "")}, {}, str(row["problem"])
    if form == "mail":
        return {**_attached(row["attachments"]), "": row["body"]}, _about(row), ""
    return {"": str(row.get("text") or "").strip()}, {}, ""


def _attached(attachments: str) -> dict[str, str]:
    """Give the text of what was attached to a mail, by its name."""
    parts = _TITLE.split(attachments)[1:]
    texts = {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}
    return {name: text for name, text in texts.items() if text}


def _about(row: Mapping[str, Any]) -> dict[str, str]:
    """Say who sent a mail and when; whoever forwards a receipt did not write it."""
    name, address = parseaddr(row.get("sender") or "")
    sender = "" if _FORWARDED.match(row.get("subject") or "") else name or address.partition("@")[2]
    return {"sender": sender, "sent": str(row.get("sent") or "")[:10]}


def _image_text(path: Path) -> tuple[str, str]:
    """Give the text of an image."""
    program = shutil.which("tesseract")
    if program is None:
        return "", "is an image: it is read where Tesseract is installed"
    command = [program, str(path.resolve()), "stdout"]
    try:
        run = subprocess.run(  # noqa: S603 - a program of the machine, and a file of the source
            command, capture_output=True, timeout=_SECONDS, check=False, env=environment()
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", f"is an image that Tesseract could not read within {_SECONDS} s"
    text = run.stdout.decode("utf-8", "replace").strip()
    return text, "" if text else "is an image in which Tesseract sees no text"


@cache
def _reader() -> DocumentReader:
    """Give the process that reads documents, started with the first; it ends with this one."""
    return DocumentReader(DocumentLimits.of(settings.load()))
