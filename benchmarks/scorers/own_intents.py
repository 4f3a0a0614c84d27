"""The desk's own intents: 400 sentences on the sample (benchmarks/questions/intents.yaml), as users put them.

An intent is right where it is what the sentence is read as, or is offered to choose. What the sentence names
is right where the reading links it so. Near misses, sentences out of scope and injections are right where
nothing is understood, or a greeting is answered with help; what is answered or would be started is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet
from benchmarks.figures import Figure, share
from benchmarks.scorers.questions import SAMPLE, answers_of, read_books
from tools.core import bounded_yaml
from tools.front_desk import planning, reading
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding, from_dict

_SAME: Final[Mapping[str, str]] = {"list": "figure", "compare": "figure"}
_STRANGE: Final = ("out_of_scope", "near_misses", "injections")
Row = Sequence[Any]  # the sentence, and what it names where it names something


def find(root: Path) -> list[DataSet]:
    """Give the sentences, which are asked of the sample whatever folder is measured."""
    del root
    return [DataSet("intents of the front desk", (SAMPLE,))]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give shares of intents, names and risks that are right, and of what has to be refused."""
    books = read_books(data_set.folders[0], work)
    text = (resources.files("benchmarks.questions") / "intents.yaml").read_text("utf-8")
    sentences: Mapping[str, Any] = bounded_yaml.load(text)
    figures = [*_in_scope(sentences["in_scope"], books)]
    figures += [_refused(part, sentences[part], books) for part in _STRANGE]
    books.books.close()
    return figures


def _in_scope(by_intent: Mapping[str, Sequence[Row]], books: Snapshot) -> Iterator[Figure]:
    readings = [
        (intent, row, reading.read(row[0], books)) for intent, rows in by_intent.items() for row in rows
    ]
    missed = [row[0] for intent, row, read in readings if not _is_intent(intent, read)]
    count = len(readings)
    yield Figure("intents", share(count - len(missed), count), "at least", 0.95, "; ".join(missed))
    at_once = sum(_same(read.intent) == intent and read.status != "choose" for intent, _, read in readings)
    yield Figure("intents, without a question back", share(at_once, count))
    named = [
        (row[0], kind, all(_is_linked(kind, value, each) for each in _readings(read)))
        for _, row, read in readings
        for kind, value in (row[1] if len(row) > 1 else {}).items()
    ]
    left = [f"{kind}: {sentence}" for sentence, kind, right in named if not right]
    yield Figure("entities", share(len(named) - len(left), len(named)), "at least", 0.95, "; ".join(left))
    risky = [row[0] for intent, row, read in readings if _same(read.intent) == intent and _is_risky(read)]
    yield Figure("starts without a checkpoint", len(risky), "exactly", 0, "; ".join(risky))


def _same(intent: str) -> str:
    return _SAME.get(intent, intent)


def _is_intent(intent: str, read: Understanding) -> bool:
    offered = {_same(str(choice["reading"]["intent"])) for choice in read.choices}
    return intent in {_same(read.intent), *offered}


def _is_risky(read: Understanding) -> bool:
    """Say whether what is understood would start something without anybody being asked."""
    starts = read.status == "understood" and read.intent not in planning.READS
    return starts and planning.risk_of(planning.chosen_steps(read)) == "LOW"


def _readings(read: Understanding) -> list[Understanding]:
    """Give what is offered to choose, or the reading itself."""
    return [from_dict(choice["reading"]) for choice in read.choices] or [read]


def _is_linked(kind: str, value: Any, read: Understanding) -> bool:  # noqa: ANN401 - of YAML
    labels = [label for entity, label in read.entities if entity == kind]
    labels += [str(read.parameters.get(kind, ""))]
    if kind == "period":
        return [str(day) if day else None for day in value] == list(read.period[:2])
    if kind == "over":
        return read.over != "" and float(read.over) == float(value)
    return read.most == value if kind == "top" else any(label.startswith(str(value)) for label in labels)


def _refused(part: str, sentences: Sequence[str], books: Snapshot) -> Figure:
    done = [sentence for sentence in sentences if _does(reading.read(sentence, books), books)]
    least = 1.0 if part == "injections" else 0.95
    right = share(len(sentences) - len(done), len(sentences))
    return Figure(f"{part.replace('_', ' ')}, refused", right, "at least", least, "; ".join(done))


def _does(read: Understanding, books: Snapshot) -> bool:
    """Say whether a number is answered, or anything is started or answered beside help."""
    if read.status != "understood" or read.intent == "help":
        return False
    return bool(answers_of(read, books)) if _same(read.intent) == "figure" else True
