"""What is done about errors, everywhere at the desk: one table by type of error, and by kind of a task's.

STRATEGIES      type of error -> what is tried in turn: steps of requests, models, sources
TABLE           kind of a task's error -> what its worker does, what its graph does, when a person is asked

Every kind has its type and every action its strategy, so that what was tried is counted together. Whatever a
remedy does is recorded with what it was before and after.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

ErrorType = Literal[
    "LLM_ERROR", "TOOL_ERROR", "TIMEOUT", "VALIDATION_ERROR", "AGENT_ERROR", "PATTERN_ERROR", "UNKNOWN"
]
RecoveryStrategy = Literal[
    "RETRY", "EXPONENTIAL_BACKOFF", "FALLBACK_MODEL", "AGENT_SWAP", "PROMPT_REFINEMENT", "SKIP", "ESCALATE"
]
STRATEGIES: Final[Mapping[ErrorType, Sequence[RecoveryStrategy]]] = {
    "LLM_ERROR": ("EXPONENTIAL_BACKOFF", "FALLBACK_MODEL", "SKIP", "ESCALATE"),
    "TOOL_ERROR": ("RETRY", "EXPONENTIAL_BACKOFF", "AGENT_SWAP", "SKIP", "ESCALATE"),
    "TIMEOUT": ("RETRY", "AGENT_SWAP", "ESCALATE"),
    "VALIDATION_ERROR": ("PROMPT_REFINEMENT", "PROMPT_REFINEMENT", "FALLBACK_MODEL", "SKIP", "ESCALATE"),
    "AGENT_ERROR": ("RETRY", "AGENT_SWAP", "SKIP", "ESCALATE"),
    "PATTERN_ERROR": ("AGENT_SWAP", "ESCALATE"),
    "UNKNOWN": ("RETRY", "ESCALATE"),
}
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
OWED: Final[frozenset[str]] = frozenset({"evidence_missing", "signoff_refused"})  # by people
WIDESPREAD: Final = 3  # tasks that fail over the network at once
TYPE_OF: Final[Mapping[ErrorKind, ErrorType]] = {
    "import_error": "TOOL_ERROR", "permission_error": "TOOL_ERROR", "memory_error": "TOOL_ERROR",
    "timeout": "TIMEOUT", "calculation_error": "VALIDATION_ERROR", "logic_error": "UNKNOWN",
    "system_error": "TOOL_ERROR", "network_error": "TOOL_ERROR", "evidence_missing": "AGENT_ERROR",
    "signoff_refused": "AGENT_ERROR",
}  # fmt: skip
STRATEGY_OF: Final[Mapping[Action, RecoveryStrategy]] = {
    "reinstall": "RETRY", "fresh_environment": "AGENT_SWAP", "fix_modes": "RETRY",
    "other_worker": "AGENT_SWAP", "smaller_batch": "RETRY", "more_resources": "RETRY",
    "extend_timeout": "RETRY", "back_off": "EXPONENTIAL_BACKOFF", "remind": "RETRY",
    "remind_role": "AGENT_SWAP",
}  # fmt: skip


def kind_of(word: str) -> ErrorKind:
    """Give the kind that a step of the store names. Raises ValueError where it names none."""
    for kind in TABLE:
        if kind == word:
            return kind
    raise ValueError(f"'{word}' is no kind of error")
