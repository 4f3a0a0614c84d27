"""A session on Spark: one context a process, to a standalone master, by Spark Connect, or of Databricks."""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
import warnings
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from tools.core.engine_choice import EngineChoice
from tools.core.errors import UnreachableError
from tools.core.settings import Settings

if TYPE_CHECKING:
    from pyspark import SparkContext
    from pyspark.sql import SparkSession

_ALWAYS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
# Of few rows, hundreds of small queries: compiling each, and cutting it into many parts, is what takes long.
_SHORT: Final = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": "2",
}
_OF_DRIVER: Final = {"spark.app.name": "tieout", "spark.ui.enabled": "false", "spark.log.level": "ERROR"}
_MAKING: Final = threading.Lock()
_CONNECT_PORT: Final = 15002
LONG: Final = 500_000  # rows of all tables of a snapshot
_ROWS_OF_A_PART: Final = 250_000
LOG_NAME: Final = "spark-driver.log"
# It speaks of pandas, which nothing here uses.
warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas", category=FutureWarning)


def session(choice: EngineChoice, settings: Settings, rows: int) -> SparkSession:
    """Give a session with views of its own, for books of so many rows.

    What the driver's Java says goes to spark-driver.log in the workspace's cache. Raises UnreachableError
    where nobody answers.
    """
    if not answers(choice):
        raise _away(choice, "nobody answers")
    logging.getLogger("py4j").setLevel(logging.ERROR)
    try:
        with _MAKING:
            opened = _new_session(choice, settings)
            own = {**_ALWAYS, **(_SHORT if rows < LONG else _long(rows)), **settings.engine_options}
            for name, value in own.items():
                if opened.conf.isModifiable(name):
                    opened.conf.set(name, value)
            return opened
    except Exception as error:  # noqa: BLE001 - of three clients, each with errors of its own
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise _away(choice, words) from None


def _long(rows: int) -> dict[str, str]:
    """Cut what is sorted and grouped by the rows: Spark's own two hundred parts are too many, or too few."""
    return {"spark.sql.shuffle.partitions": str(max(rows // _ROWS_OF_A_PART, 4))}


def answers(choice: EngineChoice) -> bool:
    """Whether somebody listens at one of the addresses of a URL; of Databricks, its own client finds out."""
    places = urlsplit(choice.url).netloc.split(",") if choice.url else []
    return not places or any(_listens(place) for place in places)


def has_ended(context: SparkContext) -> bool:
    """Whether a context was stopped, by its cluster or by us."""
    return bool(context._jsc is None or context._jsc.sc().isStopped())  # noqa: SLF001 - nothing public says it


def _listens(place: str) -> bool:
    host, _, port = place.rpartition("@")[2].partition(":")
    try:
        socket.create_connection((host, int(port or _CONNECT_PORT)), timeout=5).close()
    except OSError:
        return False
    return True


def _away(choice: EngineChoice, words: str) -> UnreachableError:
    return UnreachableError(
        f"Spark gives no session: {words}.", place=choice.place, remedy="Is the cluster running?"
    )


def _new_session(choice: EngineChoice, settings: Settings) -> SparkSession:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it takes long, and starts nothing by itself

    if choice.kind == "databricks":
        from databricks.connect import DatabricksSession

        session: SparkSession = DatabricksSession.builder.create()
        return session
    if choice.is_connect:
        return SparkSession.builder.remote(choice.url).create()
    return SparkSession(_context(choice, settings)).newSession()


def _context(choice: EngineChoice, settings: Settings) -> SparkContext:
    """Give this process's context, started where it has none or where the one that it had has ended."""
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415 - imported when used
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415 - imported when used

    # Executors are started with the driver's choice of Python, read from its environment alone.
    os.environ.setdefault(
        "PYSPARK_PYTHON", settings.engine_options.get("spark.pyspark.python", sys.executable)
    )
    conf = SparkConf().setMaster(choice.url)
    for name, value in {**_OF_DRIVER, **_ALWAYS, **settings.engine_options}.items():
        conf.set(name, value)
    active = SparkContext._active_spark_context  # noqa: SLF001 - as its own getOrCreate looks at it
    if active is not None and has_ended(active):
        active.stop()
    if SparkContext._gateway is None:  # noqa: SLF001 - it would start one that writes to our terminal
        settings.workspace_cache.mkdir(parents=True, exist_ok=True)
        with (settings.workspace_cache / LOG_NAME).open("ab") as log:
            gateway = launch_gateway(conf, popen_kwargs={"stderr": log})  # type: ignore[no-untyped-call]
        return SparkContext(conf=conf, gateway=gateway)
    return SparkContext.getOrCreate(conf)
