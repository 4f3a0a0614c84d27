"""Whether the desk can work: each part of it ok, warning or error, with a message and what to do.

check(settings) -> list[Part]      workspace, store, checkpoints, users, each source, model API, notifier
worst(parts) -> Level

Nothing here raises for what is broken: a broken part is a part with an error.
"""

from __future__ import annotations

import socket
import sqlite3
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import func, select

from tools.core.clock import clock
from tools.core.errors import SettingsError, TieoutError
from tools.core.settings import Settings
from tools.identity import users_file
from tools.ledger import files, sources
from tools.recovery.smtp import PORTS
from tools.recovery.states import WRITTEN
from tools.runs import workspace
from tools.store import Store, open_store, outbox, runs
from tools.store.models import Letter, RecoveryClaim, Run

Level = Literal["ok", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("ok", "warning", "error")
MODEL_SECONDS = 5.0
LATE = timedelta(minutes=15)  # a notice that is queued longer than this is not going out
_NEWEST_RUNS = 50
_SQLITE = "sqlite:///"


class HealthPart(NamedTuple):
    """One part of the desk, and how it does."""

    name: str
    level: Level
    message: str
    remedy: str = ""


def check(settings: Settings) -> list[HealthPart]:
    """Look at every part. Takes as long as the slowest part's time limit."""
    return [
        _checked("workspace", lambda: _workspace(settings)),
        _checked("store", lambda: _store(settings)),
        _checked("checkpoints", lambda: _checkpoints(settings)),
        _checked("users", lambda: _users(settings)),
        *_sources(settings),
        _checked("model API", lambda: _model(settings)),
        _checked("notifier", lambda: _notifier(settings)),
        _checked("mail server", lambda: _mail_server(settings)),
        _checked("contact sources", lambda: _contact_sources(settings)),
        _checked("follow-up", lambda: _follow_up(settings)),
    ]


def worst(parts: Sequence[HealthPart]) -> Level:
    """Give the gravest level of all."""
    return max((part.level for part in parts), key=LEVELS.index, default="ok")


def _checked(name: str, look: Callable[[], HealthPart]) -> HealthPart:
    try:
        return look()
    except TieoutError as error:
        place = f"{error.place}: " if error.place else ""
        return HealthPart(name, "error", f"{place}{error.message}", error.remedy)
    except Exception as error:  # noqa: BLE001 - whatever a driver raises, the other parts are told of
        return HealthPart(name, "error", f"{type(error).__name__}: {error}")


def _workspace(settings: Settings) -> HealthPart:
    folder = workspace.run_folder(settings, "x").parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written: {error.strerror}.", place="setting WORKSPACE_URL"
        ) from None
    return HealthPart("workspace", "ok", f"{folder} can be written.")


def _store(settings: Settings) -> HealthPart:
    store = open_store(settings.database_url)
    count = len(runs.list_audits(store, limit=_NEWEST_RUNS))
    return HealthPart("store", "ok", f"{store.place} answers; {_many(count)} in it.")


def _many(count: int) -> str:
    return f"{count} or more runs" if count == _NEWEST_RUNS else f"{count} run" + "s" * (count != 1)


