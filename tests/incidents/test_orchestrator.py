"""The tests that the original plan names: dispatch, degradation, ranking, cost and budget."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desk import incidents as incident_desk
from desk.views.incident import overview
from graph.incident import TRACED, span_attributes, to_disproof, to_observers
from tests.graph.small import settings_of, users
from tests.incidents.recorded import SINCE, serving
from tools.core import settings
from tools.core.clock import clock
from tools.core.model_limits import Price
from tools.incidents import conclude, desks, kinds, lifecycle, purse
from tools.incidents import observe as observing
from tools.incidents.kinds import IncidentObserver
from tools.incidents.lifecycle import OpenedIncident
from tools.incidents.subject import IncidentBench, Subject
from tools.investigation.hypothesis import RankedHypothesis, merged, ranked
from tools.investigation.observation import Observation
from tools.models.budget import BudgetError
from tools.store import Store, incidents, open_store, runs, trail
from tools.store.incidents import IncidentDraft

AGENTS = ("applications", "databases", "network")
Look = Callable[[Any], list[Observation]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Give one desk to all tests of this file: each opens an incident of its own."""
    folder = tmp_path_factory.mktemp("desk")
    users(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in settings_of(folder).items():
            patch.setenv(name, value)
        yield open_store(settings.load().database_url)


def opened(store: Store, budget: str = "10.00", severity: str = "HIGH") -> OpenedIncident:
    """Open an incident of a payment service, and a run that looks into it."""
    draft = IncidentDraft("system", "Database slowdown", {}, severity, ["payment-service"])
    row = incidents.open_incident(store, draft)
    return lifecycle.open_run(row.incident_id, f"thread-{row.incident_id}", "riley", budget)


def agents(monkeypatch: pytest.MonkeyPatch, *looks: Look) -> None:
    """Put other agents in place of the three of a system."""
    changed = replace(
        kinds.by_name("system"), observers=tuple(map(IncidentObserver, AGENTS[: len(looks)], looks))
    )
    monkeypatch.setattr(kinds, "KINDS", (changed,))


def observation(number: int, deviation: float = 9.0) -> Observation:
    """Give something that was seen."""
    return Observation(
        f"O{number}", AGENTS[0], "latency", "slow", node="payment-service", deviation=deviation
    )


def observed(run: OpenedIncident) -> dict[str, dict[str, Any]]:
    """Let every agent look, one after another."""
    return {name: observing.observe(run.incident_id, run.run_id, name) for name in run.observers}


def failing(_: object) -> list[Observation]:
    """Fail as a driver does."""
    raise OSError("Application agent failed")


def test_orchestrator_initialization(desk: Store) -> None:
    """An incident has its three agents and its budget: as asked, or by severity."""
    run = opened(desk)
    assert (run.observers, Decimal(run.budget)) == (AGENTS, Decimal("10.00"))
    assert [Decimal(opened(desk, "", word).budget) for word in ("HIGH", "CRITICAL")] == [10, 20]


def test_orchestrator_dispatches_all_agents(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each agent is asked once, with the incident."""
    calls: list[str] = []

    def look(bench: Any) -> list[Observation]:  # noqa: ANN401 - a bench
        calls.append(bench.subject.incident_id)
        return [observation(len(calls))]

    agents(monkeypatch, look, look, look)
    run = opened(desk)
    parts = observed(run)
    assert calls == [run.incident_id] * 3
    assert len(observing.read_published(run.run_id, parts)) == 3
    state: Any = {**run.__dict__, "observers": list(run.observers), "limit": run.budget}
    assert [send.arg["observer"] for send in to_observers(state)] == list(AGENTS)


def test_orchestrator_works_with_fewer_agents(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """An agent that there is not is not asked."""
    agents(monkeypatch, lambda _: [observation(1)])
    assert list(observed(opened(desk))) == ["applications"]


@pytest.mark.parametrize("failures", [1, 2])
def test_orchestrator_handles_agent_failure_gracefully(
    desk: Store, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    """Of one or two that fail the error is named, the others' observations stand, and less surely."""
    looks: list[Look] = [failing] * failures + [lambda _: [observation(1)], lambda _: [observation(2)]][
        : 3 - failures
    ]
    agents(monkeypatch, *looks)
    run = opened(desk)
    parts = observed(run)
    assert len(observing.read_published(run.run_id, parts)) == 3 - failures
    missing = lifecycle.consolidate(parts)["missing"]
    assert missing == dict.fromkeys(AGENTS[:failures], "OSError: Application agent failed")
    subject = Subject.of(incidents.get(desk, run.incident_id))
    cause = RankedHypothesis("S1", "service_at_fault", "payment-service", "slow", ["network"], 0.9)
    (whole,), (degraded,) = (
        conclude.judged(subject, [], [cause], {}, parts=each) for each in (dict.fromkeys(AGENTS, _RAN), parts)
    )
    assert degraded.confidence == pytest.approx(whole.confidence * (3 - failures) / 3, abs=1e-3)


def test_orchestrator_leaves_a_hanging_agent_behind(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After its time it is named as late; the others' observations stand."""
    monkeypatch.setenv("TIEOUT_INVESTIGATE_SECONDS", "5")
    released = threading.Event()

    def hanging(_: object) -> list[Observation]:
        released.wait(60)
        return []

    agents(monkeypatch, hanging, lambda _: [observation(1)])
    run = opened(desk)
    parts = observed(run)
    released.set()
    assert lifecycle.consolidate(parts)["missing"] == {"applications": "not finished in 5 s"}
    assert len(observing.read_published(run.run_id, parts)) == 1


def test_orchestrator_claims_nothing_when_all_agents_fail(
    desk: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is "not enough seen" alone, with every error."""
    agents(monkeypatch, failing, failing, failing)
    run = opened(desk)
    parts = observed(run)
    (only,) = conclude.made_of(Subject.of(incidents.get(desk, run.incident_id)), [], parts)
    assert only.cause == "not_enough_seen"
    assert only.statement.count("Application agent failed") == 3


def test_orchestrator_collects_hypotheses_from_all_agents() -> None:
    """What any agent saw of a service stands behind its hypothesis, and the innocent one is there."""
    subject = Subject("INC-1", "system", "", "HIGH", clock().now(), ["payment-service"])
    each = [replace(observation(number), observer=name) for number, name in enumerate(AGENTS)]
    hypotheses = kinds.by_name("system").hypotheses(subject, each)
    assert set(hypotheses[0].by) == set(AGENTS)
    assert {hypothesis.cause for hypothesis in hypotheses} == {
        "service_at_fault",
        "innocent",
        "not_enough_seen",
    }


def test_orchestrator_names_what_nobody_saw() -> None:
    """A service of which there is no observation is named where "not enough seen" stands."""
    subject = Subject("INC-1", "system", "", "HIGH", clock().now(), ["payment-service", "ledger"])
    hypotheses = kinds.by_name("system").hypotheses(subject, [observation(1)])
    assert hypotheses[-1].statement.endswith("the cause: nothing was seen of ledger.")


def test_orchestrator_ranks_hypotheses_by_confidence() -> None:
    """The highest first, what was ruled out at the end."""
    sure = {"Low": 0.60, "Mid": 0.75, "High": 0.90}
    each = [
        RankedHypothesis(name, "cause", name, name, ["app"], 0.5, confidence=confidence)
        for name, confidence in sure.items()
    ]
    out = replace(each[0], statement="Out", confidence=0.99, grounding="RULED_OUT")
    assert [hypothesis.statement for hypothesis in ranked([out, *each])] == ["High", "Mid", "Low", "Out"]


def test_orchestrator_tries_every_hypothesis() -> None:
    """Each is sent to be disproved."""
    state: Any = {"run_id": "r", "incident_id": "INC-1", "observed": {}, "hypotheses": ["S1", "I1"]}
    assert [send.arg["hypothesis"] for send in to_disproof(state)] == ["S1", "I1"]


def test_orchestrator_tracks_total_cost_across_agents(desk: Store) -> None:
    """The total is the sum of what each agent's calls came to, to the hundredth of a cent."""
    run = opened(desk)
    for name, dollars in zip(AGENTS, ("1.50", "2.25", "0.7512"), strict=True):
        details = {"node": f"{purse.NODE}{name}"}
        trail.append(desk, run.run_id, "tieout", "model call", cost=dollars, details=details)
    parts = {name: {**_RAN, "spent": str(_spent(desk, run, name))} for name in AGENTS}
    assert lifecycle.consolidate(parts)["spent"] == "4.5012"
    share = purse.Share(Decimal(run.budget), run.observers)
    assert purse.purse_of(settings.load(), run.run_id, share.total, share.observers).spent == Decimal(
        "4.5012"
    )


def test_orchestrator_enforces_budget_limit() -> None:
    """What would pass the total is refused before it is spent, and the error ends the command with 4."""
    budget = purse.purse(Decimal("10.00"), AGENTS)
    budget.add(Decimal("6.00"), 0)
    with pytest.raises(BudgetError, match=r"10\.00 dollars is used up"):
        budget.reserve(Decimal("5.00"), 0)
    assert purse.exceeded("INC-1", "r", Decimal("10.00"), Decimal("6.00")).exit_code == 4


def test_orchestrator_budget_enforcement_across_agents() -> None:
    """No agent passes its third, though the others have spent nothing."""
    budget = purse.purse(Decimal("10.00"), AGENTS)
    with pytest.raises(BudgetError, match="observe_network"):
        budget.reserve(Decimal("3.34"), 0, node=f"{purse.NODE}network")
    budget.reserve(Decimal("3.33"), 0, node=f"{purse.NODE}network")


def test_orchestrator_hypothesis_deduplication() -> None:
    """The same cause of the same service is one hypothesis, a little surer for each agent more."""
    each = [RankedHypothesis(name, "cause", "db", "slow", [name], 0.6, [f"O-{name}"]) for name in AGENTS]
    (together,) = merged(each)
    assert (together.raw, list(together.by), len(together.evidence_for)) == (0.7, list(AGENTS), 3)


def test_orchestrator_cost_calculation_accuracy() -> None:
    """A call costs its tokens by the price, exactly, without a float on the way."""
    assert Price(input=Decimal("0.15"), output=Decimal("0.60")).cost(1_000, 3) == Decimal("0.0001518")


def test_orchestrator_says_what_models_cost_a_run(desk: Store) -> None:
    """A run whose models cost many times what earlier runs' did is said to be dear, and by which node."""
    for number in range(7):
        run = runs.start(desk, graph="incident", thread_id=f"dear {number}", started_by="riley")
        dollars = "4.20" if number == 6 else f"0.2{number}"
        trail.append(desk, run.run_id, "tieout", "model call", cost=dollars, details={"node": "investigate"})
        if number < 6:
            runs.close(desk, run.run_id, "clean")
    row = incident_desk.open_target(desk, run.run_id, opened_by="riley")
    bench = IncidentBench(Subject.of(row), settings.load(), desk, Path())
    each = desks.of_outside(bench)
    assert "its models cost 4.2000 dollars, where earlier runs cost 0.2250; investigate" in each[0].text
    assert desks.hypotheses(bench.subject, each)[0].cause == "models_dear"


def test_orchestrator_spans_name_the_incident_and_count_observations() -> None:
    """A span carries the incident's id, its observer, and how much was seen: no text of what was seen."""
    seen_by = {"network": {"count": 3, "name": "observed-network"}}
    about = {"incident_id": "INC-1", "observer": "network"}
    assert span_attributes(about, {"observed": seen_by}) == {
        "incident.id": "INC-1",
        "observation_count": 3,
        "observer": "network",
    }
    assert span_attributes({"incident_id": "INC-1", "observed": seen_by}, {})["observation_count"] == 3
    assert TRACED.prefix == "investigation"


def test_orchestrator_parallel_execution_timing(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All three have begun before any of them ends, and each looks once."""
    together = threading.Barrier(3, timeout=30)

    def waiting(_: object) -> list[Observation]:
        together.wait()
        return []

    agents(monkeypatch, waiting, waiting, waiting)
    row = incident_desk.open_system(desk, ["payment-service"], opened_by="riley")
    incident_desk.investigate(desk, row)
    assert incidents.get(desk, row.incident_id).result["missing"] == {}


def test_orchestrator_end_to_end_with_real_agents(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real agents over recorded sources: hypotheses, ranked, and the agent without a source is named."""
    began = clock().now().fromtimestamp(time.time() - SINCE, tz=clock().now().tzinfo)
    with serving() as url:
        monkeypatch.setenv("TIEOUT_LOKI_URL", url)
        monkeypatch.setenv("TIEOUT_TEMPO_URL", url)
        row = incident_desk.open_system(
            desk, ["ledger"], title="Database slowdown", since=began, opened_by="riley"
        )
        incident_desk.investigate(desk, row)
    page = overview(desk, incidents.get(desk, row.incident_id))
    assert page["observations"]
    sure = [each["confidence"] for each in page["hypotheses"] if each["grounding"] != "RULED_OUT"]
    assert sure == sorted(sure, reverse=True)
    assert page["hypotheses"][0]["subject"] == "ledger"
    assert set(page["result"]["missing"]) == {"databases", "network"}


_RAN: dict[str, Any] = {"status": "ran", "error": "", "count": 1, "spent": "0", "seconds": 0.0}


def _spent(store: Store, run: OpenedIncident, name: str) -> Decimal:
    return purse.spent_by_node(store, run.run_id)[f"{purse.NODE}{name}"]
