"""Numbers of documents (invoices, references) as they stand in longer texts: in words, however parted.

"RE 2025/0117" and "RE-2025-0117" are one number, RE20250117.
"""

from __future__ import annotations

import re
from typing import Final

WORD: Final = re.compile(r"[^\W_]+")
MOST_WORDS: Final = 4  # of which a number is written at most: RE 2025 / 0117
SHORTEST: Final = 4  # letters and digits: fewer stand in any text
_YEAR: Final = re.compile(r"(19|20)\d\d")


def plain(number: str) -> str:
    """Give a number's letters and digits alone, in capitals."""
    return "".join(WORD.findall(number.upper()))


def identifies(plain_number: str) -> bool:
    """Whether a number stands in a text by no accident: it has digits, is long enough, and is no year."""
    return (
        len(plain_number) >= SHORTEST
        and any(map(str.isdigit, plain_number))
        and not _YEAR.fullmatch(plain_number)
    )
