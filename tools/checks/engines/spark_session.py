"""A session on Spark: one context a process, to a standalone master, by Spark Connect, or of Databricks."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from tools.core.engine_choice import EngineChoice
from tools.core.errors import UnreachableError
from tools.core.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ALWAYS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
}
_OF_DRIVER: Final = {
    "spark.app.name": "tieout",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
    # Otherwise an unreachable master is tried for a minute, and a cluster without room waits for ever.
    "spark.scheduler.maxRegisteredResourcesWaitingTime": "30s",
}
_MAKING: Final = threading.Lock()


def session(choice: EngineChoice, settings: Settings) -> SparkSession:
    """Give a session with views of its own. Raises UnreachableError where nobody answers."""
    logging.getLogger("py4j").setLevel(logging.ERROR)
    try:
        with _MAKING:
            return _made(choice, settings)
    except Exception as error:  # noqa: BLE001 - of three clients, each with errors of its own
        words = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise UnreachableError(
            f"Spark gives no session: {words}.", place=choice.place, remedy="Is the cluster running?"
        ) from None


def _made(choice: EngineChoice, settings: Settings) -> SparkSession:
    from pyspark.sql import SparkSession  # noqa: PLC0415 - it takes long, and starts nothing by itself

    if choice.kind == "databricks":
        from databricks.connect import DatabricksSession  # noqa: PLC0415 - takes pyspark's place

        return _with(DatabricksSession.builder.create(), settings)
    if choice.is_connect:
        return _with(SparkSession.builder.remote(choice.url).create(), settings)
    builder = SparkSession.builder.master(choice.url)
    for name, value in {**_ALWAYS, **_OF_DRIVER, **settings.engine_options}.items():
        builder = builder.config(name, value)
    return builder.getOrCreate().newSession()


def _with(remote: SparkSession, settings: Settings) -> SparkSession:
    for name, value in {**_ALWAYS, **settings.engine_options}.items():
        remote.conf.set(name, value)
    return remote
