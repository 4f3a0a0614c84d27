"""Say what kind of error a command's output, an exit code or a spent time speaks of.

classify(text, exit_code=, late=) -> ErrorKind      a row of tools/runs/recovery_table.py
"""

from __future__ import annotations

import re
import signal
from typing import Final

from tools.runs.recovery_table import ErrorKind

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
