"""Rows of the recovery table, by errors that really happen; each remedy is an event, with before and after.

What people owe has a file of its own, memory, time and decisions are in test_recovery.
"""

from __future__ import annotations

import ctypes
import os
import socket
import stat
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.graph.small import settings_of
from tests.processes import run_process
from tests.programme.desks import PASSES, Task, do_all, standing_of, start, write
from tests.tasks.task_workers import until
from tools.core import settings
from tools.programme import level_one, records
from tools.store import Store, open_store, workers
from tools.store.models import Step

STAMP = """import subprocess


def test_it():
    subprocess.run(["stamp"], check=True)
"""
SCRATCH = """import os
import pathlib


def test_it():
    with pathlib.Path(os.environ["HOME"], "scratch").open("a") as file:
        file.write("x" * 10_000)
"""
CALL = """import os
import pathlib
import socket


def test_it():
    pathlib.Path("called").touch()
    port = int(pathlib.Path(os.environ["HOME"], "port").read_text())
    socket.create_connection(("127.0.0.1", port), timeout=5).close()
"""
NEEDS = "from lentgoods import WHOLE\n\n\ndef test_it():\n    assert WHOLE == 7\n"
READS = "def test_it():\n    raise ValueError('evidence is missing: the count sheet of December')\n"


def _machine(folder: Path, *, sound: bool, port: int) -> dict[str, str]:
    """Make what differs between machines: a tool that may be run, a disk with room, a service."""
    (folder / "bin").mkdir(parents=True)
    tool = folder / "bin" / "stamp"
    tool.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    tool.chmod(0o755 if sound else 0o644)
    (folder / "scratch").symlink_to(os.devnull if sound else "/dev/full")
    (folder / "port").write_text(str(port), encoding="utf-8")
    return {"HOME": str(folder), "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"}


@contextmanager
def _service() -> Iterator[int]:
    """Answer on a port of this machine."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield server.getsockname()[1]


def _unused_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _both(store: Store, run_id: str, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let one worker do what it can on a machine that is broken, then another on one that is sound."""
    with _service() as port:
        for name, sound in (("w1", False), ("w2", True)):
            workers.beat(store, name, name, 1, memory_mb=1, cpu_percent=1, latency_ms=1)
            for key, value in _machine(
                folder / name, sound=sound, port=port if sound else _unused_port()
            ).items():
                monkeypatch.setenv(key, value)
            if not sound:
                workers.beat(store, "w2", "w2", 1, memory_mb=1, cpu_percent=1, latency_ms=1)
                do_all(store, name)
                continue

            def done(name: str = name) -> bool:
                do_all(store, name)
                return not standing_of(store, run_id).live

            until(done)


def _actions(step: Step) -> list[tuple[int, str, str]]:
    return [(each["level"], each["action"], each["result"]) for each in step.remedies]


def _recorded(store: Store, run_id: str) -> dict[str, list[dict[str, Any]]]:
    """Give the remedies of each task as events: what was before, and what after."""
    events: dict[str, list[dict[str, Any]]] = {}
    for event in records.events_after(store, run_id, 0):
        if event.kind == "remedy":
            events.setdefault(event.step_id, []).append(event.details)
    return events


def test_what_a_machine_can_not_do_another_does(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that may not be run, a full disk, a service that refuses: the other worker has none of them."""
    monkeypatch.setattr(level_one, "BACK_OFF_SECONDS", 0.1)
    tests = {"P1": STAMP, "S1": SCRATCH, "N1": CALL}
    state = start(write(tmp_path, [{"id": name, "test": text} for name, text in tests.items()]))
    _both(store, state.run_id, monkeypatch, tmp_path / "machines")
    ended = standing_of(store, state.run_id)
    steps = ended.steps
    assert {name: (step.status, step.worker, step.tries) for name, step in steps.items()} == dict.fromkeys(
        tests, ("done", "w2", 2)
    )
    assert _actions(steps["P1"]) == [(1, "fix_modes", "failed"), (2, "other_worker", "tried again")]
    assert _actions(steps["S1"]) == [(2, "other_worker", "tried again")]
    assert _actions(steps["N1"]) == [(1, "back_off", "failed"), (2, "other_worker", "tried again")]
    for name, events in _recorded(store, state.run_id).items():
        assert [each["action"] for each in events] == [each["action"] for each in steps[name].remedies]
        assert "not_worker" not in events[-1]["before"]
        assert events[-1]["after"] == {**events[-1]["before"], "not_worker": "w1"}


def test_a_service_that_comes_back_is_waited_for(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker waits once, with jitter; it answers by then."""
    monkeypatch.setattr(level_one, "BACK_OFF_SECONDS", 1.0)
    port = _unused_port()
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "port").write_text(str(port), encoding="utf-8")

    def answer() -> None:
        until((tmp_path / "called").exists)
        (tmp_path / "port").write_text(str(servers[0].getsockname()[1]), encoding="utf-8")

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        servers = [server]
        thread = threading.Thread(target=answer)
        thread.start()
        state = start(write(tmp_path, [{"id": "N1", "test": CALL}]))
        do_all(store)
        thread.join()
    step = standing_of(store, state.run_id).steps["N1"]
    assert (step.status, step.tries, _actions(step)) == ("done", 1, [(1, "back_off", "succeeded")])
    assert (step.remedies[0]["before"], step.remedies[0]["after"]) == ({"seconds": 0.0}, {"seconds": 1.0})


