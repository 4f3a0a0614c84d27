"""Logs: for a reader on a terminal, JSON lines elsewhere; secrets struck out."""

from __future__ import annotations

import logging
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from typing import Any

import structlog
from pydantic import BaseModel, SecretStr

from desk import log_files
from tools.core.errors import SettingsError
from tools.core.settings import Settings

STRUCK = "***"
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
# A key that ends like this holds a secret; "tokens" (how many a model used) does not.
_SECRET_KEY = re.compile(r"(token|secret|password|api_key|authorization)$", re.IGNORECASE)
_URL_PASSWORD = re.compile(r"(://[^/:@\s]*):([^@/\s]+)@")
_BEARER = re.compile(r"(?i)\b(bearer\s+)\S+")

Event = MutableMapping[str, Any]
Processor = Callable[[Any, str, Event], Event]


def configure(settings: Settings) -> None:
    """Send structlog's and the standard library's logs to standard error, and to a folder where one is set.

    Raises SettingsError for a level that does not exist, or a folder that cannot be written to.
    """
    level = settings.log_level.upper()
    if level not in _LEVELS:
        raise SettingsError(
            f"'{settings.log_level}' is no level.",
            place="setting TIEOUT_LOG_LEVEL",
            remedy=f"It takes {', '.join(_LEVELS)}.",
        )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        striking(settings),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    console: logging.Handler = logging.StreamHandler(sys.stderr)
    console.setFormatter(_formatter(shared, terminal=sys.stderr.isatty()))
    handlers = [console]
    if (file := log_files.handler_of(settings)) is not None:
        file.setFormatter(_formatter(shared, terminal=False))
        console.setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
        handlers.append(file)
    logging.basicConfig(level=level, handlers=handlers, force=True)


def _formatter(shared: list[Any], *, terminal: bool) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=_last(terminal))


def striking(settings: Settings) -> Processor:
    """Give the processor that strikes out secrets: by key, by shape, and by value."""
    configured = [getattr(settings, name) for name in type(settings).model_fields]
    values = [secret for value in configured for secret in _secrets(value)]
    secrets = re.compile("|".join(re.escape(value) for value in values if value)) if any(values) else None

    def strike(_logger: object, _name: str, event: Event) -> Event:
        return {key: _struck(key, value, secrets) for key, value in event.items()}

    return strike


def _secrets(value: object) -> Iterator[str]:
    """Give the secrets in a setting, at any depth."""
    if isinstance(value, SecretStr):
        yield value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from (secret for _, inner in value for secret in _secrets(inner))
    elif isinstance(value, Mapping):
        yield from (secret for inner in value.values() for secret in _secrets(inner))


def struck(text: str) -> str:
    """Strike out what has the shape of a secret: the password of a URL, a bearer token."""
    return _BEARER.sub(rf"\1{STRUCK}", _URL_PASSWORD.sub(rf"\1:{STRUCK}@", text))


def _struck(key: str, value: object, secrets: re.Pattern[str] | None) -> object:
    if _SECRET_KEY.search(key) and value is not None:
        return STRUCK
    if isinstance(value, dict):
        return {inner: _struck(str(inner), item, secrets) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_struck("", item, secrets) for item in value]
    if isinstance(value, bool | int | float) or value is None or key.startswith("_"):
        return value
    return struck(secrets.sub(STRUCK, str(value)) if secrets else str(value))


def _last(terminal: bool) -> list[Any]:
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if terminal:
        return [remove, structlog.dev.ConsoleRenderer(colors=not os.environ.get("NO_COLOR"))]
    return [remove, structlog.processors.JSONRenderer(ensure_ascii=True)]
