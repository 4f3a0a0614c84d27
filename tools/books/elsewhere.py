"""What an engine beside DuckDB offers, so that the tests of the books run on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import pyarrow as pa

from tools.core.settings import Settings

Unit = TypeVar("Unit")
Outcome = TypeVar("Outcome")


@dataclass(frozen=True)
class Stage:
    """What an engine does for a run: the stage's name and its units of work; seconds by the clock once done.

    task_seconds: of all tasks together, where there are tasks.
    """

    name: str
    units: int
    seconds: float | None = None
    task_seconds: float = 0.0


Tell = Callable[[Stage], None]  # of a stage as it begins, and as it ends


class Executors(Protocol):
    """Machines that run this program's own functions, and see books and workspace under the same paths."""

    @property
    def stages(self) -> list[Stage]:
        """What they have done, in order."""
        ...

    def run(self, stage: str, work: Callable[[Unit], Outcome], units: Sequence[Unit]) -> list[Outcome]:
        """Run `work` on each unit, again where a machine is lost; give outcomes in the units' order.

        `work` is importable; units and outcomes can be pickled; what it writes is under a name of its own.
        Raises the TieoutError that `work` raised, UnreachableError where the cluster is away, EngineError.
        """
        ...


@dataclass(frozen=True)
class TaskMemory:
    """What a task may use of its machine: DuckDB's memory; it has one thread, as it has one core."""

    memory: str

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Take them from the desk's settings."""
        return cls(settings.engine_memory_limit)

    @property
    def settings(self) -> Settings:
        """Give them as settings, with nothing of the desk's own."""
        return Settings(engine_memory_limit=self.memory, engine_threads=1)


@dataclass(frozen=True)
class Machines:
    """The executors of a run's books, a folder that they and this process write to, each task's memory."""

    executors: Executors
    scratch: Path
    limits: TaskMemory


@dataclass(frozen=True)
class LaidTable:
    """A table as it is laid out for an engine. columns: name -> our column type (tools.books.tables).

    file: its Parquet, where it has one. batches: its rows in order, bounded in memory.
    """

    name: str
    columns: Mapping[str, str]
    batches: Callable[[], pa.RecordBatchReader]
    file: Path | None = None


class BookEngine(Protocol):
    """What runs tests: an engine that has the books. Queries are DuckDB's dialect, $names are bound."""

    def keep(self, table: str, sql: str, parameters: Mapping[str, Any]) -> None:
        """Compute a query into a table that later queries of this session name."""
        ...

    def query(self, sql: str, parameters: Mapping[str, Any]) -> pa.Table:
        """Run a query.

        Raises UnsupportedError where the engine cannot say it, UnreachableError where it is away, and
        EngineError with the engine's own words for what else went wrong.
        """
        ...

    def cancel(self) -> None:
        """Stop what runs now; called from another thread."""
        ...


class Elsewhere(BookEngine, Protocol):
    """An engine beside DuckDB, which is given the tables of the books under their own names."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    @property
    def executors(self) -> Executors | None:
        """Its machines, where they see this process's files and run functions of ours."""
        ...

    def hold(self, table: LaidTable) -> None:
        """Make a table of the snapshot there, once for all who test this run."""
        ...

    def put(self, table: LaidTable) -> None:
        """Make a table there that only this session sees."""
        ...

    def close(self) -> None:
        """End the session; what it put and kept is gone."""
        ...
