"""Text out of a PDF, page by page, within limits."""

from __future__ import annotations

import io
import logging
from typing import Any, Final

import pypdf
from pypdf.errors import PyPdfError

from tools.ledger.documents.plain import MOST, tidy

_UNPACKED: Final = 32 << 20  # bytes that one stream of a PDF may unpack to
_LIMITS: Final = {
    "zlib_maximum_output_length": _UNPACKED,
    "lzw_maximum_output_length": _UNPACKED,
    "run_length_maximum_output_length": _UNPACKED,
    "brotli_maximum_output_length": _UNPACKED,
    "array_based_stream_maximum_output_length": _UNPACKED,
    "stream_parsing_work_maximum_count": 500_000,
}


def pdf(data: bytes, pages: int = 500) -> dict[str, Any]:
    """Read a PDF's title, day and the text of its first `pages`, apart by a blank line; say where it stops.

    Raises ValueError saying why it cannot be read.
    """
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if b"%PDF-" not in data[:1024]:
        raise ValueError("is no PDF")
    try:
        reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ValueError("is encrypted")
        with pypdf.apply_configuration(None, **_LIMITS):
            text = _text(reader, pages)
        about = reader.metadata
        metadata = (about.title or "", about.creation_date_raw or "") if about else ("", "")
    except (PyPdfError, NotImplementedError) as error:
        why = "is encrypted" if "crypt" in str(error).lower() else f"is broken: {_short(error)}"
        raise ValueError(why) from None
    if not text:
        raise ValueError("holds no text (a scan, perhaps)")
    return {"title": tidy(str(metadata[0]))[:300], "dated": _day(str(metadata[1])), "text": text}


def _text(reader: pypdf.PdfReader, pages: int) -> str:
    parts, length = [], 0
    for number, page in enumerate(reader.pages):
        if number >= pages:
            parts.append(f"[only {pages} pages were read: TIEOUT_DOCUMENT_PAGES]")
            break
        if length > MOST:
            break
        parts.append(tidy(page.extract_text()))
        length += len(parts[-1])
    return "\n\n".join(part for part in parts if part)[:MOST]


def _day(raw: str) -> str | None:
    """Read "D:20250317..." as an ISO day."""
    digits = raw.removeprefix("D:")[:8]
    whole = 8
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if len(digits) == whole and digits.isdigit() else None


def _short(error: Exception) -> str:
    return tidy(str(error)).split("\n")[0][:120] or type(error).__name__
