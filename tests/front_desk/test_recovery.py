"""Errors are classified, met in the table's order, on record; `tieout recoveries` counts all of the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from tools.core.errors import TieoutError, UnreachableError, UsageError
from tools.core.timeouts import LateError
from tools.front_desk import recovery
from tools.front_desk.recovery import AgentError, PatternError, RecoverableStep
from tools.front_desk.recovery_rates import success_rates
from tools.models.endpoint import AwayError
from tools.models.model import InvalidError
from tools.models.spending import MODEL_CALL
from tools.programme import records, steps
from tools.runs.recovery_table import STRATEGIES, STRATEGY_OF, TABLE, TYPE_OF
from tools.store import Store, desk_requests, open_store, runs, trail
from tools.store.models import Step

PROGRAMME = Path(__file__).parents[2] / "samples/programmes/year-end.yaml"


@pytest.fixture
def empty(tmp_path: Path) -> Store:
    """Give a store with one request in it."""
    return open_store(f"sqlite:///{tmp_path / 'desk.db'}")


def request(store: Store) -> str:
    """Open a run that errors belong to."""
    return runs.start(store, graph="front_desk", thread_id="t", started_by="riley").run_id


def invalid() -> ValidationError:
    """Give an error of validation."""
    try:
        TypeAdapter(int).validate_python("x")
    except ValidationError as error:
        return error
    raise AssertionError


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (AwayError("503"), "LLM_ERROR"),
        (InvalidError("not what was asked"), "VALIDATION_ERROR"),
        (invalid(), "VALIDATION_ERROR"),
        (UsageError("no such figure"), "VALIDATION_ERROR"),
        (LateError("too slow"), "TIMEOUT"),
        (TimeoutError(), "TIMEOUT"),
        (UnreachableError("the bank is away"), "TOOL_ERROR"),
        (AgentError("it failed"), "AGENT_ERROR"),
        (PatternError("nobody can"), "PATTERN_ERROR"),
        (KeyError("x"), "UNKNOWN"),
    ],
)
def test_an_error_has_a_type(error: Exception, kind: str) -> None:
    """One of seven; what is of none is unknown."""
    assert recovery.classify(error) == kind


def test_every_type_ends_with_a_person_and_every_kind_has_a_type() -> None:
    """One table for the desk: no kind of a task's error and no remedy is outside of it."""
    assert {order[-1] for order in STRATEGIES.values()} == {"ESCALATE"}
    assert set(TYPE_OF) == set(TABLE)
    levels = [remedy for row in TABLE.values() for remedy in (row.worker, row.graph) if remedy]
    assert {remedy.action for remedy in levels} <= set(STRATEGY_OF)


def failing(times: int) -> RecoverableStep:
    """Make a step that fails so often before it does not."""
    left = [UnreachableError("away")] * times

    def attempt() -> str:
        if left:
            raise left.pop()
        return "there"

    return RecoverableStep("read", attempt, {"AGENT_SWAP": lambda: "from another"})


def test_strategies_are_tried_in_turn_and_recorded(empty: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each attempt is a row with its success; the first that helps is the last."""
    monkeypatch.setattr(recovery, "BACKOFF_SECONDS", (0.0, 0.0))
    run_id = request(empty)
    outcome = recovery.run(empty, run_id, failing(3))
    assert (outcome.strategy, outcome.success, outcome.value) == ("AGENT_SWAP", True, "from another")
    assert [(row.strategy, row.success) for row in desk_requests.attempts(empty, run_id=run_id)] == [
        ("RETRY", False),
        ("EXPONENTIAL_BACKOFF", False),
        ("AGENT_SWAP", True),
    ]


def test_a_write_is_not_repeated_blindly(empty: Store) -> None:
    """An unknown error of a write goes to a person; an optional step is left out."""

    def never() -> None:
        raise AssertionError("it was done again")

    write = RecoverableStep("write", never, {}, reads=False)
    outcome = recovery.handle(empty, request(empty), write, KeyError("x"))
    assert (outcome.strategy, outcome.success) == ("ESCALATE", False)

    def away() -> None:
        raise AgentError("still away")

    optional = RecoverableStep("extra", away, {}, optional=True)
    skipped = recovery.handle(empty, request(empty), optional, AgentError("away"))
    assert (skipped.strategy, skipped.success) == ("SKIP", True)


def test_rates_count_requests_models_and_programmes(empty: Store) -> None:
    """What never helps in twenty tries is proposed to move last."""
    run_id = request(empty)
    for number in range(20):
        desk_requests.note_attempt(
            empty, run_id, step="x", error_type="TOOL_ERROR", strategy="RETRY", number=number, success=False,
            error="away",
        )  # fmt: skip
    for outcome, model in (("away", "small"), ("invalid", "small"), ("ok", "large")):
        details = {"purpose": "word", "outcome": outcome, "node": "n"}
        trail.append(empty, run_id, "tieout", MODEL_CALL, model=model, details=details)
    programme = runs.start(empty, graph="programme", thread_id="p", started_by="riley").run_id
    read = steps.read(PROGRAMME)
    records.begin(empty, programme, read, str(PROGRAMME))
    with empty.begin() as session:
        step = session.get_one(Step, (programme, next(iter(read.steps))))
        step.remedies = [{"kind": "timeout", "action": "extend_timeout", "level": 1}]
        step.status = "done"
    rows = {(row["error_type"], row["strategy"]): row for row in success_rates(empty)}
    assert (rows["TOOL_ERROR", "RETRY"]["proposal"], rows["TOOL_ERROR", "RETRY"]["tries"]) == (
        "move last",
        20,
    )
    assert rows["LLM_ERROR", "EXPONENTIAL_BACKOFF"]["successes"] == 0
    assert rows["VALIDATION_ERROR", "FALLBACK_MODEL"]["successes"] == 1
    assert rows["TIMEOUT", "RETRY"]["successes"] == 1


def test_a_step_that_is_well_is_left_alone(empty: Store) -> None:
    """Nothing is recorded."""
    assert recovery.run(empty, request(empty), failing(0)).strategy is None
    assert desk_requests.attempts(empty) == []
    assert isinstance(AgentError("x"), TieoutError)
