"""Ask models for answers of a given shape: budget, recovery, cache, and a record of each call.

Away: back off with jitter, honouring Retry-After, then the fallback model. Invalid: ask again with what
was wrong, twice, then the dear model. When nothing helps, ModelError: the caller's template stands.
"""

from __future__ import annotations

import math
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from tools.budget import Budget
from tools.clock import clock
from tools.digest import digest
from tools.llm import AwayError, DeniedError, Endpoint, Message, ModelError, Said
from tools.settings import Settings

Answer = TypeVar("Answer", bound=BaseModel)
REFINEMENTS = 2
_FENCED = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class InvalidError(ModelError):
    """The model answered something else than it was asked for."""


@dataclass(frozen=True)
class Call:
    """One call, for the trail. outcome: ok, cache, invalid, away, denied. dollars is decimal text."""

    purpose: str
    model: str
    outcome: str
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: str = "0"
    seconds: float = 0.0
    error: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass(frozen=True)
class Question(Generic[Answer]):
    """What is asked: a shape, for a purpose, with room for an answer."""

    system: str
    user: str
    shape: type[Answer]
    purpose: str
    answer_tokens: int

    @property
    def messages(self) -> list[Message]:
        """Give the conversation's beginning."""
        return [("system", self.system), ("human", self.user)]


class Model:
    """The models of the settings, asked within one budget. Safe under threads.

    cache: a folder in which answers are kept. record: told of each call as soon as it has ended.
    """

    def __init__(
        self,
        settings: Settings,
        budget: Budget,
        *,
        cache: Path | None = None,
        record: Callable[[Call], None] | None = None,
    ) -> None:
        self.settings, self.budget, self.cache, self.record = settings, budget, cache, record
        self.endpoint = Endpoint(settings)
        self.calls: list[Call] = []
        self._down: dict[str, str] = {}
        self._lock = threading.Lock()

    def ask(self, question: Question[Answer]) -> Answer:
        """Ask. Raises ModelError when no model gives a usable answer, BudgetError when no money is left.

        The same question is answered from the cache folder, if there is one.
        """
        if (kept := self._kept(question)) is not None:
            return kept
        first = [name for name in (self.settings.model, self.settings.model_fallback) if name]
        try:
            answer = self._valid(first, question, 1 + REFINEMENTS)
        except ModelError:
            dear = self.settings.model_dear
            if not dear or dear in first:
                raise
            answer = self._valid([dear], question, 1)
        self._keep(question, answer)
        return answer

    def _valid(self, models: Sequence[str], question: Question[Answer], tries: int) -> Answer:
        messages, problem = question.messages, ""
        for _ in range(tries):
            said, call = self._reach(models, messages, question)
            try:
                answer = _read(said, question.shape)
            except (ValidationError, InvalidError) as error:
                problem = _problem(error)
                self._record(replace(call, outcome="invalid", error=problem))
                messages = [*question.messages, ("ai", said.text[:4000] or "(nothing)"), ("human", problem)]
            else:
                self._record(call)
                return answer
        raise InvalidError(problem)

    def _reach(
        self, models: Sequence[str], messages: list[Message], question: Question[Answer]
    ) -> tuple[Said, Call]:
        last: ModelError = DeniedError("no model is configured.")
        for model in models:
            try:
                return self._persist(model, messages, question)
            except (AwayError, DeniedError) as error:
                last = error
        raise last

    def _persist(self, model: str, messages: list[Message], question: Question[Answer]) -> tuple[Said, Call]:
        """Ask one model until it answers, or until it is plain that it will not."""
        wait = self.settings.model_wait_seconds
        for left in reversed(range(self.settings.model_attempts)):
            if model in self._down:
                raise AwayError(self._down[model])
            try:
                return self._call(model, messages, question)
            except DeniedError as error:
                self._down[model] = str(error)
                raise
            except AwayError as error:
                pause = wait * (0.5 + random.random()) if error.wait is None else error.wait  # noqa: S311 - jitter
                if not left or pause > self.settings.model_wait_cap_seconds:
                    self._down[model] = str(error)
                    raise
                clock().sleep(pause)
                wait *= 2
        raise AwayError("no attempt is allowed.")

    def _call(self, model: str, messages: list[Message], question: Question[Answer]) -> tuple[Said, Call]:
        price = self.settings.model_prices.get(model, self.settings.model_price)
        asked = sum(_estimate(text) for _, text in messages)
        reserved = (price.cost(asked, question.answer_tokens), asked + question.answer_tokens)
        self.budget.reserve(*reserved)
        used, started = (0, 0), time.perf_counter()
        call = Call(question.purpose, model, "ok")
        try:
            said = self.endpoint.ask(model, messages, question.shape, question.answer_tokens)
            used = (said.tokens_in or asked, said.tokens_out or _estimate(said.text))
        except (AwayError, DeniedError) as error:
            used = (asked, 0) if isinstance(error, AwayError) and error.sent else (0, 0)
            outcome = "away" if isinstance(error, AwayError) else "denied"
            self._record(
                _filled(replace(call, outcome=outcome, error=str(error)), used, price.cost(*used), started)
            )
            raise
        finally:
            self.budget.settle(reserved, price.cost(*used), sum(used))
        return said, _filled(call, used, price.cost(*used), started)

    def _record(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)
            if self.record:
                self.record(call)

    def _place(self, question: Question[Answer]) -> Path | None:
        if self.cache is None:
            return None
        asked = [self.settings.model, question.messages, question.shape.model_json_schema()]
        return self.cache / f"{digest(asked)}.json"

    def _kept(self, question: Question[Answer]) -> Answer | None:
        place = self._place(question)
        if place is None or not place.is_file():
            return None
        self._record(Call(question.purpose, self.settings.model, "cache"))
        return question.shape.model_validate_json(place.read_bytes())

    def _keep(self, question: Question[Answer], answer: Answer) -> None:
        if (place := self._place(question)) is not None:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(answer.model_dump_json(), encoding="utf-8")


def _read(said: Said, shape: type[Answer]) -> Answer:
    if said.flaw:
        raise InvalidError(said.flaw)
    fenced = _FENCED.match(said.text)
    return shape.model_validate_json(fenced[1] if fenced else said.text)


def _problem(error: ValidationError | InvalidError) -> str:
    """Say what was wrong without repeating what was said."""
    if isinstance(error, ValidationError):
        what = "; ".join(
            f"{'.'.join(str(part) for part in one['loc']) or 'answer'}: {one['msg']}"
            for one in error.errors()[:5]
        )
    else:
        what = str(error)
    return (
        f"That answer cannot be used ({what}). Answer again with one JSON object of the schema, nothing else."
    )


def _filled(call: Call, used: tuple[int, int], dollars: Decimal, started: float) -> Call:
    seconds = round(time.perf_counter() - started, 3)
    return replace(call, tokens_in=used[0], tokens_out=used[1], dollars=f"{dollars:f}", seconds=seconds)


def _estimate(text: str) -> int:
    """Tokens that a text has at most, nearly: for budgets, before anybody counted."""
    return math.ceil(len(text) / 3)
