"""One classifier of errors, one table of what is done about each: by the worker, its graph, a person.

classify(text, exit_code=, ...) -> ErrorKind
remedy(kind, level) -> Remedy | None        of the table below; None: this level does nothing about it

Whatever a remedy does is recorded with what it was before and after.
"""

from __future__ import annotations

import re
import signal
from typing import Final, Literal, NamedTuple

ErrorKind = Literal[
    "import_error",
    "permission_error",
    "memory_error",
    "timeout",
    "calculation_error",
    "logic_error",
    "system_error",
    "network_error",
    "evidence_missing",
    "signoff_refused",
]
Action = Literal[
    "reinstall",
    "fresh_environment",
    "fix_modes",
    "other_worker",
    "smaller_batch",
    "more_resources",
    "extend_timeout",
    "back_off",
    "remind",
    "remind_role",
]
When = Literal["never", "always", "persistent", "over_twice", "widespread"]


class Remedy(NamedTuple):
    """What one level does about an error."""

    action: Action


class Strategy(NamedTuple):
    """What is done about a kind of error: by the worker, by the graph, and when a person is asked."""

    worker: Remedy | None
    graph: Remedy | None
    person: When


TABLE: Final[dict[ErrorKind, Strategy]] = {
    "import_error": Strategy(Remedy("reinstall"), Remedy("fresh_environment"), "never"),
    "permission_error": Strategy(Remedy("fix_modes"), Remedy("other_worker"), "persistent"),
    "memory_error": Strategy(Remedy("smaller_batch"), Remedy("more_resources"), "persistent"),
    "timeout": Strategy(Remedy("extend_timeout"), Remedy("more_resources"), "over_twice"),
    "calculation_error": Strategy(None, None, "always"),
    "logic_error": Strategy(None, None, "always"),
    "system_error": Strategy(None, Remedy("other_worker"), "persistent"),
    "network_error": Strategy(Remedy("back_off"), Remedy("other_worker"), "widespread"),
    "evidence_missing": Strategy(Remedy("remind"), Remedy("remind_role"), "persistent"),
    "signoff_refused": Strategy(Remedy("remind"), Remedy("remind_role"), "persistent"),
}
WIDESPREAD: Final = 3  # tasks that fail over the network at once

_NETWORK: Final = (
    r"ConnectionError|ConnectionRefused|ConnectionReset|Name or service not known"
    r"|Temporary failure in name resolution|Network is unreachable|UnreachableError|BrokenPipe"
)
# The last line that names an error decides: what stands before it led there.
_NAMES: Final[tuple[tuple[str, ErrorKind], ...]] = (
    (r"ModuleNotFoundError|ImportError|No module named", "import_error"),
    (r"PermissionError|Permission denied|EACCES", "permission_error"),
    (r"MemoryError|Cannot allocate memory|out of memory|OutOfMemory|std::bad_alloc", "memory_error"),
    (r"TimeoutError|timed out|Timeout >", "timeout"),
    (_NETWORK, "network_error"),
    (r"AssertionError|^E\s+assert|ZeroDivisionError|FloatingPointError|ArithmeticError", "calculation_error"),
    (r"evidence is missing", "evidence_missing"),
    (r"OSError|No space left on device|Input/output error|SystemError", "system_error"),
    (r"ValueError|TypeError|KeyError|AttributeError|IndexError|NameError|RuntimeError", "logic_error"),
)
_PATTERNS: Final = tuple((re.compile(pattern, re.MULTILINE), kind) for pattern, kind in _NAMES)


def classify(text: str, *, exit_code: int | None = None, late: bool = False) -> ErrorKind:
    """Say what kind of error a text speaks of; where several are named, the last.

    exit_code: of a process, negative for the signal that ended it. late: it was stopped for its time.
    """
    if late:
        return "timeout"
    named = [(match.start(), kind) for pattern, kind in _PATTERNS for match in pattern.finditer(text)]
    if exit_code == -signal.SIGKILL and not named:
        return "memory_error"  # the kernel's way with a process that took too much
    if exit_code is not None and exit_code < 0 and not named:
        return "system_error"
    return max(named)[1] if named else "logic_error"
