"""A run of the desk: why it was slow, stuck or failed, out of what the desk itself recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Final

from sqlalchemy import select

from tools.core.clock import clock
from tools.incidents.desks import costs, held_up, silence
from tools.incidents.subject import IncidentBench, Subject
from tools.incidents.systems import scores
from tools.investigation.disproof import DEVIATES
from tools.investigation.hypothesis import INNOCENT, NOT_ENOUGH, RankedHypothesis
from tools.investigation.observation import Observation
from tools.store import Store, runs, trail
from tools.store.models import ApprovalRequest, Run, Task

PEERS: Final = 20  # earlier runs of the same graph that say how long a node takes anyway
LONG: Final = timedelta(minutes=30)
WHOLE: Final = "run"
WAITS_SHORTLY: Final = 0.6  # raw score of people who were asked just now: what was slow explains more


def of_runs(bench: IncidentBench) -> list[Observation]:
    """See how long each node took beside earlier runs of the same graph, and how the run stands."""
    run = runs.get(bench.store, str(bench.subject.question["run_id"]))
    usual: dict[str, list[float]] = {}
    entries = trail.entries(bench.store, run.run_id)
    for peer in _peers(bench.store, run):
        for node, seconds in _durations(bench.store, peer.run_id).items():
            usual.setdefault(node, []).append(seconds)
    spent = _durations(bench.store, run.run_id)
    whole, worked = _whole(run, spent), _worked(run, entries)
    longest = sorted(spent.items(), key=lambda pair: -pair[1])[:6]
    nodes = [
        _of_node(number, step, usual.get(step[0], []), run, worked) for number, step in enumerate(longest, 1)
    ]
    return [whole, *nodes, *held_up.of_steps(nodes, entries, whole)]


def of_store(bench: IncidentBench) -> list[Observation]:
    """See what the run waits for: people, a source that is away, a worker."""
    run = runs.get(bench.store, str(bench.subject.question["run_id"]))
    observations = []
    if run.status == "paused":
        text = f"it is put aside after {run.attempts} tries: {run.error}"
        observations.append(_plain("W1", "store", "paused", text, run))
    with bench.store.read() as session:
        waiting = select(ApprovalRequest).where(
            ApprovalRequest.run_id == run.run_id, ApprovalRequest.status == "open"
        )
        for request in session.scalars(waiting):
            text = f"it waits for people since {request.requested_at:%Y-%m-%d %H:%M}: {request.title}."
            long = clock().now() - request.requested_at > LONG
            details: dict[str, Any] = {} if long else {"raw": WAITS_SHORTLY}
            waits = _plain(f"W{len(observations) + 1}", "store", "waits", text, run)
            observations.append(replace(waits, details=details))
        tasks = select(Task).where(Task.run_id == run.run_id, Task.status.in_(("ready", "running", "failed")))
        for task in session.scalars(tasks):
            text = f"its task {task.task_id} ({task.kind}) is {task.status}, attempt {task.attempt}."
            observations.append(
                _plain(f"W{len(observations) + 1}", "store", "task", f"{text} {task.error}".strip(), run)
            )
    return [*observations, *_silence(bench, run)]


def of_outside(bench: IncidentBench) -> list[Observation]:
    """See what failed on its trail: nodes with errors, calls of models that came back with none."""
    run = runs.get(bench.store, str(bench.subject.question["run_id"]))
    failed = [entry for entry in trail.entries(bench.store, run.run_id) if entry["error"]]
    kinds: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for entry in failed:
        kinds.setdefault((str(entry["action"]), str(entry["error"])), []).append(entry)
    observations = [
        _failure(number, action, error, entries)
        for number, ((action, error), entries) in enumerate(sorted(kinds.items()), 1)
    ]
    observations += costs.of_models(bench.store, run, _peers(bench.store, run))
    if run.error and not failed:
        observations.append(_plain("F0", "outside", "failed", f"it says: {run.error}", run))
    return observations


def hypotheses(subject: Subject, observations: Sequence[Observation]) -> list[RankedHypothesis]:
    """Make hypotheses: a node that failed, one that was slow, somebody or something that is waited for."""
    del subject
    hypotheses = list(_causes(observations))
    peers = max((int(item.details.get("peers", 0)) for item in observations), default=0)
    hypotheses.append(_innocent(observations, peers, is_usual=not hypotheses))
    text = f"{peers} earlier runs to compare with; the cause may lie outside what the desk records."
    hypotheses.append(
        RankedHypothesis("N1", NOT_ENOUGH, "", text, ["desk"], 0.1 if peers >= scores.ENOUGH else 0.3)
    )
    return hypotheses


def edges(subject: Subject, observations: Sequence[Observation]) -> dict[str, list[str]]:
    """Give what the run depends on: its nodes, and what it waits for."""
    return {str(subject.question["run_id"]): [item.node for item in observations if item.what != WHOLE]}


def symptom(subject: Subject, observations: Sequence[Observation]) -> str:
    """Give the run itself."""
    del observations
    return str(subject.question["run_id"])


def _causes(observations: Sequence[Observation]) -> Iterator[RankedHypothesis]:
    whole = next((item.node for item in observations if item.what == WHOLE), "")
    words = {
        "failed": ("node_failed", 0.85, "Mend what the message names, then: tieout resume RUN."),
        "waits": ("waits_for_people", 0.8, "See 'tieout approvals'."),
        "paused": ("source_away", 0.8, "See whether the source answers: tieout health."),
        "task": ("task_stuck", 0.6, "See 'tieout tasks', and whether a worker runs: tieout work."),
        silence.ENDED: ("process_ended", 0.85, "Go on with it: tieout resume RUN."),
        silence.STOPPED: ("process_stopped", 0.9, "Let it go on (kill -CONT), or end it: tieout resume RUN."),
        silence.SILENT: (
            "process_silent",
            0.6,
            "See what that process waits for; end it: tieout resume RUN.",
        ),
        held_up.WHAT: ("held_up", 0.8, "See what else the machine and the store did then."),
        costs.COST: ("models_dear", 0.7, "See which cases the node asked about: tieout trail RUN."),
    }
    for item in observations:
        if item.deviation < DEVIATES:
            continue
        if item.what in words:
            cause, raw, check = words[item.what]
            raw = item.details.get("raw", raw)
            yield RankedHypothesis(
                f"C-{item.observation_id}", cause, item.node, item.text, [item.observer], raw,
                [item.observation_id], path=[item.node, whole], told_by=check,
            )  # fmt: skip
        elif item.details.get("node"):
            yield RankedHypothesis(
                f"C-{item.observation_id}", "node_slow", item.node, item.text, [item.observer],
                min(0.75, 0.4 + float(item.details["share"])), [item.observation_id],
                path=[item.node, whole], share=float(item.details["share"]),
                told_by="Compare the sizes of what it read with those of runs before it.",
            )  # fmt: skip


def _peers(store: Store, run: Run) -> list[Run]:
    every = runs.list_runs(store, kind=run.kind, limit=200)
    before = [peer for peer in every if peer.graph == run.graph and peer.started_at < run.started_at]
    return [peer for peer in before if peer.status in ("closed", "waiting")][:PEERS]


def _durations(store: Store, run_id: str) -> dict[str, float]:
    spent: dict[str, float] = {}
    for entry in trail.entries(store, run_id):
        if entry["duration_ms"] and entry["action"] != "model call":
            spent[entry["action"]] = spent.get(entry["action"], 0.0) + entry["duration_ms"] / 1000
    return spent


def _silence(bench: IncidentBench, run: Run) -> Iterator[Observation]:
    """See whether an open run fell silent, beside the longest steps of runs before it."""
    if run.status == "open":
        peers = (_durations(bench.store, peer.run_id).values() for peer in _peers(bench.store, run))
        steps = [max(seconds) for seconds in peers if seconds]
        yield from silence.of_run(run, trail.entries(bench.store, run.run_id), steps, bench.settings)


def _whole(run: Run, spent: Mapping[str, float]) -> Observation:
    until = run.ended_at or clock().now()
    lasted, worked = (until - run.started_at).total_seconds(), sum(spent.values())
    text = f"it is {run.status} and lasted {lasted:.1f} s, of which its nodes worked {worked:.1f} s."
    is_late = run.ended_at is None and until - run.started_at > LONG
    deviation = DEVIATES if is_late or run.status == "failed" else 0.0
    return Observation(
        "R0", "runs", WHOLE, text, node=run.run_id, value=round(lasted, 3), deviation=deviation, unit="s",
        scope=run.graph, query=_query(run.run_id),
    )  # fmt: skip


def _worked(run: Run, entries: Sequence[Mapping[str, Any]]) -> float:
    """Give for how long it has worked: of one that waits for people, until it last did anything."""
    until = run.ended_at or clock().now()
    if run.status == "waiting" and entries:
        until = datetime.fromisoformat(str(entries[-1]["at"]))
    return max((until - run.started_at).total_seconds(), 0.001)


def _innocent(observations: Sequence[Observation], peers: int, *, is_usual: bool) -> RankedHypothesis:
    """Give the reading that nothing is wrong; too few earlier runs do not say how long it takes."""
    whole = [item.observation_id for item in observations if item.what == WHOLE]
    if not is_usual:
        return RankedHypothesis("I1", INNOCENT, "", "more books than usual.", ["desk"], 0.1, [])
    text, raw = "nothing unusual: it took as long as runs before it.", 0.7
    if peers < scores.ENOUGH:
        text = f"no sign of anything unusual; there are {peers} earlier runs to say how long it takes."
        raw = 0.4
    return RankedHypothesis("I1", INNOCENT, "", text, ["desk"], raw, whole)


def _of_node(
    number: int, step: tuple[str, float], usual: Sequence[float], run: Run, worked: float
) -> Observation:
    node, seconds = step
    expected = median(usual) if usual else None
    before = f", where earlier runs took {expected:.1f} s" if expected is not None else ""
    return Observation(
        f"R{number}", "runs", node, f"{node} took {seconds:.1f} s{before}.", node=node, value=seconds,
        expected=expected, deviation=round(scores.deviation(usual, [seconds]), 3), unit="s", scope=run.graph,
        query=_query(run.run_id),
        series=[[f"run {at}", value] for at, value in enumerate([*usual, seconds], 1)],
        details={"node": node, "share": round(min(1.0, seconds / worked), 4), "peers": len(usual)},
    )  # fmt: skip


def _failure(number: int, action: str, error: str, entries: Sequence[Mapping[str, Any]]) -> Observation:
    times = f"{len(entries)} times" if len(entries) > 1 else "once"
    return Observation(
        f"F{number}", "outside", "failed", f"{action} failed {times}: {error}", node=action,
        deviation=10.0, first_seen=str(entries[0]["at"]), query=_query(str(entries[0]["run_id"])),
    )  # fmt: skip


def _plain(name: str, observer: str, what: str, text: str, run: Run) -> Observation:
    return Observation(
        name, observer, what, text, node=what, deviation=5.0, scope=run.graph, query=_query(run.run_id)
    )


def _query(run_id: str) -> dict[str, Any]:
    return {"engine": "trail", "parameters": {"run": run_id}}
