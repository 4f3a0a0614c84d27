"""Wake-ups of workers between machines, carried by procrastinate on PostgreSQL; the table stays the truth.

wake(session, task_id, delay_seconds)     in the transaction that makes the task ready; nothing on SQLite
prepare(store)                            make procrastinate's tables, once
listen(store, due, stop)                  wait until a task is due, for a worker that is idle

A wake-up goes to one idle worker. One that gets lost costs the time of a look at the table, no task.
procrastinate's tables lie in a schema of their own, named after its version: what is in them may be dropped.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema

from tools.core.errors import SettingsError, UnreachableError
from tools.store import Store
from tools.store.database import lock

if TYPE_CHECKING:
    from procrastinate import App

QUEUE: Final = "tieout"
LOOK_SECONDS: Final = 2.0  # between looks at the table: a worker that fell silent sends no wake-up
_STOP_SECONDS: Final = 0.1  # between looks at whether to stop
_JOB: Final = "wake"
_log = structlog.stdlib.get_logger(__name__)


def wake(session: Session, task_id: str, delay_seconds: float = 0.0) -> None:
    """Send a wake-up for a task as part of the transaction that makes it ready.

    On SQLite, and where no worker ever listened, there is nobody to send one to: workers look by themselves.
    """
    if session.get_bind().dialect.name != "postgresql" or find_spec("procrastinate") is None:
        return
    from procrastinate.exceptions import ConnectorException

    if not _prepared(session):
        return
    _add_to_path(session)
    job = _sender().configure_task(
        _JOB,
        queue=QUEUE,
        schedule_in={"milliseconds": round(delay_seconds * 1000)} if delay_seconds else None,
        connection=session.connection().connection.driver_connection,
    )
    try:
        with session.begin_nested():
            job.defer(task_id=task_id)
    except ConnectorException as error:
        _log.warning("a wake-up was not sent; workers look by themselves", task=task_id, error=str(error))


def prepare(store: Store) -> None:
    """Make procrastinate's tables where they are missing. Raises SettingsError without the extra."""
    if find_spec("procrastinate") is None:
        raise SettingsError(
            "workers on PostgreSQL need the extra 'workers'.",
            place="DATABASE_URL",
            remedy="Run: pip install 'tieout[workers]'.",
        )
    from procrastinate.schema import SchemaManager

    with store.begin() as session:
        lock(session, "wake-ups")
        if _prepared(session):
            return
        session.execute(text("SELECT set_config('client_min_messages', 'warning', true)"))
        session.execute(CreateSchema(_schema(), if_not_exists=True))
        session.execute(text("SELECT set_config('search_path', :path, true)"), {"path": _schema()})
        driver: Any = session.connection().connection.driver_connection
        driver.execute(SchemaManager.get_schema())


def listen(store: Store, due: Callable[[str], bool], stop: Callable[[], bool]) -> None:
    """Wait until `due` says so of the task of a wake-up, or of any ("") at a look; or until `stop` does.

    Raises UnreachableError when the database is away.
    """
    import psycopg  # noqa: PLC0415 - of the extra `postgresql`
    from procrastinate.exceptions import ConnectorException

    logging.getLogger("procrastinate").setLevel(logging.CRITICAL)  # what it logs is raised here
    try:
        asyncio.run(_listen(store, due, stop))
    except (ConnectorException, psycopg.Error, OSError) as error:
        reason = str(error.__cause__ or error).strip().splitlines()[0]
        raise UnreachableError(f"no wake-ups come: {reason}", place=f"store {store.place}") from error


async def _listen(store: Store, due: Callable[[str], bool], stop: Callable[[], bool]) -> None:
    woken = asyncio.Event()

    async def wake_up(task_id: str) -> None:
        if await asyncio.to_thread(due, task_id):
            woken.set()

    app = _receiver(store)
    app.task(name=_JOB, queue=QUEUE)(wake_up)
    async with app.open_async():
        options: dict[str, Any] = {"queues": [QUEUE], "concurrency": 1, "delete_jobs": "always"}
        listener = asyncio.create_task(app.run_worker_async(**options, install_signal_handlers=False))
        waits = [listener, asyncio.create_task(_look(due, stop)), asyncio.create_task(woken.wait())]
        ended, running = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for wait in running:
            wait.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for wait in ended:
            wait.result()


async def _look(due: Callable[[str], bool], stop: Callable[[], bool]) -> None:
    loop = asyncio.get_running_loop()
    while not await asyncio.to_thread(due, ""):
        again = loop.time() + LOOK_SECONDS
        while loop.time() < again:
            if stop():
                return
            await asyncio.sleep(_STOP_SECONDS)


@cache
def _sender() -> App:
    from procrastinate import App, SyncPsycopgConnector

    return App(connector=SyncPsycopgConnector())


def _receiver(store: Store) -> App:
    from procrastinate import App, PsycopgConnector

    query = dict(store.url.query)
    options = " ".join(filter(None, (str(query.pop("options", "")), f"-c search_path={_schema()}")))
    url = store.url.set(drivername="postgresql", query=query)
    connection = {"connect_timeout": 5, **query, "options": options}
    place = url.set(query={}).render_as_string(hide_password=False)
    return App(connector=PsycopgConnector(conninfo=place, min_size=1, max_size=3, kwargs=connection))


def _prepared(session: Session) -> bool:
    table = {"table": f"{_schema()}.procrastinate_jobs"}
    return session.scalar(text("SELECT to_regclass(:table)"), table) is not None


def _add_to_path(session: Session) -> None:
    path = text("SELECT set_config('search_path', current_setting('search_path') || ', ' || :schema, true)")
    session.execute(path, {"schema": _schema()})


@cache
def _schema() -> str:
    return f"procrastinate_{version('procrastinate').replace('.', '_')}"
