"""Missing values: what people and systems write in a cell where there is nothing.

Defined here for every reader. A test's query binds the same words as `$missing`, each between bars:
`strpos($missing, '|' || lower(x) || '|') > 0`.
"""

from __future__ import annotations

from typing import Final

# Nothing, in any column of any table.
MARKERS: Final = frozenset(
    (
        "-",
        "--",
        "---",
        "?",
        "??",
        "???",
        "n/a",
        "n.a.",
        "n.a",
        "#n/a",
        "null",
        "nan",
        "<na>",
        "missing",
        "not available",
        "not applicable",
        "not known",
    )
)
# Nothing where a number, a name or a date belongs; in a column of words they may be the answer.
WORDS: Final = MARKERS | {"none", "nil"}
BARRED: Final = f"|{'|'.join(sorted(('', *WORDS)))}|"
MARKERS_BARRED: Final = f"|{'|'.join(sorted(('', *MARKERS)))}|"
_SHORT: Final = 5


def is_missing(text: str) -> bool:
    """Say whether a cell of a book, as written, stands for nothing."""
    bare = text.strip().casefold()
    return not bare or bare in WORDS


def is_marker(text: str) -> bool:
    """Say whether a cell of any table, as written, stands for nothing: "none" may be its value."""
    bare = text.strip().casefold()
    return not bare or bare in MARKERS


def sql_words() -> dict[str, str]:
    """Give the words as SQL lists, the short ones apart: most cells are longer, and are not compared."""
    short = sorted(("", *(word for word in WORDS if len(word) <= _SHORT)))
    long = sorted(word for word in WORDS if len(word) > _SHORT)
    return {
        "missing_short": ", ".join(f"'{word}'" for word in short),
        "missing_long": ", ".join(f"'{word}'" for word in long),
        "short": str(_SHORT),
        "longest": str(max(map(len, WORDS))),
    }
