"""The one file that imports LangChain: what a model says, and vectors of texts, over an OpenAI-like endpoint.

Everything that can go wrong with a question comes out as AwayError (worth another try), DeniedError (it
never will be answered) or a `flaw` of what was said. What is done about it is tools.models's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, SecretStr

from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.core.timeouts import LateError, within

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_openai import ChatOpenAI

Embed = Callable[[Sequence[str]], list[list[float]]]
Message = dict[str, Any]  # as OpenAI has it: role, content, tool_calls, tool_call_id
Tool = dict[str, Any]  # the same: {"type": "function", "function": {name, description, parameters}}


class ModelError(TieoutError):
    """No model gave a usable answer."""


class AwayError(ModelError):
    """The endpoint is away for now: worth another try, after `wait` seconds if it says so."""

    def __init__(self, message: str, *, wait: float | None = None, sent: bool = False) -> None:
        """Say why; `sent`: the question was taken, and may be charged though no answer came."""
        super().__init__(message)
        self.wait, self.sent = wait, sent


class DeniedError(ModelError):
    """The endpoint will not answer, however often it is asked: wrong key, unknown model, bad request."""


@dataclass(frozen=True)
class ToolCall:
    """A tool that a model wants used; arguments: JSON text as it came, well formed or not."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class ModelReply:
    """What a model said. tokens 0: the endpoint did not count them. flaw: why it cannot be used."""

    text: str
    tokens_in: int = 0
    tokens_out: int = 0
    flaw: str = ""
    calls: tuple[ToolCall, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Give it as JSON primitives."""
        return asdict(self)


@dataclass(frozen=True)
class ModelRequest:
    """What one call sends: messages, and either the shape of the answer or the tools at hand.

    must: the tool that has to be called now. seconds: less than the settings' time, where set.
    """

    messages: Sequence[Message]
    answer_tokens: int
    shape: type[BaseModel] | None = None
    tools: Sequence[Tool] = ()
    must: str = ""
    seconds: float | None = None


class Endpoint:
    """The endpoint of the settings. Safe under threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._chats: dict[str, ChatOpenAI] = {}
        self._lock = threading.Lock()

    def ask(self, model: str, request: ModelRequest) -> ModelReply:
        """Ask once, within the settings' time as a whole: a slow stream resets every other clock."""
        seconds = min(filter(None, (self.settings.model_timeout_seconds, request.seconds)))
        self._chat(model)  # imports and sets up, which is not the endpoint's time
        try:
            return within(seconds, lambda: self._ask(model, request))
        except LateError:
            raise AwayError(f"no answer in {seconds:g} s", sent=True) from None

    def _ask(self, model: str, request: ModelRequest) -> ModelReply:
        import openai

        try:
            return _heard(self._invoked(model, request))
        except openai.APIStatusError as error:
            raise _status(error.status_code, error.response.headers, error.message) from None
        except (openai.LengthFinishReasonError, openai.ContentFilterFinishReasonError) as error:
            return ModelReply("", flaw=str(error)[:200])
        except openai.APITimeoutError:
            raise AwayError("no answer in time", sent=True) from None
        except openai.APIConnectionError as error:
            raise AwayError(f"cannot be reached, or hung up: {error.__cause__ or error}", sent=True) from None
        except (openai.OpenAIError, ValueError, KeyError, TypeError, AttributeError) as error:
            # An endpoint that is not quite OpenAI's breaks the client in all of these ways.
            why = f"{type(error).__name__}: {str(error)[:120]}"
            raise AwayError(f"what came is no answer of an endpoint ({why})", sent=True) from None

    def _invoked(self, model: str, request: ModelRequest) -> AIMessage:
        chat, messages = self._chat(model), list(request.messages)
        if request.tools:
            # "required": a model that only talks has not looked.
            bound = chat.bind_tools(list(request.tools), tool_choice=request.must or "required")
            return bound.invoke(messages, max_tokens=request.answer_tokens)
        response_format = _held_to(self.settings.model_structured, request.shape) if request.shape else {}
        return chat.invoke(messages, max_tokens=request.answer_tokens, **response_format)

    def _chat(self, model: str) -> ChatOpenAI:
        from langchain_openai import ChatOpenAI

        with self._lock:
            if model not in self._chats:
                self._chats[model] = ChatOpenAI(
                    model=model,
                    base_url=self.settings.model_url,
                    api_key=self.settings.model_api_key or SecretStr("none"),
                    timeout=self.settings.model_timeout_seconds,
                    max_retries=0,
                    use_responses_api=False,
                )
            return self._chats[model]


def embedder(settings: Settings, *, batch: int) -> Embed:
    """Give what embeds texts, `batch` in one call."""
    from langchain_openai import OpenAIEmbeddings

    options: dict[str, Any] = {  # by aliases that its types do not name
        "base_url": settings.embeddings_url,
        "api_key": settings.embeddings_api_key or settings.model_api_key or SecretStr("none"),
        "timeout": settings.model_timeout_seconds,
        "max_retries": settings.model_attempts - 1,
    }
    client = OpenAIEmbeddings(
        model=settings.embeddings_model, check_embedding_ctx_length=False, chunk_size=batch, **options
    )
    return lambda texts: client.embed_documents(list(texts))


def _held_to(structured: str, shape: type[BaseModel]) -> dict[str, Any]:
    if structured == "json_schema":
        schema = {"name": shape.__name__, "schema": shape.model_json_schema(), "strict": True}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    return {"response_format": {"type": "json_object"}} if structured == "json_object" else {}


def _heard(message: AIMessage) -> ModelReply:
    usage = message.usage_metadata
    counted = (usage["input_tokens"], usage["output_tokens"]) if usage else (0, 0)
    flaw = ""
    if message.additional_kwargs.get("refusal"):
        flaw = "it refused"
    elif message.response_metadata.get("finish_reason") == "length":
        flaw = "the answer was cut off: be shorter"
    return ModelReply(str(message.content), *counted, flaw, _calls(message))


def _calls(message: AIMessage) -> tuple[ToolCall, ...]:
    well = [ToolCall(str(call["id"]), call["name"], json.dumps(call["args"])) for call in message.tool_calls]
    ill = [
        ToolCall(str(call.get("id")), str(call.get("name")), str(call.get("args")))
        for call in message.invalid_tool_calls
    ]
    return (*well, *ill)


def _status(code: int, headers: Mapping[str, str], message: str) -> ModelError:
    if code in {408, 409, 425, 429} or code >= 500:  # noqa: PLR2004 - HTTP's own
        return AwayError(f"HTTP {code}: {message[:200]}", wait=_retry_after(headers.get("retry-after")))
    return DeniedError(f"HTTP {code}: {message[:200]}")


def _retry_after(value: str | None) -> float | None:
    """Read seconds, or an HTTP date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    parse: tuple[Callable[[str], float], ...] = (float, _until)
    for read in parse:
        try:
            return max(0.0, read(value))
        except (ValueError, TypeError):
            continue
    return None


def _until(value: str) -> float:
    at = parsedate_to_datetime(value)
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - clock().now()).total_seconds()