def _checkpoints(settings: Settings) -> HealthPart:
    url = settings.checkpoint_url
    if not url.startswith(_SQLITE):
        return _answers("checkpoints", url, default_port=5432)
    path = Path(url.removeprefix(_SQLITE))
    if not path.exists():
        return HealthPart("checkpoints", "ok", f"{path} will be made by the first run.")
    with closing(sqlite3.connect(f"file:{path.absolute()}?mode=ro", uri=True, timeout=2)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return HealthPart("checkpoints", "ok", f"{path} answers.")


def _users(settings: Settings) -> HealthPart:
    if not settings.users.exists() and not users_file.in_use(settings.users):
        return HealthPart("users", "ok", "there is no users file: whoever decides signs in by a JWT.")
    users = users_file.read_now(settings.users)
    return HealthPart("users", "ok", f"{settings.users} names {len(users.users)}.")


def _answers(name: str, url: str, *, default_port: int) -> HealthPart:
    parsed = urlsplit(url)
    place = f"{parsed.hostname}:{parsed.port or default_port}"
    with socket.create_connection((parsed.hostname or "localhost", parsed.port or default_port), timeout=2):
        return HealthPart(name, "ok", f"{place} takes connections.")


def _sources(settings: Settings) -> list[HealthPart]:
    """Look at the sources of every sources file that the newest runs went by."""
    try:
        store = open_store(settings.database_url)
        paths = dict.fromkeys(run.sources_path for run in runs.list_audits(store, limit=_NEWEST_RUNS))
    except TieoutError:
        return []  # the store has said so itself
    parts = [part for path in paths for part in _of_file(Path(path))]
    return parts or [
        HealthPart("sources", "warning", "no run has named any yet.", "Start with: tieout audit SOURCES")
    ]


def _of_file(path: Path) -> list[HealthPart]:
    name = f"sources {path.parent.name}/{path.name}"
    try:
        declared = sources.load(path)
    except TieoutError as error:
        return [HealthPart(name, "error", error.message, error.remedy)]
    return [
        _checked(f"source {source}", partial(_source, path, source, declared)) for source in declared.sources
    ]


def _source(path: Path, name: str, declared: sources.Sources) -> HealthPart:
    paths = files.find(name, declared.sources[name], path.parent)
    for file in paths:
        with file.open("rb") as opened:
            opened.read(1)
    size = sum(file.stat().st_size for file in paths)
    return HealthPart(f"source {name}", "ok", f"{len(paths)} file{'s' * (len(paths) != 1)}, {size:,} bytes.")


def _model(settings: Settings) -> HealthPart:
    if not settings.model:
        return HealthPart("model API", "ok", "none is set: explanations are templates.")
    if not settings.model_url.startswith(("http://", "https://")):
        problem = f"{settings.model_url} is no http(s) address."
        return HealthPart("model API", "error", problem, "Correct TIEOUT_MODEL_BASE_URL.")
    key = settings.model_api_key.get_secret_value() if settings.model_api_key else ""
    request = urllib.request.Request(  # noqa: S310 - http or https, seen above
        f"{settings.model_url.rstrip('/')}/models", headers={"Authorization": f"Bearer {key}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=min(MODEL_SECONDS, settings.model_timeout_seconds)):  # noqa: S310 - the scheme was checked
            return HealthPart("model API", "ok", f"{urlsplit(settings.model_url).netloc} answers.")
    except urllib.error.HTTPError as error:
        return _said_by_model(error.code)
    except OSError as error:
        reason = getattr(error, "reason", error)
        return HealthPart("model API", "warning", f"away: {reason}.", "Explanations fall back to templates.")


def _said_by_model(code: int) -> HealthPart:
    if code in (401, 403):
        return HealthPart(
            "model API", "error", f"it refuses our key ({code}).", "Check TIEOUT_MODEL_API_KEY."
        )
    if code in (404, 405):  # an endpoint need not list its models
        return HealthPart("model API", "ok", "it answers.")
    return HealthPart("model API", "warning", f"it answers {code}.", "Explanations fall back to templates.")


def _notifier(settings: Settings) -> HealthPart:
    """Given up is an error; failing, late, or nobody to tell a warning."""
    store: Store = open_store(settings.database_url)
    waiting, lost = outbox.pending(store), outbox.given_up(store)
    overdue = [message for message in waiting if clock().now() - message.queued_at > LATE]
    if lost:
        problem = f"{len(lost)} notices were given up; the last said: {lost[-1].error}"
        return HealthPart("notifier", "error", problem, "Queue them again: tieout notify --again")
    failing = [message for message in waiting if message.failures]
    if failing:
        problem = f"{failing[-1].recipient} is not reached: {failing[-1].error}"
        return HealthPart("notifier", "warning", problem, "See: tieout notify --waiting")
    if overdue:
        remedy = "Deliver them: tieout notify" if settings.notify else "Name who gets them in TIEOUT_NOTIFY."
        return HealthPart(
            "notifier", "warning", f"{len(overdue)} notices wait for more than 15 minutes.", remedy
        )
    return HealthPart("notifier", "ok", f"{len(waiting)} notices wait." if waiting else "no notice waits.")


def _mail_server(settings: Settings) -> HealthPart:
    """Of recovery's letters: they wait where there is none."""
    waiting = _letters_queued(open_store(settings.database_url))
    if settings.smtp_url is None:
        if not waiting:
            return HealthPart("mail server", "ok", "none is set: letters would wait.")
        return HealthPart("mail server", "warning", f"{waiting} letters wait.", "Set TIEOUT_SMTP_URL.")
    parsed = urlsplit(settings.smtp_url.get_secret_value())
    port = parsed.port or PORTS.get(parsed.scheme, 25)
    try:
        with socket.create_connection((parsed.hostname or "localhost", port), timeout=MODEL_SECONDS):
            return HealthPart("mail server", "ok", f"{parsed.hostname}:{port} takes connections.")
    except OSError as error:
        problem = f"{parsed.hostname}:{port} is away: {error}."
        return HealthPart("mail server", "warning", problem, "Letters wait in the outbox until it is back.")


def _letters_queued(store: Store) -> int:
    with store.read() as session:
        query = select(func.count()).select_from(Letter).where(Letter.status == "queued")
        return int(session.scalar(query) or 0)


def _contact_sources(settings: Settings) -> HealthPart:
    keys = ("places_key", "yelp_key", "hunter_key", "apollo_key")
    named = [key.removesuffix("_key") for key in keys if getattr(settings, key)]
    named += ["websites"] if settings.read_websites else []
    return HealthPart(
        "contact sources", "ok", f"on: {', '.join(named)}." if named else "none is on: the books alone."
    )


def _follow_up(settings: Settings) -> HealthPart:
    """Say when claims were followed up last; a warning where some are pursued and it was not in two days."""
    store = open_store(settings.database_url)
    with store.read() as session:
        last = session.scalar(select(func.max(Run.started_at)).where(Run.kind == "follow_up"))
        pursued = session.scalar(
            select(func.count()).select_from(RecoveryClaim).where(RecoveryClaim.status.in_(WRITTEN))
        )
    if not pursued:
        return HealthPart("follow-up", "ok", "no claim is pursued.")
    if last is not None and clock().now() - last < timedelta(days=2):
        return HealthPart("follow-up", "ok", f"last at {last:%Y-%m-%d %H:%M} UTC.")
    when = f"last on {last:%Y-%m-%d}" if last else "never"
    return HealthPart(
        "follow-up", "warning", f"{pursued} claims are pursued; followed up {when}.", "Run tieout tick daily."
    )
