"""What models may cost: never more than the budget, counted per call, nothing asked twice."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import prompts
from tests.honest_model import cite_facts, flag_facts
from tests.judgement.desk import Desk, finding
from tests.openai_server import Body, Reply, serve
from tools.core.model_limits import Price
from tools.core.settings import Settings
from tools.judgement.judge import read_flags
from tools.judgement.model_wording import Phrased, phrase
from tools.models.answer_cache import Answers
from tools.models.budget import Budget, BudgetError

FLAGS = 24
DEAR = {"input": "1", "output": "10"}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a desk with many flags."""
    rows = [
        {
            "row_key": f"r{n:02}",
            "txn_id": f"T{n:02}",
            "posted_on": "2025-03-04",
            "amount_minor": 100_000 + n,
            "vendor_name": f"Vendor {n:02}",
        }
        for n in range(FLAGS)
    ]
    judged_desk = Desk(tmp_path / "run", txn=rows)
    judged_desk.record("anomaly", [finding(f"r{n:02}", "amount_against_vendor", 90) for n in range(FLAGS)])
    judged_desk.flags()
    return judged_desk


def _worded(desk: Desk, url: str, cache: Answers | None = None, **more: object) -> Phrased:
    values: dict[str, object] = {"model": "small", "model_base_url": url, "model_cases": FLAGS, **more}
    settings = Settings(_env_file=None, **values)  # type: ignore[arg-type]  # pydantic checks them
    return phrase(desk.books, desk.folder / "judged", settings, prompts.load("explain_case"), cache=cache)


def test_calls_go_side_by_side(desk: Desk) -> None:
    """Four calls are under way at once: each waits until the other three have come."""
    together = threading.Barrier(4, timeout=30)

    def answer(body: Body) -> Reply:
        together.wait()
        return cite_facts(body)

    with serve(then=answer) as server:
        outcome = _worded(desk, server.url, model_batch=6, model_parallel=4)
    assert (outcome.worded, len(server.requests)) == (FLAGS, 4)


@pytest.mark.parametrize(("batch", "calls"), [(10, 3), (50, 1)])
def test_a_call_holds_no_more_flags_than_the_batch(desk: Desk, batch: int, calls: int) -> None:
    """Every chosen flag is asked about once."""
    with serve(then=cite_facts) as server:
        _worded(desk, server.url, model_batch=batch)
    sizes = [len(flag_facts(request)) for request in server.requests]
    assert (len(sizes), sum(sizes), max(sizes) <= batch) == (calls, FLAGS, True)


def test_the_cost_is_exact(desk: Desk) -> None:
    """Tokens as the endpoint counts them, by the price of the model, in decimal."""
    prices = {"small": {"input": "0.15", "output": "0.60"}}
    with serve(then=lambda body: Reply(cite_facts(body).text, usage=(1234, 567))) as server:
        outcome = _worded(desk, server.url, model_batch=50, model_prices=prices)
    assert Decimal(outcome.dollars) == Decimal("0.0005253")
    assert outcome.tokens == 1801


def test_at_the_limit_templates_stand_and_say_so(desk: Desk) -> None:
    """What was worded within the budget stays; the rest keeps its template."""
    with serve(then=lambda body: Reply(cite_facts(body).text, usage=(1000, 3000))) as server:
        outcome = _worded(
            desk, server.url, model_batch=6, model_parallel=1, model_budget_dollars="0.05", model_price=DEAR
        )
    notes = [flag["explanation_note"] for flag in read_flags(desk.folder / "judged")]
    assert outcome.worded == 6
    assert "budget of 0.05 dollars is used up" in outcome.degraded
    assert sum("budget" in (note or "") for note in notes) == FLAGS - outcome.worded
    assert Decimal(outcome.dollars) <= Decimal("0.05")


def test_the_setting_stop_stops(desk: Desk) -> None:
    """Then the run says that the budget is used up, instead of going on."""
    with serve(then=cite_facts) as server, pytest.raises(BudgetError, match="used up"):
        _worded(desk, server.url, model_budget_dollars="0", on_budget="stop")


def test_the_same_question_is_answered_from_the_cache(desk: Desk, tmp_path: Path) -> None:
    """A second time nothing is sent and nothing is paid, and the words are the same."""
    with serve(then=cite_facts) as server:
        _worded(desk, server.url, cache=Answers(tmp_path / "answers"))
        first = read_flags(desk.folder / "judged")
        desk.judge()
        again = _worded(desk, server.url, cache=Answers(tmp_path / "answers"))
    assert len(server.requests) == 3
    assert (again.dollars, {call["outcome"] for call in again.calls}) == ("0", {"cache"})
    assert read_flags(desk.folder / "judged") == first


def test_only_some_flags_reach_a_model(desk: Desk) -> None:
    """Of the gravest cases; else only those that are open or unsure."""
    with serve(then=cite_facts) as server:
        outcome = _worded(desk, server.url, model_cases=2)
    assert outcome.asked == 2
    assert [len(flag_facts(request)) for request in server.requests] == [2]


def test_an_endpoint_that_is_down_is_asked_only_for_a_while(desk: Desk) -> None:
    """Once it is plain that nobody answers, the other batches do not wait for it."""
    with serve() as server:
        outcome = _worded(desk, server.url, model_batch=1, model_parallel=1, model_wait_seconds=0.01)
    assert (len(server.requests), outcome.worded) == (3, 0)


@given(st.lists(st.decimals("0.01", "0.30", places=2), max_size=40))
def test_calls_side_by_side_never_overspend(costs: list[Decimal]) -> None:
    """However the calls fall together, what was reserved and spent stays within the budget."""
    budget = Budget(Decimal("1.00"))

    def call(cost: Decimal) -> None:
        try:
            budget.reserve(cost, 10)
        except BudgetError:
            return
        budget.settle((cost, 10), cost, 10)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(call, costs))
    assert budget.spent <= budget.dollars


def test_what_is_set_aside_cannot_be_set_aside_again() -> None:
    """Two calls under way share what is left; what one did not need is the next one's."""
    budget = Budget(Decimal("1.00"))
    budget.reserve(Decimal("0.60"), 10)
    with pytest.raises(BudgetError, match="used up"):
        budget.reserve(Decimal("0.60"), 10)
    budget.settle((Decimal("0.60"), 10), Decimal("0.10"), 10)
    budget.reserve(Decimal("0.60"), 10)


def test_a_price_is_for_a_million_tokens() -> None:
    """Input and output each have theirs."""
    price = Price(input=Decimal("0.15"), output=Decimal("0.60"))
    assert price.cost(1_000_000, 500_000) == Decimal("0.45")


def test_tokens_have_a_limit_too() -> None:
    """Whichever limit comes first."""
    budget = Budget(Decimal(1), tokens=100)
    budget.reserve(Decimal(0), 90)
    with pytest.raises(BudgetError, match="100 tokens"):
        budget.reserve(Decimal(0), 11)


def test_what_is_sent_is_json_schema_of_the_answer(desk: Desk) -> None:
    """The endpoint is held to the shape; answers are validated against it anyway."""
    with serve(then=cite_facts) as server:
        _worded(desk, server.url, model_batch=50)
    response_format = server.requests[0]["response_format"]
    assert response_format["type"] == "json_schema"
    assert response_format["json_schema"]["schema"]["additionalProperties"] is False
    assert (
        json.dumps(response_format["json_schema"]["schema"]) in server.requests[0]["messages"][1]["content"]
    )
