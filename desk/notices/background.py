"""Deliver notices beside a server, for as long as it runs; and escalate what has waited too long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from desk.notices.deliver import POLL_SECONDS, deliver
from desk.overdue import settle_overdue
from tools.core import settings
from tools.core.errors import TieoutError
from tools.store import open_store

_log = structlog.stdlib.get_logger(__name__)


@asynccontextmanager
async def delivering(_app: object) -> AsyncIterator[None]:
    """Work while the application does: a Starlette lifespan."""
    stop = threading.Event()
    worker = threading.Thread(target=_work, args=(stop,), name="notices", daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        await asyncio.to_thread(worker.join, POLL_SECONDS)


def _work(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            config = settings.load()
            store = open_store(config.database_url)
            settle_overdue(store)
            if config.notify:
                deliver(store, config, window_seconds=config.notify_window_seconds)
        except TieoutError as error:
            _log.warning("notices wait", error=str(error))
        stop.wait(POLL_SECONDS)
