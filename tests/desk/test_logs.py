"""Logs go to standard error, one JSON object a line off a terminal, without secrets."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from desk import logs
from tools.core.settings import Settings


@pytest.fixture(autouse=True)
def _root_logger() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_logs_are_json_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    """Secrets are struck out by key, by shape and by value; counts of tokens stay."""
    logs.configure(Settings(token=SecretStr("tok-123"), log_level="info"))
    structlog.get_logger("desk").info(
        "asked",
        api_key="k",
        tokens=12,
        url="postgresql://a:hush@db/x",
        nested={"password": "p", "n": ["tok-123"]},
    )
    logging.getLogger("other").warning("sent %s", "Authorization: Bearer abc.def tok-123")
    captured = capsys.readouterr()
    first, second = map(json.loads, captured.err.splitlines())
    assert captured.out == ""
    assert (first["event"], first["level"], first["logger"]) == ("asked", "info", "desk")
    assert (first["api_key"], first["tokens"], first["url"]) == ("***", 12, "postgresql://a:***@db/x")
    assert first["nested"] == {"password": "***", "n": ["***"]}
    assert second["event"] == "sent Authorization: Bearer *** ***"


def test_lower_levels_stay_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """What is under the level in force is not written."""
    logs.configure(Settings())
    structlog.get_logger("desk").info("whispered")
    assert capsys.readouterr().err == ""
