"""Ask models for answers of a given shape, or for the next turn with tools: budget, recovery, cache, record.

Away: back off with jitter, honouring Retry-After, then the fallback model. Invalid: ask again with what
was wrong, twice, then the dear model. When nothing helps, ModelError: the caller's template stands.
"""

from __future__ import annotations

import json
import math
import random
import re
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.models.answer_cache import Answers
from tools.models.budget import Budget, BudgetError
from tools.models.calls import Call, ModelQuestion, Turn
from tools.models.endpoint import (
    AwayError,
    DeniedError,
    Endpoint,
    Message,
    ModelError,
    ModelReply,
    ModelRequest,
    ToolCall,
)

Answer = TypeVar("Answer", bound=BaseModel)
Kept = TypeVar("Kept")
REFINEMENTS = 2
_FENCED = re.compile(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)


class InvalidError(ModelError):
    """The model answered something else than it was asked for."""


class Model:
    """The models of the settings, asked on behalf of one node within one budget. Safe under threads.

    cache: where answers are kept. record: told of each call as soon as it has ended.
    """

    def __init__(
        self,
        settings: Settings,
        budget: Budget,
        *,
        node: str = "",
        cache: Answers | None = None,
        record: Callable[[Call], None] | None = None,
    ) -> None:
        self.settings, self.budget, self.node = settings, budget, node
        self.cache, self.record = cache, record
        self.endpoint = Endpoint(settings)
        self.calls: list[Call] = []
        self._down: dict[str, str] = {}
        self._lock = threading.Lock()

    def ask(self, question: ModelQuestion[Answer], *, dear: bool = False) -> Answer:
        """Ask. Raises ModelError when no model gives a usable answer, BudgetError when no money is left.

        The same question is answered from the cache. dear: ask the dear model alone.
        """
        first = self._names(dear=dear)
        key = self._key(first, question.messages, question.shape.model_json_schema())
        if (cached := self._cached_answer(key, question, question.shape.model_validate_json)) is not None:
            return cached
        try:
            answer = self._valid(first, question, 1 + REFINEMENTS)
        except ModelError:
            last = self.settings.model_dear
            if not last or last in first:
                raise
            answer = self._valid([last], question, 1)
        if self.cache:
            self.cache.put(key, answer.model_dump_json())
        return answer

    def turn(self, turn: Turn) -> ModelReply:
        """Give the next turn of a conversation with tools; raises as `ask` does.

        What is wrong with it is in its `flaw`: who leads the conversation says so in the next turn.
        """
        models = self._names(dear=turn.dear)
        key = self._key(models, list(turn.messages), [list(turn.tools), turn.must])
        if (cached := self._cached_answer(key, turn, _reply_of)) is not None:
            return cached
        request = ModelRequest(turn.messages, turn.answer_tokens, None, turn.tools, turn.must, turn.seconds)
        until = None if turn.seconds is None else time.monotonic() + turn.seconds
        answer, call = self._reach(models, request, turn, until)
        self._record(replace(call, outcome="invalid", error=answer.flaw) if answer.flaw else call)
        if self.cache and not answer.flaw:
            self.cache.put(key, json.dumps(answer.as_dict()))
        return answer

    def _names(self, *, dear: bool) -> list[str]:
        if dear and self.settings.model_dear:
            return [self.settings.model_dear]
        return [name for name in (self.settings.model, self.settings.model_fallback) if name]

    def _valid(self, models: Sequence[str], question: ModelQuestion[Answer], tries: int) -> Answer:
        messages, problem = question.messages, ""
        for _ in range(tries):
            request = ModelRequest(messages, question.answer_tokens, question.shape)
            reply, call = self._reach(models, request, question, None)
            try:
                answer = _read(reply, question.shape)
            except (ValidationError, InvalidError) as error:
                problem = _problem(error)
                self._record(replace(call, outcome="invalid", error=problem))
                again = reply.text[:4000] or "(nothing)"
                messages = [
                    *question.messages,
                    {"role": "assistant", "content": again},
                    {"role": "user", "content": problem},
                ]
            else:
                self._record(call)
                return answer
        raise InvalidError(problem)

    def _reach(
        self,
        models: Sequence[str],
        request: ModelRequest,
        about: ModelQuestion[Any] | Turn,
        until: float | None,
    ) -> tuple[ModelReply, Call]:
        last: ModelError = DeniedError("no model is configured.")
        for model in models:
            try:
                return self._persist(model, request, about, until)
            except (AwayError, DeniedError) as error:
                last = error
        raise last

    def _persist(
        self, model: str, request: ModelRequest, about: ModelQuestion[Any] | Turn, until: float | None
    ) -> tuple[ModelReply, Call]:
        """Ask one model until it answers, until it is plain that it will not, or until time is up."""
        wait = self.settings.model_wait_seconds
        for tries_remaining in reversed(range(self.settings.model_attempts)):
            if model in self._down:
                raise AwayError(self._down[model])
            try:
                return self._call(model, _until(request, until), about)
            except DeniedError as error:
                self._down[model] = str(error)
                raise
            except AwayError as error:
                pause = wait * (0.5 + random.random()) if error.wait is None else error.wait  # noqa: S311 - jitter
                if until is not None and time.monotonic() + pause >= until:
                    raise
                if not tries_remaining or pause > self.settings.model_wait_cap_seconds:
                    self._down[model] = str(error)
                    raise
                clock().sleep(pause)
                wait *= 2
        raise AwayError("no attempt is allowed.")

    def _call(
        self, model: str, request: ModelRequest, about: ModelQuestion[Any] | Turn
    ) -> tuple[ModelReply, Call]:
        price = self.settings.model_prices.get(model, self.settings.model_price)
        sent = _estimate(request)
        reserved = (price.cost(sent, request.answer_tokens), sent + request.answer_tokens)
        whose: dict[str, Any] = {"node": self.node, "cases": about.cases}
        call = Call(about.purpose, model, "ok", **whose)
        try:
            self.budget.reserve(*reserved, **whose)
        except BudgetError as error:
            self._record(replace(call, outcome="budget", error=error.message))
            raise
        used, started = (0, 0), time.perf_counter()
        try:
            reply = self.endpoint.ask(model, request)
            used = (reply.tokens_in or sent, reply.tokens_out or _length(reply.text))
        except (AwayError, DeniedError) as error:
            used = (sent, 0) if isinstance(error, AwayError) and error.sent else (0, 0)
            outcome = "away" if isinstance(error, AwayError) else "denied"
            self._record(
                _filled(replace(call, outcome=outcome, error=str(error)), used, price.cost(*used), started)
            )
            raise
        finally:
            self.budget.settle(reserved, price.cost(*used), sum(used), **whose)
        return reply, _filled(call, used, price.cost(*used), started)

    def _record(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)
            if self.record:
                self.record(call)

    def _key(self, models: Sequence[str], messages: list[Message], held_to: object) -> list[Any]:
        return [self.settings.model_url, models[:1], messages, held_to]

    def _cached_answer(
        self, key: list[Any], about: ModelQuestion[Any] | Turn, read: Callable[[bytes], Kept]
    ) -> Kept | None:
        cached = self.cache.get(key) if self.cache else None
        if cached is None:
            return None
        try:
            value = read(cached)
        except (ValueError, TypeError, KeyError):  # somebody else's file: ask again
            return None
        self._record(Call(about.purpose, key[1][0], "cache", node=self.node, cases=about.cases))
        return value


