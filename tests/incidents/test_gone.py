"""Services that are there no more: their metrics end, their targets are down, they log nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.incidents import conclude
from tools.incidents.subject import Subject
from tools.incidents.systems import log_silence, metrics, presence
from tools.incidents.systems.clients import HttpAnswer
from tools.incidents.systems.log_silence import ServiceLines
from tools.incidents.systems.observers import hypotheses
from tools.incidents.systems.series import ServiceSeries, series_of
from tools.investigation import disproof
from tools.investigation.hypothesis import RankedHypothesis
from tools.investigation.observation import Observation

STEP, BEGAN, UNTIL = 60, 3600, 7200
CALLS = {"shop": ["payments", "stock"], "payments": ["ledger"], "ledger": ["disk"]}
SUBJECT = Subject("INC-1", "system", "", "HIGH", datetime.fromtimestamp(BEGAN, UTC), ("shop",), {})
MOMENTS = range(0, UNTIL + 1, STEP)


def rows(
    service: str, wrong: bool, *, targets: int = 2, down: range = range(0), up: bool = False
) -> Iterator[dict[str, Any]]:
    """Give Prometheus' rows of a service. down: seconds in which its first targets are away."""
    for number in range(targets):
        labels = {"job": service, "instance": f"{service}-{number}:80"}
        away = set(down) if number < max(1, targets - 1) or targets == 2 else set()
        points = {at: 10 + (at // STEP * 7 + number) % 5 + 90 * (wrong and at >= BEGAN) for at in MOMENTS}
        kept = [[float(at), str(value)] for at, value in points.items() if at not in away]
        yield {"metric": {"__name__": "latency_ms", **labels}, "values": kept}
        if up:
            values = [[float(at), "0" if at in away else "1"] for at in MOMENTS]
            yield {"metric": {"__name__": "up", **labels}, "values": values}


def judged(series: Mapping[str, Sequence[ServiceSeries]]) -> list[RankedHypothesis]:
    """Give what is said of services by their series."""
    topology = [[caller, callee] for caller, each in CALLS.items() for callee in each]
    observations = [
        Observation(
            f"{name}.{network:d}.{number}", "network", scope=name,
            details={**fact.pop("details"), "topology": topology}, **fact,
        )
        for name, each in series.items()
        for network in (False, True)
        for number, fact in enumerate(metrics.facts(each, name, (BEGAN, UNTIL), network=network))
    ]  # fmt: skip
    causes = hypotheses(SUBJECT, observations)
    context = conclude.context(SUBJECT, observations)
    attempts = {each.hypothesis_id: disproof.attempts_at(each, context) for each in causes}
    return conclude.judged(SUBJECT, observations, causes, attempts, parts={"network": {"status": "ran"}})


@pytest.mark.parametrize("up", [False, True], ids=["its series end", "its targets are down"])
@pytest.mark.parametrize("until", [UNTIL + 1, BEGAN + 900], ids=["for good", "for a quarter of an hour"])
def test_a_service_that_is_gone_is_the_cause(until: int, up: bool) -> None:
    """Those that wait for it deviate farther, and so does what only it asks: it is named, and surely."""
    away = range(BEGAN, until)
    series = {
        "shop": series_of(rows("shop", wrong=True)),
        "payments": series_of(rows("payments", wrong=True)),
        "ledger": series_of(rows("ledger", wrong=False, down=away, up=up)),
        "disk": series_of(rows("disk", wrong=True)),
        "stock": series_of(rows("stock", wrong=False)),
    }
    first = judged(series)[0]
    assert (first.subject, first.grounding) == ("ledger", "CONFIRMED")
    assert first.path == ("ledger", "payments", "shop")
    assert "nothing" in first.statement
    assert first.confidence > 0.8


def test_what_is_measured_of_nobody_blames_nobody() -> None:
    """Where all services end in one moment the measuring may have: that is said, and not that all is well."""
    away = range(BEGAN, UNTIL + 1)
    first = judged({name: series_of(rows(name, wrong=False, down=away)) for name in ("shop", "payments")})[0]
    assert (first.cause, first.grounding) == ("not_enough_seen", "INCONCLUSIVE")
    assert "the measuring itself" in first.statement


def test_a_service_with_fewer_targets_is_seen() -> None:
    """Two of three targets are away: it says how many are left, and is no service that is gone."""
    (fact,) = presence.facts(
        series_of(rows("ledger", wrong=False, targets=3, down=range(BEGAN, UNTIL + 1))),
        "ledger",
        BEGAN,
        UNTIL,
    )
    assert "only 1 of 3 targets is measured" in fact["text"]
    assert -10 < fact["deviation"] <= -3


@given(st.integers(1, 4), st.sets(st.integers(0, 120), max_size=40))
def test_points_that_are_missed_are_no_silence(targets: int, missed: set[int]) -> None:
    """Single points that did not come, of any target, say nothing: five minutes without any do."""
    lone = {at * STEP for at in missed if not {at - 1, at - 2, at - 3, at - 4} & missed}
    each = [
        ServiceSeries("cpu_usage", "", times, [1.0] * len(times), f"target-{number}")
        for number in range(targets)
        if (times := [float(at) for at in MOMENTS if at not in lone])
    ]
    assert presence.facts(each, "ledger", BEGAN, UNTIL) == []


def test_a_value_that_prometheus_repeats_is_not_measured() -> None:
    """What is pushed is repeated for five minutes after it ended: it ended when it last changed."""
    values = [*(float(at % 7) for at in range(60)), *[59.0 % 7] * 5]
    times = [float(at * STEP) for at in range(65)]
    (fact,) = presence.facts([ServiceSeries("cpu_usage", "", times, values)], "ledger", BEGAN, UNTIL)
    assert fact["first_seen"] == datetime.fromtimestamp(59 * STEP, UTC).isoformat()


def cpu(target: str, seconds: range, more: float) -> ServiceSeries:
    """Give a target's CPU, which uses more since the incident began."""
    times = [float(at) for at in seconds if at % STEP == 0]
    values = [1.0 + at // STEP % 3 / 10 + more * (at >= BEGAN) for at in times]
    return ServiceSeries("cpu_usage", "", times, values, target)


@pytest.mark.parametrize("bad", [0, 1, 2])
def test_one_bad_target_of_several_is_seen(bad: int) -> None:
    """Whichever target of a service moved is named, and its rollout is held against the mean before."""
    targets = [cpu(f"pod-{number}", range(UNTIL), 5.0 * (number == bad)) for number in range(3)]
    fact = metrics.facts(targets, "ledger", (BEGAN, UNTIL), network=False)[0]
    assert fact["deviation"] > 10
    assert f"of ledger on pod-{bad} is" in fact["text"]
    rollout = [cpu("old", range(BEGAN), 5.0), cpu("new", range(BEGAN, UNTIL), 5.0)]
    (rolled,) = metrics.facts(rollout, "ledger", (BEGAN, UNTIL), network=False)
    assert rolled["deviation"] > 10


def lines(service: str, last: int, *, is_whole: bool = True) -> ServiceLines:
    """Give a line every ten seconds until the last."""

    def answer(begin: int, end: int) -> HttpAnswer:
        query = {"parameters": {"start": str(begin * 10**9), "end": str(end * 10**9)}}
        values: list[Any] = [(at * 10**9, "served", {}) for at in range(begin, min(end, last), 10)]
        return HttpAnswer(values, query, is_whole)

    return ServiceLines(service, answer(0, BEGAN), answer(BEGAN, UNTIL))


def test_a_service_that_falls_silent_is_seen() -> None:
    """It is said by how many lines; not of one that goes on, was cut off, or where nobody logs any more."""
    (quiet,) = log_silence.silent([lines("ledger", BEGAN), lines("shop", UNTIL)], "A", "applications")
    assert (quiet.node, quiet.value, quiet.expected) == ("ledger", 0.0, 360.0)
    assert quiet.deviation == -10
    cut = lines("ledger", BEGAN, is_whole=False)
    assert list(log_silence.silent([cut, lines("shop", UNTIL)], "A", "applications")) == []
    (nobody,) = log_silence.silent([lines("ledger", BEGAN), lines("shop", BEGAN)], "A", "applications")
    assert (nobody.node, nobody.deviation) == ("", 0.0)
    assert "lines may no longer arrive" in nobody.text
