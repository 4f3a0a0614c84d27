"""Logs go to standard error, one JSON object a line off a terminal, without secrets."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

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
    for handler in root.handlers:
        if handler not in handlers:
            handler.close()
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


def test_a_process_writes_its_log_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It begins a new file at a size; logs past their days are gone, others stay; warnings are seen, too."""
    old, young = tmp_path / "host-1.log.3", tmp_path / "host-2.log"
    for path, days in ((old, 8), (young, 6)):
        path.touch()
        before = time.time() - days * 86_400
        os.utime(path, (before, before))
    logs.configure(Settings(log_level="info", log_folder=tmp_path, log_rotation_mb=0.001))
    for number in range(20):
        structlog.get_logger("desk").info("worked", number=number)
    structlog.get_logger("desk").warning("stopped")
    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["stopped"]
    own = sorted(tmp_path.glob(f"*-{os.getpid()}.log*"))
    assert len(own) > 1
    assert all(path.stat().st_size <= 1100 for path in own)
    lines = [json.loads(line) for path in own for line in path.read_text(encoding="utf-8").splitlines()]
    assert sorted(line["number"] for line in lines if "number" in line) == list(range(20))
    assert not old.exists()
    assert young.exists()