def _until(request: ModelRequest, until: float | None) -> ModelRequest:
    return request if until is None else replace(request, seconds=max(0.01, until - time.monotonic()))


def _reply_of(cached: bytes) -> ModelReply:
    fields = json.loads(cached)
    calls = tuple(ToolCall(**call) for call in fields.pop("calls"))
    return ModelReply(**{**fields, "calls": calls})


def _read(reply: ModelReply, shape: type[Answer]) -> Answer:
    if reply.flaw:
        raise InvalidError(reply.flaw)
    fenced = _FENCED.match(reply.text)
    return shape.model_validate_json(fenced[1] if fenced else reply.text)


def problem_of(error: ValidationError) -> str:
    """Say what was wrong with an answer without repeating what was said."""
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']) or 'answer'}: {problem['msg']}"
        for problem in error.errors()[:5]
    )


def _problem(error: ValidationError | InvalidError) -> str:
    what = problem_of(error) if isinstance(error, ValidationError) else str(error)
    return (
        f"That answer cannot be used ({what}). Answer again with one JSON object of the schema, nothing else."
    )


def _filled(call: Call, used: tuple[int, int], dollars: Decimal, started: float) -> Call:
    seconds = round(time.perf_counter() - started, 3)
    return replace(call, tokens_in=used[0], tokens_out=used[1], dollars=f"{dollars:f}", seconds=seconds)


def _estimate(request: ModelRequest) -> int:
    """Tokens that a call sends at most, nearly: for budgets, before anybody counted."""
    tools = _length(json.dumps(list(request.tools))) if request.tools else 0
    return tools + sum(
        _length(str(message.get("content") or "")) + _length(json.dumps(message.get("tool_calls") or ""))
        for message in request.messages
    )


def _length(text: str) -> int:
    return math.ceil(len(text) / 3)
