"""Questions on a ledger: what the front desk answers, held against queries that somebody wrote beside them.

Data sets: the sample with benchmarks/questions/sample.yaml, and every folder with a sources.yaml and a
questions.yaml of the same shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, Final

from benchmarks.datasets import DataSet, folders, has
from benchmarks.figures import Figure, share
from tools import ledger
from tools.checks import catalogue
from tools.core import bounded_yaml
from tools.core.clock import clock
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.front_desk import reading, snapshot
from tools.front_desk.answering import FigureAnswer
from tools.front_desk.reading_answers import answers_to
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import Understanding, from_dict
from tools.ledger.sources import load
from tools.store.models import AuditRun

SAMPLE: Final = Path(__file__).parents[2] / "samples"
_ASKS: Final = ("figure", "list", "compare")
_NEAR: Final = Decimal("0.06")  # a mean is told to one decimal


def find(root: Path) -> list[DataSet]:
    """Give the sample, and every folder with books and questions on them."""
    with_questions = [folder for folder in folders(root) if has(folder, "sources.yaml", "questions.yaml")]
    return [DataSet(f"questions on {folder.name}", (folder,)) for folder in (SAMPLE, *with_questions)]


def score(data_set: DataSet, work: Path) -> list[Figure]:
    """Give how many questions are answered, how many of those rightly, and how many of all wrongly."""
    (folder,) = data_set.folders
    books = read_books(folder, work)
    verdicts, wrong = Counter[str](), list[str]()
    for question in _questions(folder):
        verdict = _verdict(question, books)
        verdicts[verdict] += 1
        wrong += [question["ask"]] if verdict in ("wrong", "invented") else []
    books.books.close()
    answered = verdicts["right"] + verdicts["wrong"]
    mistaken = verdicts["wrong"] + verdicts["invented"]
    able = verdicts["right"] + verdicts["wrong"] + verdicts["asked"] + verdicts["refused"]
    return [
        Figure("questions", verdicts.total(), note=f"{able} of them have a number"),
        Figure("answered", share(answered, able), "at least", 0.70),
        Figure("asked back", verdicts["asked"]),
        Figure("right of the answered", share(verdicts["right"], answered), "at least", 0.98),
        Figure("wrong of all", share(mistaken, verdicts.total()), "at most", 0.01, "; ".join(wrong)),
    ]


def read_books(folder: Path, work: Path) -> Snapshot:
    """Give a folder's books, read as an audit reads them."""
    sources = load(folder / "sources.yaml")
    to_day = sources.entity.as_of or clock().now().date()
    ledger.read(sources, ledger.Window({}, to_day, catalogue.history_days()), Settings(), work / "snapshot")
    return snapshot.at_folder(AuditRun(run_id="questions"), work, Settings())


def _questions(folder: Path) -> list[Mapping[str, Any]]:
    if folder == SAMPLE:
        text = (resources.files("benchmarks.questions") / "sample.yaml").read_text("utf-8")
    else:
        text = (folder / "questions.yaml").read_text("utf-8")
    questions: list[Mapping[str, Any]] = bounded_yaml.load(text)
    return questions


def _verdict(question: Mapping[str, Any], books: Snapshot) -> str:
    """Judge one question: right, wrong, asked, refused; left or invented where no number is right."""
    ((kind, gold),) = [(key, value) for key, value in question.items() if key != "ask"] or [("", "")]
    understanding = reading.read(question["ask"], books)
    answers = answers_of(understanding, books)
    if not kind:
        return "invented" if answers else "left"
    if not answers:
        return "asked" if understanding.status == "choose" else "refused"
    return "right" if _JUDGES[kind](answers, _gold(gold, books), books.manifest.currency) else "wrong"


def answers_of(understanding: Understanding, books: Snapshot) -> list[FigureAnswer]:
    """Give what is answered: one answer, two of a comparison, one a figure; none where there is no number."""
    if understanding.status != "understood" or understanding.intent not in _ASKS:
        return []
    try:
        given = [answers_to(item, books) for item in (understanding, *map(from_dict, understanding.also))]
    except RunError:
        return []
    return [answer for item in given for answer in (item.answer, item.compared) if answer is not None]


def _gold(queries: str | list[str], books: Snapshot) -> list[list[tuple[Any, ...]]]:
    texts = [queries] if isinstance(queries, str) else queries
    return [[tuple(row.values()) for row in books.rows(text, {})] for text in texts]


Gold = list[list[tuple[Any, ...]]]


def _numbers(answer: FigureAnswer, currency: str) -> dict[str, Decimal]:
    """Give each part's value in minor units, in the entity's currency where it has one."""
    rows = [row for row in answer.values if row["currency"] in (currency, "")] or answer.values
    scale = 100 if answer.unit == "money" else 1
    return {row["part"].casefold(): Decimal(row["value"]) * scale for row in rows if row["value"]}


def _is_value(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    return [_numbers(answer, currency) for answer in answers] == [{"": _number(rows[0][0])} for rows in gold]


def _is_mean(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    near = _NEAR * (10 if answers[0].unit == "money" else 1)
    return abs(_numbers(answers[0], currency).get("", Decimal(0)) - _number(gold[0][0][0])) <= near


def _is_share(answers: list[FigureAnswer], gold: Gold, _currency: str) -> bool:
    near = Decimal("0.01")
    values = [Decimal(row["value"]) for row in answers[0].values if row["rows"]]
    return answers[0].unit == "percent" and abs(values[0] - _number(gold[0][0][0])) <= near


def _are_parts(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    parts = {str(part).casefold(): _number(value) for part, value in gold[0] if part}
    return parts.items() <= _numbers(answers[0], currency).items()


def _are_ranked(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    return list(_numbers(answers[0], currency).values()) == [_number(value) for _, value in gold[0]]


def _are_rows(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    shown = [Decimal(row["value"]) * 100 for row in answers[0].shown if row["currency"] == currency]
    return shown[: len(gold[0])] == [_number(value) for (value,) in gold[0]]


def _are_documents(answers: list[FigureAnswer], gold: Gold, _currency: str) -> bool:
    return sorted(row["document"] for row in answers[0].shown) == sorted(str(name) for (name,) in gold[0])


def _is_day(answers: list[FigureAnswer], gold: Gold, _currency: str) -> bool:
    return bool(answers[0].values[0]["value"] == str(gold[0][0][0]))


def _is_change(answers: list[FigureAnswer], gold: Gold, currency: str) -> bool:
    values = sorted(_numbers(answer, currency).get("", Decimal(0)) for answer in answers)
    return values == sorted(_number(rows[0][0]) for rows in gold)


def _number(value: object) -> Decimal:
    return Decimal(str(value or 0))


_JUDGES: Final = {
    "value": _is_value, "mean": _is_mean, "parts": _are_parts, "ranked": _are_ranked, "rows": _are_rows,
    "documents": _are_documents, "day": _is_day, "change": _is_change, "share": _is_share,
}  # fmt: skip
