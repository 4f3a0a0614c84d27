"""Kill whoever delivers notices at random moments: python -m benchmarks.notices [--kills 50] [--seed 1].

Each life queues the same notices over again and delivers them by mail to a server on this machine, until
it is killed. Printed is whether each was queued once, none was lost, and how many were sent twice: that may
happen only when a sender dies between the server's acceptance and its own note of it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
LIFE_SECONDS: Final = 0.2  # from when a sender has opened the store
NOTICES_A_LIFE: Final = 6
RECIPIENTS: Final = ("dana", "omar", "seniors")
RUN: Final = "r1"


@dataclass(frozen=True)
class Figures:
    """What became of the notices."""

    kills: int
    asked: int
    queued: int
    twice: int
    lost: int
    messages: int
    doubled: int
    doubled_after_commit: int
    same_text: bool

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.queued} notices queued in {self.asked} tries, {self.twice} of them "
            f"twice, {self.lost} lost; "
            f"{self.messages} messages, {self.doubled} of them sent twice ({self.doubled_after_commit} after "
            f"their delivery was noted), {'each' if self.same_text else 'NOT each'} with its first text"
        )


class Sink:
    """An SMTP server's memory: when it accepted which message, with which text."""

    def __init__(self) -> None:
        self.accepted: list[tuple[float, str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 - aiosmtpd's own
        """Accept a mail."""
        text = envelope.content.decode()
        named = next(line for line in text.splitlines() if line.startswith("Message-ID:"))
        stable = "\n".join(line for line in text.splitlines() if not line.startswith("Date:"))
        self.accepted.append((time.monotonic(), named, stable))
        return "250 accepted"


def kill_senders(folder: Path, *, kills: int, seed: int) -> Figures:
    """Have senders work in `folder` and kill so many of them; then let one finish."""
    dice = random.Random(seed)
    with _mail_server() as (sink, port), _nursery(folder, port) as nursery:
        for life in range(kills):
            pid = _born(nursery, life)
            time.sleep(dice.uniform(0, LIFE_SECONDS))
            os.kill(pid, signal.SIGKILL)
            _ended(nursery)
        _born(nursery, kills, "finish")
        _ended(nursery)
    return _figures(folder, sink, kills)


def _figures(folder: Path, sink: Sink, kills: int) -> Figures:
    from tools.store import open_store, outbox  # noqa: PLC0415 - after the settings are known

    store = open_store(f"sqlite:///{folder}/tieout.db")
    rows = outbox.delivered(store)
    texts: dict[str, set[str]] = {}
    for _, named, text in sink.accepted:
        texts.setdefault(named, set()).add(text)
    noted = {name: at for at, name in map(str.split, (folder / "noted").read_text().splitlines())}
    times = Counter(named for _, named, _ in sink.accepted)
    late = [named for at, named, _ in sink.accepted if at > float(noted.get(_id(named), "inf"))]
    return Figures(
        kills=kills,
        asked=len((folder / "queued").read_text().split()) * len(RECIPIENTS),
        queued=len(rows),
        twice=len(rows) - len({(row.kind, row.recipient) for row in rows}),
        lost=sum(not _arrived(row, texts.values()) for row in rows),
        messages=len(times),
        doubled=sum(n > 1 for n in times.values()),
        doubled_after_commit=len(late),
        same_text=all(len(bodies) == 1 for bodies in texts.values()),
    )


def _arrived(row: Any, texts: Iterable[set[str]]) -> bool:  # noqa: ANN401 - an OutboxMessage
    marks = (f"To: {row.recipient}@", f"notice {row.kind.removeprefix('k')}.")
    return any(all(part in text for part in marks) for parts in texts for text in parts)


def _id(header: str) -> str:
    return header.partition("<")[2].partition("@")[0]


def _born(nursery: subprocess.Popen[str], life: int, how: str = "work") -> int:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(f"{how} {life}\n")
    nursery.stdin.flush()
    return int(nursery.stdout.readline())


def _ended(nursery: subprocess.Popen[str]) -> None:
    assert nursery.stdout is not None
    nursery.stdout.readline()


@contextmanager
def _mail_server() -> Iterator[tuple[Sink, int]]:
    import socket  # noqa: PLC0415 - the nursery does without

    from aiosmtpd.controller import Controller  # noqa: PLC0415 - as above

    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield sink, port
    finally:
        controller.stop()


@contextmanager
def _nursery(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Start a process that has everything imported and gives birth to senders: a fork takes no time."""
    url = f"mailto://127.0.0.1:{port}/?from=desk@books.example&to="
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": f"sqlite:///{folder}/tieout.db",
        "TIEOUT_TRAIL_KEY": "a key for this alone",
        "TIEOUT_NOTIFY": json.dumps({name: f"{url}{name}@books.example" for name in RECIPIENTS}),
        "TIEOUT_NOTIFY_LEASE_SECONDS": "0.01",  # one sender lives at a time
    }
    command = [sys.executable, "-m", "benchmarks.notices", "--nursery", str(folder)]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as nursery:
        yield nursery
        assert nursery.stdin is not None
        nursery.stdin.close()


def _bear(folder: Path) -> None:
    from desk.notices import deliver, sending  # noqa: PLC0415 - the parent does without
    from tools.core import settings  # noqa: PLC0415 - as above
    from tools.store import close_stores, open_store, runs  # noqa: PLC0415 - as above

    del sending
    config = settings.load()
    runs.start_audit(open_store(config.database_url), thread_id="t", started_by="dana", run_id=RUN)
    close_stores()
    (folder / "noted").touch()
    for line in sys.stdin:
        how, life = line.split()
        pid = os.fork()
        if pid == 0:
            _live(folder, int(life), deliver, finish=how == "finish")
            os._exit(0)
        os.waitpid(pid, 0)
        print("ended", flush=True)


def _live(folder: Path, life: int, deliver: Any, *, finish: bool) -> None:  # noqa: ANN401 - a module
    from tools.core import settings  # noqa: PLC0415 - as above
    from tools.store import open_store, outbox  # noqa: PLC0415 - as above

    config = settings.load()
    store = open_store(config.database_url)
    outbox.status_counts(store)
    sent = outbox.mark_sent

    def noting(store: Any, batch: outbox.Batch) -> None:  # noqa: ANN401 - a Store
        sent(store, batch)
        with (folder / "noted").open("a") as file:
            file.write(f"{time.monotonic()} {batch.batch_id}\n")

    outbox.mark_sent = noting
    print(os.getpid(), flush=True)
    first = max(0, life - 1) * NOTICES_A_LIFE  # those of the life before over again
    for number in range(first, (life + 1) * NOTICES_A_LIFE):
        _queue(folder, store, number)
        deliver.deliver(store, config)
    while finish and outbox.pending(store):
        deliver.deliver(store, config)


def _queue(folder: Path, store: Any, number: int) -> None:  # noqa: ANN401 - a Store
    from tools.notices import notice  # noqa: PLC0415 - as above

    with (folder / "queued").open("a") as file:
        file.write(f"{number}\n")
    message = notice.Notice(origin_id=RUN, kind="flags", risk="HIGH", title="t", why=[f"notice {number}."])
    notice.tell(store, f"k{number}", message)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="benchmarks.notices")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nursery", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.nursery:
        _bear(arguments.nursery)
        return
    with tempfile.TemporaryDirectory() as folder:
        print(kill_senders(Path(folder), kills=arguments.kills, seed=arguments.seed))


if __name__ == "__main__":
    main()
