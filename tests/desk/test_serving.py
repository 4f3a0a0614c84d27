"""`tieout serve` says where the desk is, and what goes wrong; not what nobody here can act on."""

from __future__ import annotations

import logging

import pytest

from desk.server.serve import hush


@pytest.mark.parametrize(
    ("name", "unheard", "heard"),
    [
        ("langgraph_api.cli", logging.INFO, logging.WARNING),  # the banner; that the port is taken
        ("langgraph_api.timing.timer", logging.ERROR, logging.CRITICAL),
        ("langgraph_api._checkpointer._adapter", logging.WARNING, logging.ERROR),
        ("langgraph_api.worker", logging.DEBUG, logging.WARNING),
    ],
)
def test_what_goes_wrong_is_heard(
    caplog: pytest.LogCaptureFixture, name: str, unheard: int, heard: int
) -> None:
    """A greeting and notes on every start are left out; a warning of anything else, and errors, are not."""
    logger = logging.getLogger(name)
    before = logger.level
    try:
        hush()
        logger.log(unheard, "unheard")
        logger.log(heard, "heard")
    finally:
        logger.setLevel(before)
    assert [record.message for record in caplog.records] == ["heard"]
