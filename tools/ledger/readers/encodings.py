"""Which single- or double-byte encoding a text is in that is not Unicode: told by charset-normalizer."""

from __future__ import annotations

import itertools
import re
from typing import Final

from charset_normalizer import CharsetMatch, from_bytes

from tools.ledger.guess.vocabulary import letters, vocabulary

# What accounting systems and banks still write; of two that read a text alike, the first is said.
_LEGACY: Final = (
    "cp1252", "cp1250", "iso8859_2", "iso8859_15", "cp1251", "cp1253", "cp1254", "cp1257", "cp437", "cp850",
    "cp852", "cp866", "koi8_r", "cp1255", "cp1256", "cp874",
    "mac_roman", "cp932", "gb18030", "big5", "euc_kr", "euc_jp",
)  # fmt: skip
_NAMES: Final = {"cp932": "shift_jis"}
_SAMPLE: Final = 65_536  # bytes
_FEW: Final = 8  # letters beyond ASCII that a language is told by
_CLOSE: Final = 0.02  # of two texts as little disturbed as that, letters decide
_HEADS: Final = 10  # lines among which the header is
_HALF: Final = 0.5
_WORD: Final = re.compile(r"[^\W\d_]+")
_MONEY: Final = frozenset("€£§°º²\u2013\u2014\u2019\u2018“”„…·¿¡«»")
DEFAULT: Final = "cp1252"


def decided(lines: bytes) -> str:
    """Name the encoding of lines that are no UTF-8: the one in which they read as words.

    Windows-1252 where nothing speaks for another one.
    """
    if sum(byte > 127 for byte in lines[:_SAMPLE]) < _FEW and not _signs(lines.decode(DEFAULT, "replace")):  # noqa: PLR2004 - ASCII's last
        return DEFAULT
    matches = list(from_bytes(lines[:_SAMPLE], cp_isolation=list(_LEGACY)))
    if not matches:
        return _by_words(lines[:_SAMPLE]) or DEFAULT
    least = min(match.chaos for match in matches)
    close = [match for match in matches if match.chaos <= least + _CLOSE]
    return _first(min(close, key=_oddness))


def _by_words(lines: bytes) -> str | None:
    """Name the encoding in which most words of one of the first lines are ones that columns are called.

    Half-width kana of a bank's lines look like noise to whoever counts what languages write often.
    """
    heads = lines.splitlines()[:_HEADS]
    called = {name: max(_called(head, name) for head in heads) for name in _LEGACY}
    most = max(called, key=lambda name: called[name])
    return most if called[most] > _HALF else None


def _called(line: bytes, encoding: str) -> float:
    """Give the share of a line's words beyond ASCII that columns of books are called."""
    words = [word for word in _WORD.findall(line.decode(encoding, "replace")) if not word.isascii()]
    known = sum(letters(word) in vocabulary().listed for word in words)
    return known / len(words) if len(words) > 1 else 0.0


def label(encoding: str) -> str:
    """Write an encoding's name as it is known: windows-1250, cp437, shift_jis."""
    windows = encoding.startswith("cp125")
    return f"windows-{encoding[2:]}" if windows else _NAMES.get(encoding, encoding)


def _oddness(match: CharsetMatch) -> tuple[int, int, float, int]:
    """Order readings: with signs or capitals within words last, then known words, likeness to a language."""
    text = str(match)
    odd = _signs(text) + _capitals_within(text)
    return odd, -_known(text), -match.coherence, _LEGACY.index(_first(match))


def _known(text: str) -> int:
    """Count the different words beyond ASCII that columns of books are called."""
    listed = {letters(word) for word in set(_WORD.findall(text)) if not word.isascii()}
    return len(listed & vocabulary().listed)


def _signs(text: str) -> int:
    return sum(not (c.isascii() or c.isalpha() or c.isspace() or c in _MONEY) for c in text)


def _capitals_within(text: str) -> int:
    """Count capitals beyond ASCII right behind a small letter ("LibellÈ"): where no language writes one."""
    return sum(
        letter.isupper() and not letter.isascii() and before.islower()
        for before, letter in itertools.pairwise(text)
    )


def _first(match: CharsetMatch) -> str:
    alike = [name for name in _LEGACY if name in match.could_be_from_charset]
    return alike[0] if alike else match.encoding
