"""Open a run: one window of the books, claimed, read once, and kept as a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tools import ledger
from tools.audit.control_totals import totals
from tools.books import manifest
from tools.checks import catalogue
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.clock import clock
from tools.core.errors import RunError, SettingsError, SourcesError, UsageError
from tools.core.refs import Ref, Totals
from tools.core.retries import PausedError, patiently
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Sources
from tools.ledger.window import Window
from tools.rules.model import Rules
from tools.runs import workspace
from tools.store import Store, aliases, open_items, open_store, rule_versions, runs, windows
from tools.store.models import LIVE, Run

Told = Callable[[str, int], None]
_ENDED_BY = dict.fromkeys(LIVE, "go on with tieout resume") | {"waiting": "decide on it"}


@dataclass(frozen=True)
class Asked:
    """What a caller asks for."""

    thread_id: str
    started_by: str
    sources: str
    rules: str | None = None
    as_of: str | None = None
    parent_run_id: str | None = None


@dataclass(frozen=True)
class Opened:
    """The run, and the references that the state carries."""

    run_id: str
    started_by: str
    snapshot: Ref
    totals: list[Totals]


@dataclass(frozen=True)
class _Opening:
    store: Store
    run: Run
    declared: Sources
    limits: Settings


def open_run(asked: Asked, told: Told) -> Opened:
    """Start the run, claim its window, publish its snapshot. A replay goes on with what is there."""
    limits = settings.load()
    declared = sources_file.load(Path(asked.sources))
    in_force = _rules(asked, limits)
    store = open_store(limits.database_url)
    workspace.run_folder(limits, "any")  # a run that could keep nothing is not begun
    run = runs.start(
        store,
        thread_id=asked.thread_id,
        started_by=asked.started_by,
        entity=declared.entity.name,
        sources_path=str(Path(asked.sources).resolve()),
        sources_digest=declared.sha256,
        rules_digest=in_force.sha256,
        parent_run_id=asked.parent_run_id,
    )
    text = in_force.model_dump_json(indent=1)
    rule_versions.save(
        store, in_force.sha256, text, author=run.started_by, reason="in force when a run opened"
    )
    to_day = _as_of(asked, declared)
    folder = workspace.run_folder(limits, run.run_id)
    with _given_back(store, run):
        window = _window(store, run, declared, in_force, to_day)
        if workspace.published(folder, workspace.SNAPSHOT) is None:
            _read(_Opening(store, run, declared, limits), window, folder, told)
    workspace.keep_rules(folder, in_force)
    return _opened(store, run, folder)


@contextmanager
def _given_back(store: Store, run: Run) -> Iterator[None]:
    """Give the window back when the books are not as declared: once put right, they are audited anew."""
    try:
        yield
    except (SourcesError, SettingsError) as error:
        windows.abandon(store, run.run_id, by="tieout", reason=str(error))
        raise


def _rules(asked: Asked, limits: Settings) -> Rules:
    named = Path(asked.rules) if asked.rules else None
    held = load_rules(named or limits.rules)
    if not named:
        return held
    # Who has to approve is the desk's own rule: whoever starts a run can't lower it with a file of theirs.
    return held.model_copy(update={"approval": load_rules(limits.rules).approval})


def _as_of(asked: Asked, declared: Sources) -> date:
    if not asked.as_of:
        return declared.entity.as_of or clock().now().date()
    try:
        return date.fromisoformat(asked.as_of)
    except ValueError:
        raise UsageError(
            f"'{asked.as_of}' is not a day.", place="as_of", remedy="Write it as 2025-12-31."
        ) from None


def _window(store: Store, run: Run, declared: Sources, in_force: Rules, to_day: date) -> Window:
    posted = [name for name, source in declared.sources.items() if source.is_transactions]
    claimed = windows.take(store, run.run_id, run.entity, posted, to_day)
    if all(start and start > end for start, end in claimed.values()):
        _refuse_if_held(store, run, to_day)
    days = {}
    for name, (start, _) in claimed.items():
        back = declared.sources[name].look_back_days
        days[name] = start and start - timedelta(days=in_force.look_back_days if back is None else back)
    end = min((end for _, end in claimed.values()), default=to_day)
    carried = frozenset(item.row_key for item in open_items.of_entity(store, run.entity))
    known = aliases.known(store, run.entity)
    return Window(days, end, catalogue.history_days(), carried, _seen(store, run), known)


def _seen(store: Store, run: Run) -> tuple[Path, ...]:
    """Give the snapshots of the entity's other runs; an abandoned one gave its window back."""
    others = runs.list_runs(store, limit=100_000)
    folders = [
        Path(other.snapshot_uri)
        for other in others
        if other.entity == run.entity
        and other.run_id != run.run_id
        and other.status != "abandoned"
        and other.snapshot_uri
    ]
    return tuple(sorted(folder for folder in folders if folder.is_dir()))


def _refuse_if_held(store: Store, run: Run, to_day: date) -> None:
    """Refuse a second run over a window that another one holds; look back where it is closed."""
    held = [
        other
        for other in runs.list_runs(store, limit=1000)
        if other.entity == run.entity and other.run_id != run.run_id and other.status in LIVE
    ]
    if held:
        windows.abandon(store, run.run_id, by="tieout", reason="its window is held by another run")
        raise RunError(
            f"the books up to {to_day} are held by run {held[0].run_id}, which is {held[0].status}.",
            remedy=f"See it: tieout show {held[0].run_id}; then {_ENDED_BY[held[0].status]}, "
            f"or give it up: tieout abandon {held[0].run_id}.",
        )


def _read(opening: _Opening, window: Window, folder: Path, told: Told) -> None:
    store, run, limits = opening.store, opening.run, opening.limits

    def read() -> None:
        attempt = workspace.Attempt(folder, workspace.SNAPSHOT)
        try:
            taken = ledger.read(opening.declared, window, limits, attempt.folder, progress=told)
        except BaseException:
            attempt.cancel()
            raise
        attempt.publish({"sha256": taken.sha256})

    try:
        patiently(read, limits, tries=run.attempts, waiting=lambda seconds, _: told("waiting", int(seconds)))
    except PausedError as paused:
        runs.pause(
            store, run.run_id, attempts=paused.tries, next_try_at=paused.next_try_at, error=str(paused)
        )
        raise


def _opened(store: Store, run: Run, folder: Path) -> Opened:
    snapshot = folder / workspace.SNAPSHOT
    held = manifest.read(snapshot)
    runs.record(
        store,
        run.run_id,
        status="open",
        error="",
        next_try_at=None,
        snapshot_uri=str(snapshot),
        snapshot_sha256=held.sha256,
        window_from=date.fromisoformat(held.window_from) if held.window_from else None,
        window_to=date.fromisoformat(held.window_to),
    )
    rows = sum(entry.rows for entry in held.tables.values())
    ref = Ref(uri=str(snapshot), sha256=held.sha256, rows=rows)
    return Opened(run.run_id, run.started_by, ref, totals(snapshot))
