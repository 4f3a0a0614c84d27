"""Open a run: one window of the books, claimed, read once, and kept as a snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from tools import ledger
from tools.audit import engine_stages, other_rules, read_again, rules_in_use
from tools.audit.control_totals import totals
from tools.audit.waiting_for_sources import pausing
from tools.books import manifest
from tools.checks import catalogue
from tools.checks.engines import opening as engine_opening
from tools.core import full_disk, settings
from tools.core.bounded_paths import Folders
from tools.core.clock import clock
from tools.core.errors import RunError, SettingsError, SourcesError, UsageError
from tools.core.full_disk import FullDiskError
from tools.core.refs import ControlTotals, Ref
from tools.core.settings import Settings
from tools.ledger import sources as sources_file
from tools.ledger.sources import Sources
from tools.ledger.window import Window
from tools.rules.model import Rules
from tools.runs import run_files, run_rules, workspace
from tools.store import Store, aliases, open_items, open_store, rule_versions, runs, trail, windows
from tools.store.models import LIVE, AuditRun

GONE = "earlier snapshots gone"  # action on the trail: what they audited is not recognised
Progress = Callable[[str, int], None]
_ENDED_BY = dict.fromkeys(LIVE, "go on with tieout resume") | {"waiting": "decide on it"}


@dataclass(frozen=True)
class AuditOrder:
    """What a caller asks for. within: where the files have to lie; None where they are the user's own."""

    thread_id: str
    started_by: str
    sources: str
    rules: str | None = None
    as_of: str | None = None
    again_from: str | None = None
    may_decide: bool = False
    parent_run_id: str | None = None
    within: Folders | None = None


@dataclass(frozen=True)
class OpenedRun:
    """The run, and the references that the state carries."""

    run_id: str
    started_by: str
    snapshot: Ref
    totals: list[ControlTotals]


@dataclass(frozen=True)
class _Opening:
    store: Store
    run: AuditRun
    declared: Sources
    limits: Settings


@dataclass(frozen=True)
class _Valid:
    """What a caller asks for, every part of it looked at."""

    declared: Sources
    path: Path
    rules: Rules
    other_rules: str
    to_day: date
    again: date | None


def open_run(request: AuditOrder, progress: Progress) -> OpenedRun:
    """Start the run, claim its window, publish its snapshot. A replay goes on with what is there.

    What is asked for is looked at first, so that a mistake leaves no run behind.
    """
    limits = settings.load()
    valid = _validated(request, limits)
    store = open_store(limits.database_url)
    run_files.refuse_second_workspace(store, limits)  # a run that others could not go on with is not begun
    before = runs.of_thread(store, request.thread_id)
    if before is None or before.status not in LIVE:
        ledger.check_files(valid.declared)
        if valid.again is not None and before is None:
            read_again.supersede(
                store, valid.declared.entity.name, by=request.started_by, may_decide=request.may_decide
            )
        _refuse_if_held(store, valid)
    run = _start(store, request, valid)
    run_files.note_workspace(store, limits, run.run_id)
    rules = run_rules.decided(store, run.run_id) or valid.rules  # a replay goes by what it began with
    valid = replace(valid, rules=rules)
    folder = workspace.run_folder(limits, run.run_id)
    with _given_back(store, run):
        window = _window(_Opening(store, run, valid.declared, limits), valid)
        if workspace.published(folder, workspace.SNAPSHOT) is None:
            _read(_Opening(store, run, valid.declared, limits), window, folder, progress)
    workspace.seal(store, folder, workspace.SNAPSHOT)
    workspace.keep_rules(folder, valid.rules)
    return _record_opening(store, run, folder)


def _validated(request: AuditOrder, limits: Settings) -> _Valid:
    """Look at every part of what is asked. Raises UsageError, SourcesError or RulesError."""
    path = _path(request.sources, "sources", request.within)
    declared = sources_file.load(path, request.within)
    rules, under_other_rules = rules_in_use.choose(
        request.rules, limits, within=request.within, parent=request.parent_run_id
    )
    engine_opening.check(declared, limits, request.within)
    again = read_again.first_day(request.again_from)
    return _Valid(declared, path, rules, under_other_rules, _as_of(request, declared), again)


def _path(named: str, place: str, within: Folders | None) -> Path:
    return within.path(named, place) if within is not None else Path(named).resolve()


def _start(store: Store, request: AuditOrder, valid: _Valid) -> AuditRun:
    with store.begin():
        run = runs.start_audit(
            store,
            thread_id=request.thread_id,
            started_by=request.started_by,
            entity=valid.declared.entity.name,
            sources_path=str(valid.path),
            sources_digest=valid.declared.sha256,
            rules_digest=valid.rules.sha256,
            parent_run_id=request.parent_run_id,
        )
        if valid.other_rules:
            runs.record(store, run.run_id, counts={**run.counts, other_rules.KEY: valid.other_rules})
            run = runs.audit(store, run.run_id)
    text = valid.rules.model_dump_json(indent=1)
    rule_versions.save(
        store, valid.rules.sha256, text, author=run.started_by, reason="in force when a run opened"
    )
    return run


@contextmanager
def _given_back(store: Store, run: AuditRun) -> Iterator[None]:
    """Give the window back when the books are not as declared: once put right, they are audited anew."""
    try:
        yield
    except (SourcesError, SettingsError) as error:
        windows.abandon(store, run.run_id, by="tieout", reason=str(error))
        raise
    except FullDiskError as error:
        runs.set_status(store, run.run_id, "failed", error=str(error))
        raise


