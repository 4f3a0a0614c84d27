"""Tasks are put down once, taken by one worker at a time, and written about under its lease alone."""

from __future__ import annotations

import pytest

from tests.tasks.task_clock import pass_time
from tools.core.errors import RunError
from tools.runs import leases, tasks
from tools.runs.leases import Lease, LostLeaseError
from tools.store import Store
from tools.store.models import Task

KINDS = ("count",)


def claim(store: Store, worker: str = "w1") -> Lease:
    """Claim the next task, which is there."""
    lease = tasks.claim(store, worker, KINDS)
    assert lease is not None
    return lease


def state(store: Store, task_id: str) -> tuple[str, int, str]:
    """Give a task's status, attempts and error."""
    task = tasks.get(store, task_id)
    return task.status, task.attempt, task.error


def test_a_task_is_put_down_once_for_its_key(store: Store) -> None:
    """The same key gives the same task; under another kind or other parameters it is refused."""
    first = tasks.enqueue(store, "count", {"to": 3}, key="k")
    again = tasks.enqueue(store, "count", {"to": 3}, key="k")
    assert again.task_id == first.task_id
    assert len(tasks.list_tasks(store)) == 1
    with pytest.raises(RunError, match="the key 'k' is that of another task"):
        tasks.enqueue(store, "count", {"to": 4}, key="k")


def test_the_turn_is_by_priority_then_age(store: Store) -> None:
    """An urgent task goes first, the older of two equals before the newer, one of an unknown kind never."""
    names = [("first", 0), ("second", 0), ("urgent", 5)]
    for key, priority in names:
        tasks.enqueue(store, "count", {}, key=key, priority=priority)
    tasks.enqueue(store, "unknown", {}, key="unknown", priority=9)
    assert [claim(store).key for _ in names] == ["urgent", "first", "second"]
    assert tasks.claim(store, "w1", KINDS) is None


def test_a_task_waits_for_its_time(store: Store) -> None:
    """It is not due before, and due then."""
    task = tasks.enqueue(store, "count", {}, delay_seconds=60)
    assert (tasks.due(store, KINDS), tasks.claim(store, "w1", KINDS)) == (False, None)
    pass_time(store, 60)
    assert tasks.due(store, KINDS, task.task_id)
    assert claim(store).task_id == task.task_id


def test_a_claim_has_a_fresh_token_each_time(store: Store) -> None:
    """Also when the same worker takes the same task again."""
    tasks.enqueue(store, "count", {})
    first = claim(store)
    leases.hand_back(store, first)
    second = claim(store)
    assert first.token != second.token
    assert (first.attempt, second.attempt) == (1, 1)


def test_a_silent_worker_loses_its_task_and_writes_nothing(store: Store) -> None:
    """After another worker's claim, every word of the first is refused and changes nothing."""
    tasks.enqueue(store, "count", {})
    silent = claim(store)
    pass_time(store, tasks.LEASE_SECONDS)
    successor = claim(store, "w2")
    before = tasks.get(store, silent.task_id).as_dict()
    for word in (
        lambda: leases.heartbeat(store, silent),
        lambda: leases.succeed(store, silent, {"by": "w1"}),
        lambda: leases.fail(store, silent, "no", retry_seconds=1),
        lambda: leases.fail(store, silent, "no"),
        lambda: leases.hand_back(store, silent),
    ):
        with pytest.raises(LostLeaseError, match="lost its authority"):
            word()
    with pytest.raises(LostLeaseError), leases.fenced(store, silent) as session:
        session.add(Task(task_id="never written"))
    assert tasks.get(store, silent.task_id).as_dict() == before
    assert (successor.attempt, before["worker"]) == (2, "w2")


def test_a_completion_beats_a_late_loss(store: Store) -> None:
    """While nobody else claimed it, a task whose lease is over still ends as its worker says."""
    tasks.enqueue(store, "count", {})
    lease = claim(store)
    pass_time(store, 10 * tasks.LEASE_SECONDS)
    leases.succeed(store, lease, {"count": 3})
    task = tasks.get(store, lease.task_id)
    assert (task.status, task.result) == ("succeeded", {"count": 3})
    assert tasks.claim(store, "w2", KINDS) is None


def test_a_heartbeat_begins_the_lease_anew(store: Store) -> None:
    """A worker that goes on speaking keeps its task, however long it takes."""
    tasks.enqueue(store, "count", {})
    lease = claim(store)
    for _ in range(3):
        pass_time(store, tasks.LEASE_SECONDS - 5)
        assert tasks.claim(store, "w2", KINDS) is None
        leases.heartbeat(store, lease)
    leases.succeed(store, lease, {})