def test_three_tasks_that_reach_no_network_are_a_person_s(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is widespread then: another worker would not help."""
    monkeypatch.setattr(level_one, "BACK_OFF_SECONDS", 0.1)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "port").write_text(str(_unused_port()), encoding="utf-8")
    tasks: list[Task] = [{"id": name, "test": CALL} for name in ("N1", "N2", "N3")]
    state = start(write(tmp_path, tasks, recovery={"retry_delay": 3600}))
    do_all(store)
    now = standing_of(store, state.run_id)
    assert [step.error_kind for step in now.steps.values()] == ["network_error"] * 3
    assert sorted(step.status for step in now.steps.values()) == ["escalated", "waiting", "waiting"]
    whys = [e.details["why"] for e in records.events_after(store, state.run_id, 0) if e.kind == "escalated"]
    assert whys == ["3 tasks can't reach the network"]


def live_without_override(name: str) -> None:
    """Work as a user who is bound by modes, as root is not."""
    libc = ctypes.CDLL(None)
    header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    libc.capget(header, data)
    data[0], data[1] = data[0] & ~0b110, data[1] & ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    libc.capset(header, data)
    do_all(open_store(settings.load().database_url), name)


def test_a_worker_gives_its_own_folders_their_modes(store: Store, tmp_path: Path) -> None:
    """A folder that came out of a backup read-only is mended; what a link leads to is not touched."""
    run_id = start(write(tmp_path, [{"id": "A1", "test": PASSES}])).run_id
    own = tmp_path / "desk" / "runs" / run_id / "tasks" / "A1"
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours", encoding="utf-8")
    outside.chmod(0o400)
    own.mkdir(parents=True)
    (own / "link").symlink_to(outside)
    own.chmod(0o500)
    worker = run_process(
        live_without_override, "w1", cwd=tmp_path, environment={**os.environ, **settings_of(tmp_path)}
    )
    assert worker.returncode == 0, worker.stderr
    step = standing_of(store, run_id).steps["A1"]
    assert (step.status, step.tries, _actions(step)) == ("done", 1, [(1, "fix_modes", "succeeded")])
    assert (step.remedies[0]["before"], step.remedies[0]["after"]) == ({"A1": "500"}, {"A1": "700"})
    assert stat.S_IMODE(outside.stat().st_mode) == 0o400


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """Give a folder of a disk of its own that is full."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("nothing may be mounted here: it takes root and the right to mount")
    with (folder / "all of it").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_the_machine_s_also_where_the_command_can_not_say_so(
    store: Store, tmp_path: Path, full_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its very output has no room; another worker's disk has."""
    run_id = start(write(tmp_path, [{"id": "A1", "test": PASSES}])).run_id
    workers.beat(store, "w2", "w2", 1, memory_mb=1, cpu_percent=1, latency_ms=1)
    with monkeypatch.context() as patch:
        patch.setenv("WORKSPACE_URL", str(full_disk))
        do_all(store, "w1")
    step = standing_of(store, run_id).steps["A1"]
    assert (step.error_kind, _actions(step)) == ("system_error", [(2, "other_worker", "tried again")])
    assert "No space left on device" in step.error

    def done() -> bool:
        do_all(store, "w2")
        return not standing_of(store, run_id).live

    until(done)
    assert standing_of(store, run_id).steps["A1"].worker == "w2"


def _wheel(folder: Path, version: str, content: str) -> None:
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"lentgoods-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr("lentgoods.py", content)
        about = f"lentgoods-{version}.dist-info"
        wheel.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: lentgoods\nVersion: {version}\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "")


def test_what_was_installed_wrongly_goes_with_its_environment(store: Store, tmp_path: Path) -> None:
    """A broken package that stays beside the task would shadow the right one for ever."""
    _wheel(tmp_path / "wheels", "1.0", "HALF = 3\n")
    recovery = {"wheel_folder": "wheels", "retry_delay": 1}
    state = start(write(tmp_path, [{"id": "A1", "test": NEEDS}], recovery=recovery))
    do_all(store)
    first = standing_of(store, state.run_id).steps["A1"]
    assert _actions(first) == [(1, "reinstall", "failed"), (2, "fresh_environment", "tried again")]
    assert first.remedies[1]["after"] == {**first.remedies[1]["before"], "fresh": True}
    _wheel(tmp_path / "wheels", "1.1", "WHOLE = 7\n")

    def done() -> bool:
        do_all(store)
        return not standing_of(store, state.run_id).live

    until(done)
    step = standing_of(store, state.run_id).steps["A1"]
    assert (step.status, _actions(step)[2:]) == ("done", [(1, "reinstall", "succeeded")])


def test_evidence_that_a_command_misses_is_asked_of_people(store: Store, tmp_path: Path) -> None:
    """Of its preparer, then of the reviewer's role, each with a try behind it; then a person decides."""
    team = {"riley": {}, "kim": {"roles": ["senior"]}, "dana": {"roles": ["senior"]}}
    task: Task = {"id": "A1", "test": READS, "preparer": "riley", "reviewer": "dana"}
    state = start(write(tmp_path, [task], people=team))
    do_all(store)
    step = standing_of(store, state.run_id).steps["A1"]
    assert (step.status, step.error_kind) == ("escalated", "evidence_missing")
    tried = [(1, "remind", ["riley"]), (2, "remind_role", ["kim", "dana"])]
    reached = [(each["level"], each["action"], each["after"]["reminded"]) for each in step.remedies]
    assert reached[:2] == tried
    assert reached[-1] == tried[0]  # the last try's worker has reminded, too
