"""A question that the grammar does not read, put into the desk's words by a model, where one is set.

reworded(text, reading, books, settings, request) -> Understanding

A model answers nothing: its wording is read by the same grammar, may name nothing that the question does not,
asks for figures alone, and is offered to the person to choose or not. So every answer is the same without it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Final

from pydantic import BaseModel, Field

from tools.core.settings import Settings
from tools.front_desk import figures, reading
from tools.front_desk.marks import SentenceMarks
from tools.front_desk.snapshot import Snapshot
from tools.front_desk.understanding import OTHER_THAN, Understanding, from_dict
from tools.judgement.model_wording import PromptText
from tools.models import spending
from tools.models.budget import BudgetError
from tools.models.calls import ModelQuestion
from tools.models.endpoint import ModelError
from tools.models.masking import Mask
from tools.models.model import Model

NODE: Final = "understand"
PURPOSE: Final = "reword_question"
_ASKS: Final = ("figure", "list", "compare")
_REWORDED: Final = ("figure", "out_of_scope")
_ANSWER_TOKENS: Final = 200
_MOST_WORDS: Final = 200  # characters of a wording
_NUMBER: Final = re.compile(r"\d+")


class Rewording(BaseModel):
    """A question in the desk's words; empty where no figure answers it."""

    wording: str = Field(max_length=_MOST_WORDS)


@dataclass(frozen=True)
class WordingRequest:
    """On whose budget and by which prompt a model is asked."""

    run_id: str
    prompt: PromptText


def reworded(
    text: str, understood: Understanding, books: Snapshot, settings: Settings, request: WordingRequest
) -> Understanding:
    """Offer a model's wording of what the grammar could not read; as it was where that is no better."""
    unread = understood.status in ("unread", "out_of_scope") and understood.intent in _REWORDED
    if not settings.model or not unread:
        return understood
    marks = reading.marked(text, books)
    try:
        wording = _model_wording(text, marks, settings, request)
    except (ModelError, BudgetError):
        return understood  # on the trail; the desk's own words stand
    offered = reading.read(wording, books) if wording else understood
    readings = _readings(offered)
    if not readings or not all(_adds_nothing(text, marks, each) for each in readings):
        return understood
    choices = [{"label": each.echo, "reading": replace(each, read_by="model").as_dict()} for each in readings]
    why = f"{understood.why} A model reads it so; choose it if it is what you mean."
    return Understanding("choose", "figure", choices=choices, why=why, read_by="model")


def _model_wording(text: str, marks: SentenceMarks, settings: Settings, request: WordingRequest) -> str:
    mask = Mask(("VENDOR", words) for words in _books_words(marks))
    system, user = request.prompt.render(
        figures="\n".join(f"- {figure.label}: {figure.definition}" for figure in figures.figures().values()),
        schema=json.dumps(Rewording.model_json_schema()),
        question=mask.hide(text, letter=True),
    )
    run_id = request.run_id
    cache, record = spending.answers(settings, run_id), spending.recorder(settings, run_id)
    model = Model(settings, spending.budget_of(settings, run_id), node=NODE, cache=cache, record=record)
    answer = model.ask(ModelQuestion(system, user, Rewording, PURPOSE, _ANSWER_TOKENS))
    return mask.show(answer.wording)


def _books_words(marks: SentenceMarks) -> list[str]:
    """Give the words of a sentence that name something in the books, as they were written."""
    words = zip(marks.sentence.words, marks.sentence.uses, strict=True)
    return [word for word, use in words if use == "name"]


def _readings(offered: Understanding) -> list[Understanding]:
    if offered.status == "choose":
        several = [from_dict(choice["reading"]) for choice in offered.choices]
    else:
        several = [offered] if offered.status == "understood" else []
    return [each for each in several if each.intent in _ASKS]


def _adds_nothing(text: str, marks: SentenceMarks, each: Understanding) -> bool:
    """Say whether every name and number of a wording was in the question."""
    tied = [name for _, several in marks.ties for name in several]
    known = {name.label for name in (*marks.names, *tied)}
    left_out = {name.label for name in marks.left_out}
    named = {label for kind, label in each.entities if kind != "severity" and not kind.endswith(OTHER_THAN)}
    excepted = {label for kind, label in each.entities if kind.endswith(OTHER_THAN)}
    limits = {*_NUMBER.findall(f"{each.over} {each.under}".replace(".0", ""))}
    return named <= known and excepted == left_out and limits <= {*_NUMBER.findall(text.replace(",", ""))}
