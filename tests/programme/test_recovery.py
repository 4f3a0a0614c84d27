"""Each error is caused for real; what the recovery table says is done, and recorded."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from desk.approvals import carry_out
from desk.approvals.decide import SubjectSelection, Word
from desk.programme_steps import step_kind, wake_programme
from graph.runtime.worker import Job, TaskKind
from tests.graph.small import TOKENS
from tests.programme.desks import PASSES, Task, do_all, standing_of, start, write
from tools.core import settings
from tools.core.errors import RunError
from tools.programme import dispatch, progress, records
from tools.programme.completion import Result, TaskStart
from tools.runs.error_kinds import classify
from tools.runs.tasks import MAX_ATTEMPTS, claim, expire_leases
from tools.store import Store, trail

WRONG = "def test_it():\n    assert 1 == 2\n"
MISSING = "import lentgoods\n\n\ndef test_it():\n    assert lentgoods.WHOLE == 7\n"
LARGE = "def test_it():\n    assert bytearray(400_000_000)\n"
SLOW = "import time\n\n\ndef test_it():\n    time.sleep(30)\n"


def answer(run_id: str, word: Word, task: str, user: str = "omar") -> None:
    """Say a word about a task, as on the command line."""
    prepared = carry_out.prepare(
        settings.load(), run_id, word, SubjectSelection(case=task), TOKENS[user], note="seen"
    )
    carry_out.carry_out(prepared)


def test_what_is_missing_is_installed_from_the_wheels(store: Store, tmp_path: Path) -> None:
    """Without a network, beside the task; the import is tried before the task is."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "lentgoods-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("lentgoods.py", "WHOLE = 7\n")
        about = "Metadata-Version: 2.1\nName: lentgoods\nVersion: 1.0\n"
        wheel.writestr("lentgoods-1.0.dist-info/METADATA", about)
        wheel.writestr(
            "lentgoods-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("lentgoods-1.0.dist-info/RECORD", "")
    recovery = {"wheel_folder": "wheels", "retry_delay": 0}
    state = start(write(tmp_path, [{"id": "A1", "test": MISSING}], recovery=recovery))
    do_all(store)
    step = standing_of(store, state.run_id).steps["A1"]
    assert (step.status, step.tries) == ("done", 1)
    (remedy,) = step.remedies
    assert (remedy["level"], remedy["action"], remedy["result"]) == (1, "reinstall", "succeeded")
    assert (remedy["before"], remedy["after"]) == ({"lentgoods": "missing"}, {"lentgoods": "installed"})


def test_memory_grows_and_time_grows_until_a_person_is_asked(store: Store, tmp_path: Path) -> None:
    """Memory is doubled, and then enough; time is half as much again, and asked about past twice of it.

    What has more than a remedy gives keeps it.
    """
    tasks: list[Task] = [
        {"id": "M1", "test": LARGE, "resources": {"memory_mb": 300}},
        {"id": "S1", "test": SLOW, "timeout_seconds": 1, "resources": {"cpu_cores": 8}},
    ]
    state = start(write(tmp_path, tasks))
    do_all(store)
    after = standing_of(store, state.run_id)
    large, slow = after.steps["M1"], after.steps["S1"]
    assert [each["action"] for each in large.remedies] == ["smaller_batch", "more_resources"]
    assert (large.status, large.resources["memory_mb"], large.resources["cpu_cores"]) == ("done", 600, 2)
    assert (slow.status, slow.error_kind, slow.tries) == ("escalated", "timeout", 2)
    assert [each["after"]["timeout_seconds"] for each in slow.remedies] == [1.5]
    assert slow.resources["cpu_cores"] == 8


def test_a_task_without_its_workers_word_wakes_its_programme(store: Store, tmp_path: Path) -> None:
    """Three workers died on it, or it could not be ended: it is tried anew without waiting for a tick."""
    run_id = start(write(tmp_path, [{"id": "A1", "test": PASSES}])).run_id
    for number in range(MAX_ATTEMPTS):
        assert claim(store, f"dead{number}", [dispatch.STEP]) is not None
        expire_leases(store, f"dead{number}")
    do_all(store, kinds=(step_kind(_refuse), TaskKind(records.WAKE, wake_programme)))
    step = standing_of(store, run_id).steps["A1"]
    events = [event.kind for event in records.events_after(store, run_id, 0)]
    assert (step.status, events.count("failed")) == ("escalated", 3)
    answer(run_id, "retry", "A1")
    do_all(store)
    assert standing_of(store, run_id).run.outcome == "completed"


def _refuse(job: Job, begun: TaskStart) -> Result:
    del job
    raise RunError(f"{begun.spec.id} has nowhere to run.")


def test_a_failure_holds_its_dependents_alone_and_a_person_decides(store: Store, tmp_path: Path) -> None:
    """Others go on; a critical task is not skipped; accepted with a reason, what waits starts."""
    tasks: list[Task] = [
        {"id": "A1", "test": WRONG},
        {"id": "A2", "test": PASSES, "depends_on": ["A1"]},
        {"id": "A3", "test": PASSES},
        {"id": "A4", "test": PASSES, "depends_on": ["A3"]},
        {"id": "A5", "test": WRONG, "critical": False},
        {"id": "A6", "test": PASSES, "depends_on": ["A5"], "critical": False},
        {"id": "A7", "test": PASSES, "depends_on": [{"task": "A5"}], "run_if": "done"},
    ]
    state = start(write(tmp_path, tasks))
    do_all(store)
    now = standing_of(store, state.run_id)
    assert now.statuses == {
        "A1": "escalated", "A2": "waiting", "A3": "done", "A4": "done",
        "A5": "escalated", "A6": "waiting", "A7": "waiting",
    }  # fmt: skip
    assert now.run.status == "waiting"
    assert progress.why(now, "A2") == "Waiting for A1 (a person is asked what to do)"
    with pytest.raises(RunError, match="A1 is critical and can't be skipped"):
        answer(state.run_id, "skip", "A1")
    answer("last", "approve", "A1")  # no audit was begun: it is the run that asks
    answer(state.run_id, "skip", "A5")
    do_all(store)
    ended = standing_of(store, state.run_id)
    assert ended.statuses == {
        "A1": "accepted", "A2": "done", "A3": "done", "A4": "done",
        "A5": "skipped", "A6": "dropped", "A7": "done",
    }  # fmt: skip
    assert ended.run.outcome == "completed"
    assert trail.verify(store) == []


def test_stopped_nothing_more_starts(store: Store, tmp_path: Path) -> None:
    """What waits is dropped with the reason, and the run says so."""
    state = start(
        write(tmp_path, [{"id": "A1", "test": WRONG}, {"id": "A2", "test": PASSES, "depends_on": ["A1"]}])
    )
    do_all(store)
    answer(state.run_id, "reject", "A1")
    do_all(store)
    ended = standing_of(store, state.run_id)
    assert (ended.statuses, ended.run.outcome) == ({"A1": "dropped", "A2": "dropped"}, "stopped")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ModuleNotFoundError: No module named 'x'", "import_error"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "permission_error"),
        ("MemoryError", "memory_error"),
        ("E   assert 1 == 2\nAssertionError", "calculation_error"),
        ("OSError: [Errno 28] No space left on device", "system_error"),
        ("ConnectionRefusedError: [Errno 111]", "network_error"),
        ("ValueError: x", "logic_error"),
        ("ImportError: x\nDuring handling, another:\nTimeoutError: x", "timeout"),
    ],
)
def test_errors_are_classified_by_what_was_said_last(text: str, kind: str) -> None:
    """One classifier for all graphs."""
    assert classify(text) == kind
