"""What Spark says went wrong, in a line: the query, the cluster that is away, or what its machines lack."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from py4j.protocol import Py4JError, Py4JJavaError
from pyspark.errors import AnalysisException, ParseException, PySparkException

from tools.checks.engines.spark_session import has_ended
from tools.core.errors import EngineError, SettingsError, UnreachableError, UnsupportedError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LACKING: Final = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_NO_PYTHON: Final = re.compile(r'Cannot run program "([^"]+)"')
_PYTHON: Final = 'TIEOUT_ENGINE_OPTIONS={"spark.pyspark.python": "/path/on/every/machine/bin/python"}'


@contextmanager
def explained(session: SparkSession, name: str, answers: Callable[[], bool]) -> Iterator[None]:
    """Turn Spark's errors into ours.

    Raises UnsupportedError for a query that it cannot read, UnreachableError where the cluster went away,
    SettingsError where its machines lack Python or a library, EngineError for what else went wrong.
    """
    try:
        yield
    except (ParseException, AnalysisException) as error:
        raise UnsupportedError(words(error), place=name) from None
    except (PySparkException, Py4JError, OSError) as error:
        if (is_classic(session) and has_ended(session.sparkContext)) or not answers():
            raise UnreachableError(
                f"Spark went away: {words(error)}.", place=name, remedy="Is the cluster running?"
            ) from None
        raise _lack(str(error)) or EngineError(words(error), place=name) from None


def is_classic(session: SparkSession) -> bool:
    """Whether this process is the driver; else a session by Spark Connect."""
    return type(session).__module__ == "pyspark.sql.session"


def words(error: Exception) -> str:
    """Give the first line of what an error says."""
    text = str(error)
    if isinstance(error, Py4JJavaError):
        cause = error.java_exception
        while cause.getCause() is not None:
            cause = cause.getCause()
        text = str(cause.getMessage() or cause.toString())
    return text.strip().partition("\n")[0] or type(error).__name__


def _lack(text: str) -> SettingsError | None:
    if lacking := _LACKING.search(text):
        return SettingsError(
            f"the Python of the cluster's machines has no {lacking[1]}.",
            place="TIEOUT_ENGINE",
            remedy=f"pip install 'tieout[engines]' on each of them, or name one that has it: {_PYTHON}.",
        )
    if program := _NO_PYTHON.search(text):
        return SettingsError(
            f"the cluster's machines have no {program[1]}.",
            place="TIEOUT_ENGINE",
            remedy=f"Name a Python that they have: {_PYTHON}.",
        )
    return None
