"""A Spark cluster's executors as machines that run functions of ours: the code of here over files there.

The program's own code is sent along; its libraries (extra `engines`) are installed where executors run.
"""

from __future__ import annotations

import atexit
import pickle
import shutil
import tempfile
import time
import uuid
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

import tools
from tools.books.elsewhere import Outcome, Stage, Tell, Unit
from tools.checks.engines.spark_errors import explained
from tools.checks.engines.spark_watch import watched
from tools.core import errors
from tools.core.errors import TieoutError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_MOST_TASKS: Final = 2_000
_SCHEMA: Final = "at long, outcome binary, seconds double"
_shipped: set[str] = set()  # applications that have our code


class SparkExecutors:
    """The executors of a session.

    answers: whether the cluster is there. group: the name of its jobs. tell: who hears of its stages.
    """

    def __init__(
        self,
        session: SparkSession,
        place: str,
        answers: Callable[[], bool] = lambda: True,
        *,
        group: str = "",
        tell: Tell = lambda _: None,
    ) -> None:
        self._session, self._place, self._answers, self._tell = session, place, answers, tell
        self._group = group or f"tieout-{uuid.uuid4().hex}"
        self.stages: list[Stage] = []

    def run(self, stage: str, work: Callable[[Unit], Outcome], units: Sequence[Unit]) -> list[Outcome]:
        """Run `work` on each unit in a task of its own, as the Protocol says."""
        if not units:
            return []
        started = time.perf_counter()
        self._tell(Stage(stage, len(units)))
        with (
            explained(self._session, self._place, self._answers),
            watched(self._session.sparkContext, self._answers),
        ):
            _ship(self._session)
            self._session.sparkContext.setJobGroup(self._group, stage, interruptOnCancel=True)
            numbers = self._session.range(0, len(units), 1, min(len(units), _MOST_TASKS))
            rows = numbers.mapInArrow(_tasks(work, list(units)), _SCHEMA).toArrow().sort_by("at")
        spent = round(sum(rows["seconds"].to_pylist()), 2)
        self.stages.append(Stage(stage, len(units), round(time.perf_counter() - started, 2), spent))
        self._tell(self.stages[-1])
        return [_outcome_of(text) for text in rows["outcome"].to_pylist()]


def _tasks(
    work: Callable[[Any], Any], units: list[Any]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    def run(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for at in batch.column(0).to_pylist():
                started = time.perf_counter()
                outcome = attempted(work, units[at])
                row = {"at": [at], "outcome": [outcome], "seconds": [time.perf_counter() - started]}
                yield pa.RecordBatch.from_pydict(row)

    return run


def attempted(work: Callable[[Any], Any], unit: object) -> bytes:
    """Run a unit where the executor is; what the user has to put right is an outcome, not a failed task."""
    try:
        return pickle.dumps((None, work(unit)))
    except TieoutError as error:
        return pickle.dumps(((type(error).__name__, error.message, error.place, error.remedy), None))


def _outcome_of(text: bytes) -> Any:  # noqa: ANN401 - any outcome
    refusal, outcome = pickle.loads(text)  # noqa: S301 - written by our own task
    if refusal is None:
        return outcome
    name, message, place, remedy = refusal
    raise getattr(errors, name, TieoutError)(message, place=place, remedy=remedy)


def _ship(session: SparkSession) -> None:
    """Send our code to the executors, once an application: theirs may be of another version."""
    context = session.sparkContext
    application = context.applicationId or ""
    if application not in _shipped:
        context.addPyFile(str(_archive()))
        _shipped.add(application)


@cache
def _archive() -> Path:
    """Pack our code; the driver serves the file for as long as this process lives."""
    folder, home = Path(tempfile.mkdtemp(prefix="tieout-code-")), Path(tools.__file__ or "").parent
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "tieout.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(home.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                archive.write(file, file.relative_to(home.parent))
    return path