def test_an_end_that_is_said_twice_is_one(store: Store) -> None:
    """Where the answer to the first word was lost, the second is no loss of authority."""
    tasks.enqueue(store, "count", {})
    lease = claim(store)
    leases.succeed(store, lease, {"count": 1})
    before = tasks.get(store, lease.task_id).as_dict()
    leases.succeed(store, lease, {"count": 1})
    assert tasks.get(store, lease.task_id).as_dict() == before
    with pytest.raises(LostLeaseError):
        leases.fail(store, lease, "after all")


def test_attempts_run_out(store: Store) -> None:
    """Failures are tried again after a wait, up to the last attempt; one without a wait is final."""
    task = tasks.enqueue(store, "count", {}, max_attempts=2)
    assert leases.fail(store, claim(store), "away", retry_seconds=30) == "ready"
    assert tasks.claim(store, "w1", KINDS) is None
    pass_time(store, 30)
    assert leases.fail(store, claim(store), "still away", retry_seconds=30) == "failed"
    assert state(store, task.task_id) == ("failed", 2, "still away")
    second = tasks.enqueue(store, "count", {})
    assert leases.fail(store, claim(store), "wrong input") == "failed"
    assert state(store, second.task_id) == ("failed", 1, "wrong input")


def test_a_task_that_silences_its_workers_is_given_up(store: Store) -> None:
    """After the last attempt fell silent it is failed, naming the worker, and the next one is taken."""
    poison = tasks.enqueue(store, "count", {}, max_attempts=1)
    claim(store, "w1")
    pass_time(store, tasks.LEASE_SECONDS)
    healthy = tasks.enqueue(store, "count", {})
    assert claim(store, "w2").task_id == healthy.task_id
    assert state(store, poison.task_id) == (
        "failed",
        1,
        "its worker (w1) fell silent in attempt 1, the last one",
    )


def test_whoever_fails_a_silent_task_says_so_at_once(store: Store) -> None:
    """What is written for a task that fell silent for good stands with its failure, or neither does."""

    def note(task: Task) -> None:
        tasks.enqueue(store, "notes", {"of": task.task_id}, key=f"{task.status} {task.task_id}")

    def refuse(_: Task) -> None:
        raise RunError("not now")

    poison = tasks.enqueue(store, "count", {}, max_attempts=1)
    claim(store, "w1")
    pass_time(store, tasks.LEASE_SECONDS)
    with pytest.raises(RunError, match="not now"):
        tasks.claim(store, "w2", KINDS, on_failed=refuse)
    assert tasks.get(store, poison.task_id).status == "running"
    assert tasks.claim(store, "w2", KINDS, on_failed=note) is None
    assert tasks.get(store, poison.task_id).status == "failed"
    assert tasks.of_key(store, f"failed {poison.task_id}") is not None


def test_a_dead_worker_frees_its_tasks_at_once(store: Store) -> None:
    """Nobody waits for a lease whose holder is known to be dead; another's stay."""
    for _ in range(2):
        tasks.enqueue(store, "count", {})
    dead, alive = claim(store, "dead"), claim(store, "alive")
    assert tasks.expire_leases(store, "dead") == 1
    assert claim(store, "alive").task_id == dead.task_id
    assert tasks.claim(store, "alive", KINDS) is None
    leases.succeed(store, alive, {})


def test_a_cancelled_task_is_nobodys(store: Store) -> None:
    """Ready, it is never taken; running, its worker loses it; ended, it cannot be cancelled."""
    ready = tasks.enqueue(store, "count", {}, key="a")
    assert tasks.cancel(store, ready.task_id).status == "cancelled"
    tasks.enqueue(store, "count", {}, key="b")
    lease = claim(store)
    assert lease.key == "b"
    tasks.cancel(store, lease.task_id)
    with pytest.raises(LostLeaseError):
        leases.succeed(store, lease, {})
    with pytest.raises(RunError, match="has ended"):
        tasks.cancel(store, lease.task_id)


def test_what_is_written_under_the_fence_is_written_or_not_at_all(store: Store) -> None:
    """With the end in the same transaction, work and end are one."""
    tasks.enqueue(store, "count", {})
    lease = claim(store)
    with leases.fenced(store, lease):
        tasks.enqueue(store, "effect", {}, key="effect")
        leases.succeed(store, lease, {})
    assert [task.status for task in tasks.list_tasks(store)] == ["ready", "succeeded"]


def test_old_tasks_are_forgotten(store: Store) -> None:
    """Those of the kinds that are named and that ended long ago; no other."""
    for kind in ("count", "other"):
        tasks.enqueue(store, kind, {}, key=kind)
    tasks.enqueue(store, "count", {}, key="waits", delay_seconds=60)
    lease = claim(store)
    leases.succeed(store, lease, {})
    assert tasks.forget(store, KINDS, days=1) == 0
    assert tasks.forget(store, KINDS, days=-1) == 1
    assert sorted(task.idempotency_key for task in tasks.list_tasks(store)) == ["other", "waits"]
    assert tasks.count_by_status(store) == {"ready": 2}
