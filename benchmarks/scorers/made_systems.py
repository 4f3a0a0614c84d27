"""Services that failed, on call graphs made for it: how often the one at fault is named, and calm kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.synthetic.service_graphs import BEGAN, FAULTS, MINUTES, MadeSystem, generate
from tools.incidents import conclude
from tools.incidents.subject import Subject
from tools.incidents.systems import metrics
from tools.incidents.systems.observers import hypotheses
from tools.incidents.systems.series import ServiceSeries
from tools.investigation import calibration, disproof
from tools.investigation.hypothesis import RankedHypothesis, merged
from tools.investigation.observation import Observation

CASES: Final = 10
FIRST_SEED: Final = 9000  # the table of confidence was made of the seeds from 1000
AT: Final = datetime(2025, 5, 1, 12, tzinfo=UTC)
GONE: Final = "gone"  # its callers see errors as of any other, and of itself nothing is measured any more
_PARTS: Final = {"databases": {"status": "ran"}}


def find(root: Path) -> list[DataSet]:
    """Give every fault, and quiet systems, whatever the folder: they are made, not found."""
    return [DataSet(f"made_systems, {kind}", (root,)) for kind in (*FAULTS, GONE, "quiet", "confidence")]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Measure one kind; of quiet systems how often nothing is said to be wrong."""
    del work
    kind = data_set.name.removeprefix("made_systems, ")
    if kind == "confidence":
        return list(_reliability())
    if kind == "quiet":
        quiet = [answered(generate(FIRST_SEED + number))[0].cause == "innocent" for number in range(CASES)]
        note = f"{CASES} systems; always naming one: 0.00"
        return [Figure("nothing unusual said", share(sum(quiet), CASES), "at least", 0.9, note)]
    is_gone = kind == GONE
    systems = [generate(FIRST_SEED + number, "errors" if is_gone else kind) for number in range(CASES)]
    names = [[each.subject for each in answered(system, is_gone=is_gone)[:3]] for system in systems]
    first = sum(named[0] == system.failed for named, system in zip(names, systems, strict=True))
    three = sum(system.failed in named for named, system in zip(names, systems, strict=True))
    chance = sum(1 / len(system.calls) for system in systems) / CASES
    note = f"a constant answer: {chance:.2f}"
    return [
        Figure("service at fault: first", share(first, CASES), "at least", 0.7, note),
        Figure("service at fault: first three", share(three, CASES), "at least", 0.88),
    ]


def answered(system: MadeSystem, *, is_gone: bool = False) -> list[RankedHypothesis]:
    """Give the hypotheses about a system in their order. is_gone: what failed is measured no more."""
    subject = Subject("INC-1", "system", "", "HIGH", AT, (system.entry,), {})
    observations = list(_observations(system, system.failed if is_gone else ""))
    causes = merged(hypotheses(subject, observations))
    context = conclude.context(subject, observations)
    attempts = {each.hypothesis_id: disproof.attempts_at(each, context) for each in causes}
    return conclude.judged(subject, observations, causes, attempts, parts=_PARTS)


def results(first_seed: int) -> Iterator[tuple[RankedHypothesis, bool]]:
    """Give each service that is blamed, and whether rightly: what the table of confidence is made of."""
    for fault in FAULTS:
        for number in range(CASES):
            system = generate(first_seed + number, fault)
            for each in answered(system):
                if each.cause == "service_at_fault":
                    yield each, each.subject == system.failed


def _observations(system: MadeSystem, gone: str) -> Iterator[Observation]:
    began = AT.timestamp()
    times = [began + 60 * (minute - BEGAN) for minute in range(MINUTES)]
    topology = [[caller, callee] for caller, each in system.calls.items() for callee in each]
    for service, columns in system.series.items():
        last = BEGAN if service == gone else MINUTES
        series = [
            ServiceSeries(name, "", times[:last], [float(value) for value in values[:last]])
            for name, values in columns.items()
        ]
        for network in (False, True):
            facts = metrics.facts(series, service, (began, times[-1]), network=network)
            for number, fact in enumerate(facts):
                details = {**fact.pop("details"), "topology": topology}
                name = f"{service}.{network:d}.{number}"
                yield Observation(name, "databases", scope=service, details=details, **fact)


def _reliability() -> Iterator[Figure]:
    rows: dict[float, list[tuple[float, bool]]] = {}
    for each, is_right in results(FIRST_SEED):
        rows.setdefault(calibration.bin_of(each.raw), []).append((each.confidence, is_right))
    for bound, pairs in sorted(rows.items()):
        mean = sum(sure for sure, _ in pairs) / len(pairs)
        right = sum(is_right for _, is_right in pairs)
        note = f"{right} of {len(pairs)} were right"
        yield Figure(f"said {mean:.2f} (raw from {bound:g}): right", share(right, len(pairs)), note=note)
