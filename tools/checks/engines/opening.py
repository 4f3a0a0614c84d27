"""Open the engine that runs the tests of a run's books, and say beforehand what would keep it from that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.books.elsewhere import Elsewhere, Executors, Machines, TaskMemory, Tell
from tools.books.engine import Books
from tools.core import engine_choice
from tools.core.bounded_paths import Folders
from tools.core.engine_choice import EngineChoice, EngineKind
from tools.core.errors import SettingsError, SourcesError, UnreachableError
from tools.core.settings import Settings
from tools.ledger import sources
from tools.ledger.sources import Sources

_LIBRARIES: Final[Mapping[EngineKind, tuple[str, ...]]] = {
    "duckdb": (),
    "postgresql": ("psycopg", "sqlglot"),
    "spark": ("pyspark", "sqlglot"),
    "databricks": ("databricks.connect", "sqlglot"),
}
_CONNECT: Final = ("grpc", "grpc_status", "zstandard")  # of pyspark's own extra


def engine_of(declared: Sources, settings: Settings) -> EngineChoice:
    """Give the engine of these books: the sources file's, else the setting's."""
    return engine_choice.parsed(declared.engine or settings.engine)


def check(declared: Sources, settings: Settings, within: Folders | None) -> None:
    """See that the engine may be used and its library is there.

    within: of a caller of the Server, for whom no file sends the books to a place that the desk's own
    settings do not name. Raises SourcesError or SettingsError.
    """
    choice = engine_of(declared, settings)
    if within is not None and declared.engine not in (None, "duckdb", settings.engine):
        raise SourcesError(
            "the Server's callers use no engine but the desk's own.",
            place="engine",
            remedy="Set TIEOUT_ENGINE to it where the Server runs.",
        )
    needed = (*_LIBRARIES[choice.kind], *(_CONNECT if choice.is_connect else ()))
    lacking = [name for name in needed if not _is_installed(name)]
    if lacking:
        raise SettingsError(
            f"{choice.place} needs {lacking[0]}, which is not installed.",
            place="TIEOUT_ENGINE" if declared.engine is None else "engine",
            remedy=f"pip install 'tieout[{'databricks' if choice.kind == 'databricks' else 'engines'}]'.",
        )
    if choice.kind == "postgresql":
        from tools.checks.engines.schemas import require_admission  # noqa: PLC0415 - an extra

        with suppress(UnreachableError):  # that is waited for, once the run is begun
            require_admission(choice.url)


@contextmanager
def on_engine(books: Books, settings: Settings, tell: Tell = lambda _: None) -> Iterator[EngineChoice]:
    """Let the tests of these books run on their engine while this is open; give which it is.

    tell: who hears of its stages.
    """
    choice = engine_of(sources.of(books), settings)
    if choice.is_embedded:
        yield choice
        return
    from tools.checks.engines.on_demand import OnDemand  # noqa: PLC0415 - an extra

    with TemporaryDirectory(dir=books.folder.absolute().parent, prefix="engine-") as scratch:
        engine = connect(choice, books, settings, Path(scratch), tell)
        try:
            if machines := engine.executors:
                books.machines = Machines(machines, Path(scratch), TaskMemory.of(settings))
            books.elsewhere = on_demand = OnDemand(engine, books)
            yield choice
            for stage in on_demand.stages:
                tell(stage)
        finally:
            books.elsewhere = books.machines = None
            engine.close()


def connect(choice: EngineChoice, books: Books, settings: Settings, scratch: Path, tell: Tell) -> Elsewhere:
    """Open a session on an engine for a run's books. Raises UnreachableError where it is away.

    scratch: a folder in the run's own, for what a cluster writes that sees it.
    """
    if choice.kind == "postgresql":
        from tools.checks.engines.postgresql import PostgreSQL  # noqa: PLC0415 - an extra
        from tools.checks.engines.schemas import schema_of  # noqa: PLC0415 - imported when used

        return PostgreSQL(choice.url, schema_of(books.folder.parent.name))
    from tools.checks.engines.spark import Spark  # noqa: PLC0415 - an extra
    from tools.checks.engines.spark_session import answers, session  # noqa: PLC0415 - imported when used

    return Spark(
        session(choice, settings, books.manifest.rows),
        "databricks" if choice.kind == "databricks" else "spark",
        shared=None if choice.is_connect or choice.kind == "databricks" else scratch,
        answers=partial(answers, choice),
        tell=tell,
    )


def executors(declared: Sources, settings: Settings, tell: Tell = lambda _: None) -> Executors | None:
    """Give the machines that these books are read on; None where they are read in this process.

    A standalone Spark alone: its executors see the files that this process sees.
    Raises UnreachableError where it is away.
    """
    choice = engine_of(declared, settings)
    if choice.kind != "spark" or choice.is_connect:
        return None
    from tools.checks.engines.executors import SparkExecutors  # noqa: PLC0415 - an extra
    from tools.checks.engines.spark_session import LONG, answers, session  # noqa: PLC0415 - imported when used

    opened_session = session(choice, settings, LONG)
    return SparkExecutors(opened_session, choice.place, partial(answers, choice), tell=tell)


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # its parent is missing
        return False
