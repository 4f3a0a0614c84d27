"""The whole way from grants to a total, however it is run."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from product import Grant, total

GRANTS = [Grant("ada", 4_800, 48), Grant("ben", 9_600, 48)]


def test_in_one_thread() -> None:
    """A year is a quarter."""
    assert total(GRANTS, 12) == 3_600


def test_in_event_loop() -> None:
    """The same, asked for by a coroutine."""

    async def ask() -> int:
        return total(GRANTS, 12)

    assert asyncio.run(ask()) == 3_600


def test_in_many_threads() -> None:
    """The same in each."""
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(lambda month: total(GRANTS, month), [12] * 40)) == {3_600}
