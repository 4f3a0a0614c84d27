"""Why numbers moved and services failed, against labelled causes; beside each what a constant answer gets."""

from __future__ import annotations

import ast
import csv
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import yaml

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from benchmarks.scorers import whole_order
from tools.core import settings
from tools.incidents.numbers.elements import search
from tools.incidents.numbers.hypotheses import FLOOR
from tools.incidents.numbers.reading import read
from tools.incidents.systems import scores
from tools.incidents.systems.traversal import candidates
from tools.investigation import calibration

_NUMBERS: Final = "labels.yaml"
_MINUTE: Final = 60


def find(root: Path) -> Iterator[DataSet]:
    """Give folders of moved numbers, of service metrics, of a call graph with issues."""
    for folder in folders(root):
        if has(folder, _NUMBERS):
            yield DataSet(folder.name, (folder,))
        elif has(folder, "graph.csv"):
            yield DataSet(folder.parent.name, (folder,))
        elif any(folder.glob("*-*/*/anomalous.csv")):
            yield DataSet(folder.name, (folder,))


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Measure by what the folder is."""
    folder = data_set.folders[0]
    if has(folder, _NUMBERS):
        return list(_numbers(folder, work))
    return list(_call_graph(folder) if has(folder, "graph.csv") else _services(folder))


def _numbers(folder: Path, work: Path) -> Iterator[Figure]:
    labels = yaml.load((folder / _NUMBERS).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - texts only
    answers, raws, truths, orders, seconds = [], [], [], [], []
    for label in labels:
        question = _question(folder / f"{label['data']}.csv", int(label["timestamp"]))
        started = perf_counter()
        scored = _elements(question)
        seconds.append(perf_counter() - started)
        answers.append([element for element, _ in scored])
        raws.append([raw for _, raw in scored])
        orders.append([whole_order.parts(hypothesis) for hypothesis in whole_order.order(question, work)])
        truths.append(_causes(label["cause"]))
    common = [answer for answer, _ in Counter(cause for causes in truths for cause in causes).most_common(3)]
    first, three = _hits(answers, truths)
    constant = _hits([common] * len(truths), truths)
    note = "a constant answer: {:.2f}; first of several labelled counts"
    yield Figure("element that moved it: first", first, "at least", 0.70, note.format(constant[0]))
    yield Figure("element that moved it: first three", three, "at least", 0.93, note.format(constant[1]))
    first, three = _hits(orders, truths)
    yield Figure("first of all hypotheses", first, "at least", 0.70, note.format(constant[0]))
    yield Figure("among the first three of all", three, "at least", 0.93, note.format(constant[1]))
    yield from _reliability(answers[1::2], raws[1::2], truths[1::2])
    middle = sorted(seconds)[len(seconds) // 2]
    yield Figure("seconds a case (median)", round(middle, 3), "at most", 0.2)


def _reliability(
    answers: Sequence[Sequence[Any]], raws: Sequence[Sequence[float]], truths: Sequence[Sequence[Any]]
) -> Iterator[Figure]:
    """Hold what was said against what was right, on the half that calibration did not see."""
    rows: dict[float, list[tuple[float, bool]]] = {}
    for elements, scores_of, truth in zip(answers, raws, truths, strict=True):
        for element, raw in zip(elements, scores_of, strict=True):
            sure = calibration.confidence("number", raw)[0]
            rows.setdefault(calibration.bin_of(raw), []).append((sure, element in truth))
    for bound, pairs in sorted(rows.items()):
        mean = sum(sure for sure, _ in pairs) / len(pairs)
        right = sum(is_right for _, is_right in pairs)
        note = f"{right} of {len(pairs)} were right"
        yield Figure(f"said {mean:.2f} (raw from {bound:g}): right", share(right, len(pairs)), note=note)


def _question(path: Path, minute: int) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    return {
        "file": str(path),
        "metric": "value/cnt",
        "time": "min",
        "by": [name for name in header if name not in ("min", "value", "cnt")],
        "window": f"{minute}..{minute + _MINUTE - 1}",
        "against": f"{minute - 4 * _MINUTE}..{minute - 1}",
    }


def _elements(question: dict[str, Any]) -> list[tuple[frozenset[tuple[str, str]], float]]:
    with read(question, settings.load()) as reading:
        elements = search(reading.measure).elements
    total = sum(math.exp(element.score) for element in elements) + FLOOR
    return [(frozenset(element.parts), math.exp(element.score) / total) for element in elements]


def _causes(text: Any) -> list[frozenset[tuple[str, str]]]:  # noqa: ANN401 - text, or what YAML made of it
    value = ast.literal_eval(text) if isinstance(text, str) else text
    return [
        frozenset((name, str(part)) for name, part in item.items())
        for item in (value if isinstance(value, list) else [value])
    ]


def _services(folder: Path) -> Iterator[Figure]:
    answers: list[list[str]] = []
    metrics: list[list[str]] = []
    truths: list[list[str]] = []
    for path in sorted(folder.glob("*-*/*/anomalous.csv")):
        moved_by_metric = _deviations(path)
        by_service: dict[str, dict[str, float]] = {}
        for name, moved in moved_by_metric.items():
            by_service.setdefault(name.partition("_")[0], {})[name] = moved
        order = sorted(by_service, key=lambda item: -max(abs(value) for value in by_service[item].values()))
        answers.append(order)
        metrics.append([scores.by_resource(by_service[item])[0][0] for item in order])
        truths.append([path.parents[1].name])
    services = [[truth[0].rpartition("-")[0]] for truth in truths]
    named = [["_".join(truth[0].rsplit("-", 1))] for truth in truths]
    for word, named_answers, true, bars in (
        ("service at fault", answers, services, (0.90, 0.98)),
        ("metric at fault", metrics, named, (0.80, 0.96)),
    ):
        first, three = _hits(named_answers, true)
        common = [answer for answer, _ in Counter(item[0] for item in true).most_common(3)]
        constant = _hits([common] * len(true), true)
        yield Figure(f"{word}: first", first, "at least", bars[0], f"a constant answer: {constant[0]:.2f}")
        yield Figure(
            f"{word}: first three", three, "at least", bars[1], f"a constant answer: {constant[1]:.2f}"
        )
    yield _normal_minutes(sorted(folder.glob("*-*/*/normal.csv")))


def _normal_minutes(paths: Sequence[Path]) -> Figure:
    """Cut normal time in two at five places: of how many services is nothing unusual said."""
    quiet: list[bool] = []
    for path in paths:
        columns = _columns(path)
        for tenth in (3, 4, 5, 6, 7):
            farthest: dict[str, float] = {}
            for name, values in columns.items():
                cut = len(values) * tenth // 10
                moved, service = abs(scores.since(values[:cut], values[cut:])), name.partition("_")[0]
                farthest[service] = max(farthest.get(service, 0.0), moved if name != "time" else 0.0)
            quiet += [moved < scores.MOVED for service, moved in farthest.items() if service != "time"]
    note = f"{len(quiet)} times a service; always naming one: 0.00"
    return Figure(
        "nothing unusual said of normal minutes", share(sum(quiet), len(quiet)), "at least", 0.95, note
    )


def _deviations(path: Path) -> dict[str, float]:
    before, after = _columns(path.with_name("normal.csv")), _columns(path)
    return {
        name: scores.since(before[name], after[name]) for name in after if name != "time" and name in before
    }


def _columns(path: Path) -> dict[str, list[float]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [float(row[name]) if row[name] else math.nan for row in rows] for name in rows[0]}


def _call_graph(folder: Path) -> Iterator[Figure]:
    edges = _edges(folder / "graph.csv")
    nodes = {*edges, *(to for each in edges.values() for to in each)}
    outside = [node for node in nodes if node.endswith(("_remote", "_client"))]
    usual, _ = _petshop(folder / "noissue" / "metrics.csv")
    half = {key: values[: len(values) // 2] for key, values in usual.items()}
    later = {key: values[len(values) // 2 :] for key, values in usual.items()}
    answers, truths, targets = [], [], set()
    for path in sorted(folder.glob("train/*/target.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        target = label["target"]
        key = (target["metric"], target["agg"])
        targets.add((target["node"], key))
        window, _ = _petshop(path.with_name("metrics.csv"))
        moved = _risen(key, window, usual)
        answers.append([item.node for item in candidates(target["node"], moved, edges, outside)])
        truths.append([label["root_cause"]["node"]])
    first, three = _hits(answers, truths)
    yield Figure(
        "cause up the call graph: first", first, "at least", 0.70, "a constant answer: 0.31 (all traffic)"
    )
    yield Figure("cause up the call graph: first three", three, "at least", 0.88, "a constant answer: 0.77")
    quiet = [
        not candidates(node, _risen(key, _window(later, at), half), edges, outside)
        for node, key in sorted(targets)
        for at in range(0, min(map(len, later.values())) - 5, 5)
    ]
    note = f"{len(quiet)} windows of normal traffic; always naming one: 0.00"
    yield Figure(
        "nothing unusual said of normal windows", share(sum(quiet), len(quiet)), "at least", 0.9, note
    )


def _risen(
    key: tuple[str, str], window: dict[Any, list[float]], usual: dict[Any, list[float]]
) -> dict[str, float]:
    moved = {}
    for (node, *metric), values in window.items():
        if tuple(metric) != key or (node, *metric) not in usual:
            continue
        normal = [_bad(key[0], item) for item in usual[node, *metric]]
        cut = [normal[at : at + 5] for at in range(0, len(normal) - 5, 5)]
        moved[node] = scores.rise([_bad(key[0], item) for item in values], cut)
    return moved


def _bad(metric: str, value: float) -> float:
    """Turn per cent of success into per cent of failure: the more, the worse."""
    return 100.0 - value if metric == "availability" else value


def _window(usual: dict[Any, list[float]], at: int) -> dict[Any, list[float]]:
    return {key: values[at : at + 5] for key, values in usual.items()}


def _petshop(path: Path) -> tuple[dict[Any, list[float]], list[float]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    keys = list(zip(rows[0][1:], rows[1][1:], rows[2][1:], strict=True))
    body = [row for row in rows[3:] if row[0] and row[0] != "unix_timestamp"]
    columns = {
        key: [float(row[at]) if row[at] else math.nan for row in body] for at, key in enumerate(keys, 1)
    }
    return columns, [float(row[0]) for row in body]


def _edges(path: Path) -> dict[str, list[str]]:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    names = rows[0][1:]
    return {
        row[0]: [name for name, value in zip(names, row[1:], strict=True) if float(value) and name != row[0]]
        for row in rows[1:]
    }


def _hits(answers: Sequence[Sequence[Any]], truths: Sequence[Sequence[Any]]) -> tuple[float, float]:
    def rate(most: int) -> float:
        pairs = zip(answers, truths, strict=True)
        right = sum(any(item in truth for item in answer[:most]) for answer, truth in pairs)
        return round(right / len(truths), 4) if truths else 0.0

    return rate(1), rate(3)
