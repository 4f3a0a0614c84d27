"""From an error of a step to what is tried against it, by the desk's table; each attempt is recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from tools.core.clock import clock
from tools.core.errors import TieoutError, UnreachableError, UsageError
from tools.core.timeouts import LateError
from tools.models.endpoint import ModelError
from tools.models.model import InvalidError
from tools.runs.recovery_table import STRATEGIES, ErrorType, RecoveryStrategy
from tools.store import Store, desk_requests

BACKOFF_SECONDS: Final = (1.0, 2.0)


class AgentError(TieoutError):
    """A graph that was set to work has failed."""


class PatternError(TieoutError):
    """A pattern could not be carried out: one of its steps has nobody who can do it."""


@dataclass(frozen=True)
class RecoverableStep:
    """What is tried, and how else: by whichever strategies it has.

    reads: it changes nothing, so that an unknown error may be tried once more. optional: it may be left out.
    """

    name: str
    attempt: Callable[[], Any]
    ways: Mapping[RecoveryStrategy, Callable[[], Any]]
    reads: bool = True
    optional: bool = False


@dataclass(frozen=True)
class RecoveryOutcome:
    """What came of a step: its value; or that it was skipped, or has to go to a person, with the error."""

    value: Any
    strategy: RecoveryStrategy | None
    success: bool
    error: str = ""


def classify(error: BaseException) -> ErrorType:
    """Say what kind of error one is."""
    kinds: tuple[tuple[tuple[type[BaseException], ...], ErrorType], ...] = (
        ((LateError, TimeoutError), "TIMEOUT"),
        ((InvalidError, ValidationError, UsageError), "VALIDATION_ERROR"),
        ((ModelError,), "LLM_ERROR"),
        ((PatternError,), "PATTERN_ERROR"),
        ((AgentError,), "AGENT_ERROR"),
        ((UnreachableError, ConnectionError, OSError), "TOOL_ERROR"),
    )
    return next((kind for types, kind in kinds if isinstance(error, types)), "UNKNOWN")


def strategies(error_type: ErrorType, step: RecoverableStep) -> list[RecoveryStrategy]:
    """Give what is tried against an error, in order: what the step has a way for."""
    chosen = []
    for strategy in STRATEGIES[error_type]:
        if strategy in ("RETRY", "EXPONENTIAL_BACKOFF") and not step.reads and error_type == "UNKNOWN":
            continue  # a write that may have happened is not repeated blindly
        if strategy == "SKIP" and not step.optional:
            continue
        if strategy in step.ways or strategy in ("RETRY", "EXPONENTIAL_BACKOFF", "SKIP", "ESCALATE"):
            chosen.append(strategy)
    return chosen


def handle(store: Store, run_id: str, step: RecoverableStep, error: Exception) -> RecoveryOutcome:
    """Try what the table has against an error; each attempt is a row with its success."""
    error_type, last = classify(error), error
    for number, strategy in enumerate(strategies(error_type, step), start=1):
        outcome, last = _attempt(step, strategy, number, last)
        desk_requests.note_attempt(
            store, run_id, step=step.name, error_type=error_type, strategy=strategy, number=number,
            success=outcome.success, error=str(last if not outcome.success else error),
        )  # fmt: skip
        if outcome.success or strategy == "ESCALATE":
            return outcome
    return RecoveryOutcome(None, "ESCALATE", success=False, error=str(last))


def _attempt(
    step: RecoverableStep, strategy: RecoveryStrategy, number: int, last: Exception
) -> tuple[RecoveryOutcome, Exception]:
    if strategy == "ESCALATE":
        return RecoveryOutcome(None, strategy, success=False, error=str(last)), last
    if strategy == "SKIP":
        return RecoveryOutcome(None, strategy, success=True, error=str(last)), last
    if strategy == "EXPONENTIAL_BACKOFF":
        clock().sleep(BACKOFF_SECONDS[min(number, len(BACKOFF_SECONDS)) - 1])
    try:
        return RecoveryOutcome(step.ways.get(strategy, step.attempt)(), strategy, success=True), last
    except Exception as error:  # noqa: BLE001 - whatever it is, the next strategy has its turn, and the last one escalates
        return RecoveryOutcome(None, strategy, success=False, error=str(error)), error


def run(store: Store, run_id: str, step: RecoverableStep) -> RecoveryOutcome:
    """Carry out a step, and recover where it fails."""
    try:
        return RecoveryOutcome(step.attempt(), None, success=True)
    except TieoutError as error:
        return handle(store, run_id, step, error)
