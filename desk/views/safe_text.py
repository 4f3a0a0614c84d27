"""Text from the books is hostile: a vendor may be called `=cmd()`, `[red]` or an escape sequence."""

from __future__ import annotations

import json
import re

# C0, DEL and C1 controls; marks and overrides of writing direction; what takes no space; line and
# paragraph separators; lone surrogates; tags. The two joiners stay: names are written with them.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_UNSEEN_BUT_NEWLINE = re.compile(f"(?!\n){UNSEEN.pattern}")  # a newline in JSON text is its layout
# OWASP, "CSV Injection": these start a formula; the full-width forms too, and after blanks.
_FORMULA = re.compile("[\\s]*[=+\\-@\uff1d\uff0b\uff0d\uff20\t\r\n]")


def visible(text: object) -> str:
    r"""Write out what a terminal would obey or hide: ESC becomes `\x1b`."""
    return UNSEEN.sub(_escape_code, str(text))


def one_line(text: object) -> str:
    """Give a message on one line, safe for a terminal."""
    return visible(" ".join(str(text).split()))


def csv_text(text: str) -> str:
    """Give text as a spreadsheet may read it: a formula is quoted with an apostrophe, on one line."""
    text = " ".join(text.splitlines()) if "\n" in text else text
    return visible(f"'{text}" if _FORMULA.match(text) else text)


def json_text(value: object, *, indent: int | None = None) -> str:
    """Write JSON whose strings hold nothing that a terminal obeys; a parser reads them back exactly.

    But for lone surrogates, which no strict parser takes, in whatever spelling: they become U+FFFD.
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _UNSEEN_BUT_NEWLINE.sub(_escaped, text)


def _escape_code(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004 - one byte


def _escaped(match: re.Match[str]) -> str:
    if "\ud800" <= match[0] <= "\udfff":
        return "\ufffd"
    units = match[0].encode("utf-16-be")  # JSON escapes in these
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))
