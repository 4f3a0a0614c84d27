"""Time the audits of many companies: `python -m benchmarks.companies [--companies 20] [--kill-every 20]`.

Each company has the same rows under a name of its own, so each must have the same flags: what is lost or done
twice shows. `tieout work` does them on the store of --store (SQLite by default, else postgresql+psycopg://...),
while worker processes are killed at random. A killed worker's task is free after its lease, a minute.
"""

from __future__ import annotations

import argparse
import csv
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import psutil
import yaml

from tools.audit import company_audits
from tools.core import settings
from tools.core.environment_variables import with_variables
from tools.runs import tasks
from tools.store import Store, flags, open_store, runs

_DAY: Final = date(2025, 12, 31)
_OPEN: Final = {"ready", "running"}
_COLUMNS: Final = ("id", "date", "text", "amount", "reference")


@dataclass(frozen=True)
class CompaniesFigure:
    """What came of it. kills: worker processes that were killed; flags: of all companies together."""

    companies: int
    rows: int
    workers: int
    seconds: float
    kills: int
    flags: int

    @property
    def a_minute(self) -> float:
        """Audits a minute."""
        return round(60 * self.companies / self.seconds, 1)


def measure(folder: Path, companies: int, rows: int, workers: int, kill_every: float) -> CompaniesFigure:
    """Audit so many companies in `folder`. Raises RuntimeError where an audit was lost or done twice."""
    for number in range(companies):
        write_company(folder / "companies" / f"c{number:04}", f"Company {number:04}", rows)
    limits = settings.load()
    store = open_store(limits.database_url)
    company_audits.put_down(store, limits, [folder / "companies"], [_DAY], rules=None, starter="bench")
    started, kills = time.perf_counter(), 0
    while _OPEN & _states(store).keys():
        pool = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", "desk.cli", "work", "--once", "--workers", str(workers)]
        )
        with _killing(pool.pid, kill_every) as killed:
            if pool.wait() != 0:
                raise RuntimeError(f"tieout work ended with {pool.returncode}")
        kills += len(killed)
        time.sleep(1)
    seconds = round(time.perf_counter() - started, 1)
    return CompaniesFigure(companies, rows, workers, seconds, kills, _flags_of_all(store, companies))


def write_company(folder: Path, name: str, rows: int) -> None:
    """Write the books of a company: half of the rows are bank lines, half ledger lines, a few wrong."""
    folder.mkdir(parents=True)
    bank, ledger, rng = [], [], random.Random(7)
    for at in range(rows // 2):
        day = date(2025, 1, 1) + timedelta(days=at * 364 // (rows // 2))
        cents = int(10 ** rng.uniform(3, 6))
        line = [day.isoformat(), f"Vendor {at % 40:02}", f"-{cents // 100}.{cents % 100:02}", f"R{at:06}"]
        bank.append([f"B{at:06}", *line])
        if at % 50:  # one bank line in fifty is in no ledger
            ledger.append([f"L{at:06}", *line])
    ledger += [
        [f"D{at:06}", *row[1:]] for at, row in enumerate(ledger[:: max(rows // 6, 1)])
    ]  # entered twice
    for file, lines in (("bank", bank), ("ledger", ledger)):
        with (folder / f"{file}.csv").open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([_COLUMNS, *lines])
    columns = {
        "txn_id": "id",
        "posted_on": "date",
        "description": "text",
        "amount": "amount",
        "reference": "reference",
    }
    source = {"columns": columns, "required": ["txn_id", "amount"]}
    declared = {
        "entity": {"name": name, "currency": "USD"},
        "sources": {kind: {"kind": kind, "path": f"{kind}.csv", **source} for kind in ("bank", "ledger")},
        "pairs": [{"name": "bank_to_ledger", "left": "bank", "right": "ledger", "mode": "full"}],
    }
    (folder / "sources.yaml").write_text(yaml.safe_dump(declared, sort_keys=False), encoding="utf-8")


@contextmanager
def _killing(pool: int, every: float) -> Iterator[list[int]]:
    """Kill a worker process of the pool every so many seconds; 0 kills none."""
    killed, over = list[int](), threading.Event()

    def kill() -> None:
        while not over.wait(every):
            try:
                victims = psutil.Process(pool).children()
                victim = random.choice(victims)
                victim.kill()
            except (psutil.NoSuchProcess, IndexError):  # it has ended by itself, or none is there
                continue
            killed.append(victim.pid)

    killer = threading.Thread(target=kill, daemon=True)
    if every:
        killer.start()
    try:
        yield killed
    finally:
        over.set()


def _states(store: Store) -> Counter[str]:
    return Counter(task.status for task in tasks.list_tasks(store) if task.kind == "audit_company")


def _flags_of_all(store: Store, companies: int) -> int:
    audits = [run for run in runs.list_audits(store, limit=10 * companies) if run.status != "abandoned"]
    flagged = Counter(_flags_of(store, run.run_id) for run in audits)
    entities, standing = {run.entity for run in audits}, Counter(run.status for run in audits)
    states = _states(store)
    alike = len(flagged) == 1 and standing.keys() <= {"waiting", "closed"} and states.keys() == {"succeeded"}
    if len(audits) != companies or len(entities) != companies or not alike:
        raise RuntimeError(
            f"{companies} companies: {len(audits)} runs of {len(entities)} ({dict(standing)}), "
            f"tasks {dict(states)}, runs by number of flags {dict(flagged)}"
        )
    return sum(number * times for number, times in flagged.items())


def _flags_of(store: Store, run_id: str) -> int:
    by_severity = flags.count(store, run_id=run_id).values()
    return sum(number for by_status in by_severity for number in by_status.values())


def main() -> None:
    """Print audits a minute."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=20)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--kill-every", type=float, default=0.0, help="seconds; 0 kills none")
    parser.add_argument("--store", default="", help="postgresql+psycopg://... in place of SQLite")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        users = "users:\n  bench: {name: Bench, roles: [approver]}\n"
        (folder / "users.yaml").write_text(users, encoding="utf-8")
        places = {
            "DATABASE_URL": chosen.store or f"sqlite:///{folder}/tieout.db",
            "CHECKPOINT_URL": chosen.store.replace("+psycopg", "") or f"sqlite:///{folder}/checkpoints.db",
            "WORKSPACE_URL": str(folder / "runs"),
            "TIEOUT_USERS": str(folder / "users.yaml"),
            "TIEOUT_LOG_LEVEL": "ERROR",
        }
        with with_variables(places):
            figure = measure(folder, chosen.companies, chosen.rows, chosen.workers, chosen.kill_every)
    print(
        f"{figure.companies:,} companies of {figure.rows:,} rows, {figure.workers} workers, "
        f"{figure.kills} kills: "
        f"{figure.seconds:,} s, {figure.a_minute} audits a minute; each audited once, {figure.flags:,} flags"
    )


if __name__ == "__main__":
    main()