def _as_of(request: AuditOrder, declared: Sources) -> date:
    if not request.as_of:
        return declared.entity.as_of or clock().now().date()
    try:
        return date.fromisoformat(request.as_of)
    except ValueError:
        raise UsageError(
            f"'{request.as_of}' is not a day.", place="as_of", remedy="Write it as 2025-12-31."
        ) from None


def _window(opening: _Opening, valid: _Valid) -> Window:
    store, run, declared = opening.store, opening.run, opening.declared
    claimed = windows.take(
        store, run.run_id, run.entity, _postings(declared), valid.to_day, again=valid.again
    )
    if _nothing_new(claimed):
        _give_up_if_held(store, run, valid)
    days = {}
    for name, (start, _) in claimed.items():
        back = declared.sources[name].look_back_days
        days[name] = start and start - timedelta(days=valid.rules.look_back_days if back is None else back)
    end = min((end for _, end in claimed.values()), default=valid.to_day)
    carried = frozenset(item.row_key for item in open_items.of_entity(store, run.entity))
    names = aliases.names_of(store, run.entity)
    return Window(days, end, catalogue.history_days(), carried, _snapshots(opening), names, again=valid.again)


def _postings(declared: Sources) -> list[str]:
    return [name for name, source in declared.sources.items() if source.is_transactions]


def _nothing_new(claimed: Mapping[str, windows.Window]) -> bool:
    return all(start and start > end for start, end in claimed.values())


def _snapshots(opening: _Opening) -> tuple[Path, ...]:
    """Give the snapshots of the entity's other runs; an abandoned one gave its window back.

    Raises RunError where one is there and is not whole; one that is gone is put on the trail.
    """
    store, run = opening.store, opening.run
    others = [
        earlier
        for earlier in runs.list_audits(store, entity=run.entity, limit=100_000)
        if earlier.run_id != run.run_id
        and earlier.status != "abandoned"
        and not other_rules.named_by(earlier)
        and earlier.snapshot_uri
    ]
    folders = {earlier.run_id: workspace.located(opening.limits, earlier.snapshot_uri) for earlier in others}
    if gone := [run_id for run_id, folder in folders.items() if not folder.is_dir()]:
        trail.append(store, run.run_id, "tieout", GONE, details={"runs": gone}, once=GONE)
    present = {run_id: folder for run_id, folder in folders.items() if folder.is_dir()}
    for run_id, folder in present.items():
        run_files.require_whole(store, run_id, folder)
    return tuple(sorted(present.values()))


def _refuse_if_held(store: Store, valid: _Valid) -> None:
    """Refuse a second run over a window that another one holds, before a run is begun."""
    entity = valid.declared.entity.name
    if _nothing_new(windows.free(store, entity, _postings(valid.declared), valid.to_day)):
        holder = read_again.live_run(store, entity)
        if holder:
            raise _held_by(holder, valid)


def _give_up_if_held(store: Store, run: AuditRun, valid: _Valid) -> None:
    """Refuse it where two runs began at once; where the window is closed, the run looks back."""
    holder = read_again.live_run(store, run.entity, run.run_id)
    if holder:
        windows.abandon(store, run.run_id, by="tieout", reason="its window is held by another run")
        raise _held_by(holder, valid)


def _held_by(holder: AuditRun, valid: _Valid) -> RunError:
    return RunError(
        f"the books up to {valid.to_day} are held by run {holder.run_id}, which is {holder.status}.",
        remedy=f"See it: tieout show {holder.run_id}; then {_ENDED_BY[holder.status]}, "
        f"or give it up: tieout abandon {holder.run_id}; or audit the same days again in its place:"
        f" tieout audit {valid.path} --again.",
    )


def _read(opening: _Opening, window: Window, folder: Path, progress: Progress) -> None:
    store, run, limits = opening.store, opening.run, opening.limits

    def read() -> None:
        with workspace.Attempt(folder, workspace.SNAPSHOT) as attempt:
            with full_disk.worded(str(folder)):
                tell = engine_stages.teller(store, run.run_id, "reading")
                executors = engine_opening.executors(opening.declared, limits, tell)
                snapshot = ledger.read(
                    opening.declared, window, limits, attempt.folder, progress=progress, executors=executors
                )
            attempt.publish({"sha256": snapshot.sha256})

    pausing(store, run.run_id, read, limits, lambda seconds, _: progress("waiting", int(seconds)))


def _record_opening(store: Store, run: AuditRun, folder: Path) -> OpenedRun:
    snapshot = folder / workspace.SNAPSHOT
    books = manifest.read(snapshot)
    runs.record(
        store,
        run.run_id,
        status="open",
        error="",
        next_try_at=None,
        snapshot_uri=f"{run.run_id}/{workspace.SNAPSHOT}",
        snapshot_sha256=books.sha256,
        window_from=date.fromisoformat(books.window_from) if books.window_from else None,
        window_to=date.fromisoformat(books.window_to),
    )
    rows = sum(entry.rows for entry in books.tables.values())
    ref = Ref(uri=f"{run.run_id}/{workspace.SNAPSHOT}", sha256=books.sha256, rows=rows)
    return OpenedRun(run.run_id, run.started_by, ref, totals(snapshot))
