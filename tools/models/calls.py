"""What a model is asked, and what is recorded of each call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from tools.models.endpoint import Message, Tool

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True)
class Call:
    """One call, for the trail. outcome: ok, cache, invalid, away, denied, budget. dollars: decimal text.

    node and cases say on whose budgets it went.
    """

    purpose: str
    model: str
    outcome: str
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: str = "0"
    seconds: float = 0.0
    error: str = ""
    node: str = ""
    cases: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return {**asdict(self), "cases": list(self.cases)}


@dataclass(frozen=True)
class ModelQuestion(Generic[Answer]):
    """What is asked: an answer of a shape, for a purpose, with room for it. cases: whom it is about."""

    system: str
    user: str
    shape: type[Answer]
    purpose: str
    answer_tokens: int
    cases: tuple[str, ...] = ()

    @property
    def messages(self) -> list[Message]:
        """Give the conversation's beginning."""
        return [{"role": "system", "content": self.system}, {"role": "user", "content": self.user}]


@dataclass(frozen=True)
class Turn:
    """The next turn of a conversation with tools. must: the one that has to be called now.

    seconds: the most that it may take, waits and all. dear: asked of the dear model, if there is one.
    """

    messages: Sequence[Message]
    tools: Sequence[Tool]
    purpose: str
    answer_tokens: int
    must: str = ""
    seconds: float | None = None
    cases: tuple[str, ...] = ()
    dear: bool = False
