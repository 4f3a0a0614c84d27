"""An observer's turn goes through the same recovery as a question: each way out is tried."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from tests.clocks import TurnedClock
from tests.judgement.scripted import CALLED, TURN, TURN_FAULTS, settings_of
from tests.openai_server import Act, Body, Reply, Server, Status, serve
from tools.core.clock import using
from tools.core.model_limits import Limit
from tools.models.answer_cache import Answers
from tools.models.budget import Budget, BudgetError
from tools.models.calls import Turn
from tools.models.endpoint import ModelError
from tools.models.model import Model


@pytest.fixture
def turned_clock() -> Iterator[TurnedClock]:
    """Give a clock in force that does not wait."""
    clock = TurnedClock(datetime.now(UTC))
    with using(clock):
        yield clock


def _model(server: Server, budget: Budget | None = None, **more: Any) -> Model:  # noqa: ANN401 - any setting
    values = {"model_timeout_seconds": 3.0, **more}
    cache = values.pop("cache", None)
    return Model(
        settings_of(server.url, **values), budget or Budget(Decimal(1)), node="investigate", cache=cache
    )


@pytest.mark.parametrize("fault", TURN_FAULTS, ids=[name for name, _ in TURN_FAULTS])
def test_a_turn_survives_a_fault(fault: tuple[str, Act]) -> None:
    """Away once: asked again."""
    with serve(fault[1], then=CALLED) as server:
        model = _model(server)
        answer = model.turn(TURN)
    assert [(call.name, json.loads(call.arguments)) for call in answer.calls] == [("look", {"at": 1})]
    assert [call.outcome for call in model.calls] == ["away", "ok"]


@pytest.mark.parametrize(
    ("reply", "flaw"),
    [
        (Reply("", refusal="I will not."), "it refused"),
        (Reply("", calls=(("look", '{"at": '),), finish="length"), "cut off"),
    ],
)
def test_a_flawed_turn_says_so(reply: Reply, flaw: str) -> None:
    """Who leads the conversation tells the model."""
    with serve(reply) as server:
        model = _model(server)
        assert flaw in model.turn(TURN).flaw
    assert [call.outcome for call in model.calls] == ["invalid"]


def test_arguments_that_are_no_json_come_through(turned_clock: TurnedClock) -> None:
    """The client does not swallow them: the model is told what was wrong."""
    with serve(Reply("", calls=(("look", '{"at": '),))) as server:
        (call,) = _model(server).turn(TURN).calls
    assert (call.name, call.arguments) == ("look", '{"at": ')
    assert turned_clock.slept == []


def test_waits_double_with_jitter(turned_clock: TurnedClock) -> None:
    """Half to one and a half of 1, 2 and 4 seconds."""
    with serve(then=Status(503)) as server, pytest.raises(ModelError):
        _model(server, model_wait_seconds=1.0, model_attempts=4).turn(TURN)
    assert [
        base / 2 <= wait <= base * 1.5 for wait, base in zip(turned_clock.slept, (1, 2, 4), strict=True)
    ] == [True] * 3


def test_the_endpoint_says_how_long_to_wait(turned_clock: TurnedClock) -> None:
    """In seconds, or until a date."""
    until = format_datetime(turned_clock.now() + timedelta(seconds=15), usegmt=True)
    acts = (Status(429, {"Retry-After": "7"}), Status(429, {"Retry-After": until}))
    with serve(*acts, then=CALLED) as server:
        _model(server).turn(TURN)
    assert turned_clock.slept[0] == 7
    assert 7 <= turned_clock.slept[1] <= 8  # of the fifteen, seven are over


def test_a_wait_beyond_the_observers_time_is_not_sat_out(turned_clock: TurnedClock) -> None:
    """Its time ends first."""
    with serve(then=Status(429, {"Retry-After": "15"})) as server, pytest.raises(ModelError):
        _model(server).turn(Turn(TURN.messages, TURN.tools, "investigate_case", 500, seconds=5.0))
    assert turned_clock.slept == []


def test_the_fallback_takes_over_and_the_dear_model_where_asked(turned_clock: TurnedClock) -> None:
    """Away: the fallback. After turns that could not be used, the caller asks the dear one."""

    def by_name(body: Body) -> Act:
        return Status(503) if body["model"] == "small" else CALLED

    with serve(then=by_name) as server:
        model = _model(server, model_fallback="other", model_dear="large")
        model.turn(TURN)
        model.turn(Turn(TURN.messages, TURN.tools, "investigate_case", 500, dear=True))
    assert {call.model for call in model.calls if call.outcome == "ok"} == {"other", "large"}
    assert len(turned_clock.slept) == 2


def test_a_denial_is_not_asked_again(turned_clock: TurnedClock) -> None:
    """A wrong key stays wrong."""
    with serve(then=Status(401)) as server, pytest.raises(ModelError):
        _model(server).turn(TURN)
    assert (len(server.requests), turned_clock.slept) == (1, [])


def test_the_same_turn_is_answered_from_the_cache(tmp_path: Path) -> None:
    """Over runs; a torn or foreign file is asked again."""
    cache = Answers(tmp_path / "answers")
    with serve(then=CALLED) as server:
        first = _model(server, cache=cache).turn(TURN)
        model = _model(server, cache=cache)
        assert model.turn(TURN) == first
        assert ([call.outcome for call in model.calls], len(server.requests)) == (["cache"], 1)
        (cache_file,) = (tmp_path / "answers").rglob("*.json")
        cache_file.write_text('{"text": "torn')
        assert _model(server, cache=cache).turn(TURN).calls == first.calls
    assert len(server.requests) == 2


def test_what_is_kept_holds_no_question(tmp_path: Path) -> None:
    """Only its digest, and an answer that speaks in tokens."""
    with serve(then=CALLED) as server:
        _model(server, cache=Answers(tmp_path)).turn(TURN)
    (cache_file,) = tmp_path.rglob("*.json")
    assert "Look." not in cache_file.read_text()


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"dollars": Decimal("0.001")}, "0.001 dollars is used up"),
        ({"dollars": Decimal(1), "tokens": 500}, "500 tokens is used up"),
        (
            {"dollars": Decimal(1), "nodes": {"investigate": Limit(dollars=Decimal("0.001"))}},
            "of investigate",
        ),
        ({"dollars": Decimal(1), "nodes": {"investigate": Limit(tokens=500)}}, "500 tokens of investigate"),
        ({"dollars": Decimal(1), "case": Limit(dollars=Decimal("0.001"))}, "of case C-1"),
        ({"dollars": Decimal(1), "case": Limit(tokens=500)}, "500 tokens of case C-1"),
    ],
)
def test_every_limit_is_met_before_the_call(limits: dict[str, Any], name: str) -> None:
    """Run, node and case, in dollars and in tokens: nothing is sent, and the record says why."""
    with serve(then=CALLED) as server:
        model = _model(server, Budget(**limits))
        with pytest.raises(BudgetError, match=name):
            model.turn(TURN)
    assert server.requests == []
    assert [(call.outcome, call.dollars) for call in model.calls] == [("budget", "0")]


def test_nodes_side_by_side_do_not_overspend_together() -> None:
    """Eight at once over three cases: what was spent stays within each limit, whoever came first."""
    budget = Budget(
        Decimal("0.10"),
        nodes={"investigate": Limit(dollars=Decimal("0.06"))},
        case=Limit(dollars=Decimal("0.03")),
    )
    together = threading.Barrier(8, timeout=30)

    def turn(number: int) -> str:
        together.wait()
        case = f"C-{number % 3}"
        try:
            _model(server, budget, model_timeout_seconds=20.0).turn(
                Turn(TURN.messages, TURN.tools, "investigate_case", 500, cases=(case,))
            )
        except BudgetError as error:
            return error.message
        return case

    with (
        serve(then=Reply("", calls=(("look", "{}"),), usage=(400, 500))) as server,
        ThreadPoolExecutor(8) as pool,
    ):
        ended = list(pool.map(turn, range(8)))
    cost = Decimal("0.006")  # 400 at 2.50 and 500 at 10.00 a million
    answered = [end for end in ended if end.startswith("C-")]
    assert budget.spent == cost * len(answered)
    assert budget.spent <= Decimal("0.06")
    assert len(server.requests) == len(answered)


def test_a_call_about_several_cases_is_shared_out() -> None:
    """To the cent of a cent: what a batch costs is not put on one case."""
    budget = Budget(Decimal(1), case=Limit(dollars=Decimal("0.05")))
    for _ in range(2):
        budget.reserve(Decimal("0.06"), 100, cases=["C-1", "C-2"])
        budget.settle((Decimal("0.06"), 100), Decimal("0.04"), 50, cases=["C-1", "C-2"])
    with pytest.raises(BudgetError, match="of case C-1"):
        budget.reserve(Decimal("0.02"), 10, cases=["C-1"])
    budget.reserve(Decimal("0.02"), 10, cases=["C-3"])
    assert budget.spent == Decimal("0.08")
