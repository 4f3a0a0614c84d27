"""Text out of bytes and out of HTML, whatever charset they claim."""

from __future__ import annotations

import codecs
import re
from html.parser import HTMLParser
from typing import Final

MOST: Final = 1_000_000  # characters that are kept of one document
_UNSEEN: Final = frozenset(("script", "style", "head", "title", "template", "noscript"))
_BREAKS: Final = frozenset(
    "address blockquote br dd div dl dt h1 h2 h3 h4 h5 h6 hr li ol p pre table tr ul".split()
)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE
)
_VOID: Final = frozenset("area base br col embed hr img input link meta source track wbr".split())
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANK: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r"\n{3,}")
_MARKS: Final = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ODD: Final = frozenset((*range(9), *range(14, 32)))
_BINARY: Final = 0.3  # share of control characters above which bytes are no text


def text_of(data: bytes, charset: str | None = None) -> str:
    """Decode bytes: by their mark, as UTF-8, in the charset that they claim, else as Windows-1252."""
    if data.startswith(_MARKS):
        return data.decode("utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-16", "replace")
    for name in ("utf-8", charset, "cp1252"):
        try:
            return data.decode(name or "ascii")
        except (LookupError, ValueError):  # ValueError: bytes that the charset has not
            continue
    return data.decode("latin-1")


def is_binary(data: bytes) -> bool:
    """Whether bytes are no text in any charset."""
    head = data[:4096]
    if head.startswith(_MARKS):
        return False
    odd = sum(byte in _ODD for byte in head)
    return odd > _BINARY * max(1, len(head)) or b"\0" in head


def tidy(text: str) -> str:
    """Drop what a reader would not see (controls, zero-width marks), and keep at most MOST characters."""
    cut = text[: 2 * MOST].encode("utf-8", "replace").decode()  # half a character that a charset may give
    shown = _CONTROL.sub("", cut.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n"))
    lines = (_BLANK.sub(" ", line).strip() for line in shown.split("\n"))
    return _LINES.sub("\n\n", "\n".join(lines)).strip()[:MOST]


def html_text(html: str) -> str:
    """Give the text that a reader of the page would see."""
    reader = _VisibleText()
    reader.feed(html[: 4 * MOST])
    reader.close()
    return tidy("".join(reader.parts))


class _VisibleText(HTMLParser):
    """Collects what is shown: no scripts, no styles, nothing hidden."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self._quotes = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Break lines, and note what is hidden from here on."""
        self._quotes += tag == "blockquote"
        self._break(tag)
        style = dict(attrs).get("style") or ""
        hides = tag in _UNSEEN or _HIDDEN.search(style) or "hidden" in dict(attrs)
        if tag not in _VOID and (hides or self._hidden):
            self._hidden.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Show again what follows a hidden part."""
        if tag in self._hidden:
            del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
        self._quotes -= tag == "blockquote" and self._quotes > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        """Keep what is shown; of what is quoted each line with its mark."""
        if not self._hidden:
            self.parts.append(" ".join(data.splitlines()) if self._quotes else data)

    def _break(self, tag: str) -> None:
        if tag in _BREAKS:
            self.parts.append("\n> " if self._quotes and not self._hidden else "\n")
