"""Whether this machine sees a run's files, and whether they are as they were written.

note_workspace(store, settings, run_id)      when a run opens: in which workspace its files are
require(store, settings, run_id)             before it goes on, or anybody's word is recorded
require_thread(settings, thread_id)          the same for the run of a thread, where it has a live one
intact_folder(settings, run_id) -> Path      its folder, for a step that reads it
verify_files(store, settings, run_id)        for one run, or all: everything that is wrong, in words
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tools.core.errors import RunError, TieoutError
from tools.core.settings import Settings
from tools.runs import file_digests, run_rules, seals, workspace
from tools.store import Store, open_store, runs, trail
from tools.store.models import LIVE, Run, TrailEntry

WORKSPACE = "workspace named"  # action on the trail
_MOST = 3  # of what is wrong, in one message
_EVERY = 1_000_000
_PAGE = "docs/postgresql.md says how machines share one."


def note_workspace(store: Store, settings: Settings, run_id: str) -> None:
    """Put on a run's trail in which workspace its files are, once.

    Raises RunError where they are in another than the one in force.
    """
    location = {"id": workspace.claim(settings), "url": place(settings), "host": socket.gethostname()}
    entry = trail.append(store, run_id, "tieout", WORKSPACE, details=location, once=WORKSPACE)
    if entry["details"]["id"] != location["id"]:
        raise _elsewhere(settings, run_id, entry["details"])


def refuse_second_workspace(store: Store, settings: Settings) -> None:
    """Refuse to begin a run where a live one of this store keeps its files in a workspace not seen from here.

    Raises RunError naming the setting; nothing was recorded by then.
    """
    query = (
        select(TrailEntry.run_id, TrailEntry.details)
        .join(Run, Run.run_id == TrailEntry.run_id)
        .where(Run.status.in_(LIVE), TrailEntry.action == WORKSPACE)
        .order_by(TrailEntry.run_id.desc())
    )
    with store.read() as session:
        rows = session.execute(query).all()
    identity = workspace.claim(settings)
    for row in rows:
        where = json.loads(row.details)
        if where["id"] != identity:
            raise _elsewhere(settings, row.run_id, where)


def require(store: Store, settings: Settings, run_id: str) -> None:
    """Raise RunError unless this machine sees a run's files and each of them is as it was written.

    The message names the setting or the files, and what helps; nothing was recorded by then.
    """
    _require_workspace(store, settings, run_id)
    folder = workspace.run_folder(settings, run_id)
    if wrong := seals.differences(store, run_id, folder):
        raise _damaged(run_id, folder, wrong)
    run_rules.restore(store, folder)


def require_thread(settings: Settings, thread_id: str) -> None:
    """Do the same for a thread's run; nothing is required of a thread without one, or whose run has ended."""
    store = open_store(settings.database_url)
    run = runs.of_thread(store, thread_id)
    if run is not None and run.status in LIVE:
        require(store, settings, run.run_id)


def require_whole(store: Store, run_id: str, snapshot: Path) -> None:
    """Raise RunError where a file of an earlier run's snapshot is missing or cut short; its size will do."""
    expected = seals.published(store, run_id).get(snapshot.name)
    if expected and (wrong := file_digests.differences(snapshot, expected, contents=False)):
        raise _damaged(run_id, snapshot.parent, wrong)


def intact_folder(settings: Settings, run_id: str) -> Path:
    """Give a run's folder once its files are compared with what the trail says of them.

    Raises RunError naming what is missing, cut short or replaced.
    """
    require(open_store(settings.database_url), settings, run_id)
    return workspace.run_folder(settings, run_id)


def is_intact(store: Store, settings: Settings, run_id: str) -> bool:
    """Say whether this machine sees the files of a run, all as they were written: else no replay reads it."""
    try:
        _require_workspace(store, settings, run_id)
        return not seals.differences(store, run_id, workspace.run_folder(settings, run_id))
    except RunError:
        return False


def verify_files(store: Store, settings: Settings, run_id: str | None = None) -> list[tuple[str, str]]:
    """Say what is wrong with the files of a run, or of every run: (run, what), nothing where all are well.

    Of a run that was given up nothing is missed; what is there is compared.
    """
    chosen = [runs.get(store, run_id)] if run_id else runs.list_runs(store, limit=_EVERY)
    whole = [run for run in chosen if run.run_id]  # None: its row of audit_run is gone, as the seals say
    return [(run.run_id, what) for run in whole for what in _wrong(store, settings, run)]


def _wrong(store: Store, settings: Settings, run: Run) -> list[str]:
    given_up = run.status == "abandoned"
    try:
        _require_workspace(store, settings, run.run_id)
        folder = workspace.run_folder(settings, run.run_id)
    except TieoutError as error:
        return [] if given_up else [f"its files were not compared: {error}"]
    if given_up and not folder.is_dir():
        return []
    return seals.differences(store, run.run_id, folder)


def place(settings: Settings) -> str:
    """Name the workspace in force as any machine would, without what is secret in it."""
    url = settings.workspace_url
    if "://" in url and not url.startswith("file://"):
        scheme, _, rest = url.partition("://")
        return f"{scheme}://{rest.rpartition('@')[2]}"
    return str(Path(url.removeprefix("file://")).resolve())


def _require_workspace(store: Store, settings: Settings, run_id: str) -> None:
    query = select(TrailEntry.details).where(TrailEntry.run_id == run_id, TrailEntry.once == WORKSPACE)
    with store.read() as session:
        text = session.scalar(query)
    where = json.loads(text) if text else None  # older runs have none
    if where and where["id"] != workspace.identity(settings):
        raise _elsewhere(settings, run_id, where)


def _elsewhere(settings: Settings, run_id: str, where: Mapping[str, Any]) -> RunError:
    url = place(settings)
    same = url == where["url"] and socket.gethostname() == where["host"]
    why = "which was emptied or replaced since" if same else f"this is {url} on {socket.gethostname()}"
    return RunError(
        f"the files of run {run_id} are in the workspace {where['url']} (made on {where['host']}), {why}.",
        place="setting WORKSPACE_URL",
        remedy=f"Name the workspace that the run was begun with, which every machine has to see; {_PAGE}",
    )


def _damaged(run_id: str, folder: Path, wrong: list[str]) -> RunError:
    more = f" and {len(wrong) - _MOST} more" if len(wrong) > _MOST else ""
    return RunError(
        f"the files of run {run_id} are not as they were written: {'; '.join(wrong[:_MOST])}{more}.",
        place=str(folder),
        remedy="Put them back from a backup of the workspace and repeat this;"
        f" or give the run up and audit anew: tieout abandon {run_id}.",
    )
