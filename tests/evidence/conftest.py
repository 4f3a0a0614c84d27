"""Mails, calendars and PDFs as bytes, good and hostile, and what a reading makes of them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from datetime import date
from email.message import EmailMessage
from pathlib import Path

import pytest

from tools.books.engine import Books
from tools.core.settings import Settings
from tools.ledger import Window, read
from tools.ledger.declaration import Sources

ReadFiles = Callable[..., Books]


def mail_bytes(body: str = "Approved.", **headers: str) -> bytes:
    """Make one plain mail; `message_id`, `subject` and so on are its headers."""
    message = EmailMessage()
    fields = {
        "message_id": "<m1@desk.example>",
        "date": "Sat, 08 Mar 2025 09:00:00 +0000",
        "from": "Omar Reyes <omar@desk.example>",
        "to": "dana@desk.example",
        "subject": "INV-0077",
    } | headers  # fmt: skip
    for name, value in fields.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message.as_bytes()


def pdf_bytes(text: str = "Invoice INV-0077", *, more: Mapping[str, bytes] | None = None) -> bytes:
    """Make a PDF of one page with one line of text; `more`: entries of its trailer."""
    line = text.replace("(", "[").replace(")", "]").encode("latin-1", "replace")
    return raw_pdf(b"BT /F1 12 Tf 40 700 Td (" + line + b") Tj ET", more=more)


def raw_pdf(content: bytes, *, packed: bool = False, more: Mapping[str, bytes] | None = None) -> bytes:
    """Make a PDF of one page out of the bytes of its content stream."""
    stream = zlib.compress(content, 9) if packed else content
    filter_entry = b" /Filter /FlateDecode" if packed else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d%b >>\nstream\n%b\nendstream" % (len(stream), filter_entry, stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    pdf, places = bytearray(b"%PDF-1.4\n"), []
    for number, value in enumerate(objects, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj\n%b\nendobj\n" % (number, value)
    start = len(pdf)
    pdf += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in places)
    extra = b" ".join(b"/%b %b" % (name.encode(), value) for name, value in (more or {}).items())
    pdf += b"trailer\n<< /Size 6 /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n" % (extra, start)
    return bytes(pdf)


@pytest.fixture
def read_files(tmp_path: Path) -> ReadFiles:
    """Give a function that writes files, reads them as one source, and opens the snapshot."""

    def read_as(
        kind: str,
        files: Mapping[str, bytes],
        *,
        run: str = "run",
        timezone: str = "UTC",
        **more: object,
    ) -> Books:
        for name, data in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        source = {"kind": kind, "path": "in/**/*", **more}
        declared = Sources.model_validate(
            {"entity": {"name": "Test Ltd", "timezone": timezone}, "sources": {"papers": source}}
        ).at(tmp_path)
        settings = Settings(engine_threads=1, DATABASE_URL="sqlite://", DOCUMENTS_URL=str(tmp_path / "index"))
        read(declared, Window({}, date(2030, 1, 1)), settings, tmp_path / run / "snapshot")
        return Books.open(tmp_path / run / "snapshot", settings)

    return read_as
