"""Whatever workers do: one of them has a task, it is done once, and the others write nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from tests.tasks.task_clock import pass_time
from tools.core.errors import RunError
from tools.runs import leases, tasks
from tools.runs.leases import Lease, LostLeaseError
from tools.store import Store
from tools.store.models import ENDED, Task

KINDS = ("count",)
LEASE, RETRY, MOST = 60, 30, 3
WORKERS = st.sampled_from(("w1", "w2", "w3"))
ANY = st.integers(min_value=0, max_value=99)


@dataclass
class Expected:
    """What a task should be, in seconds from now."""

    order: int
    status: str = "ready"
    attempt: int = 0
    wait: float = 0.0
    seconds_left: float = 0.0  # of its lease
    token: str = ""
    result: Any = None


class TaskMachine(RuleBasedStateMachine):
    """A model of the tasks of a store, held against the store after each step."""

    store: Store

    @initialize()
    def begin(self) -> None:
        """Start with none."""
        with self.store.begin() as session:
            session.execute(delete(Task))
        self.model: dict[str, Expected] = {}
        self.leases: list[Lease] = []

    @rule(key=st.sampled_from("abc"), delay=st.sampled_from((0.0, 45.0)))
    def enqueue(self, key: str, delay: float) -> None:
        """Put a task down, or meet the one of that key."""
        task = tasks.enqueue(
            self.store, "count", {"key": key}, key=key, delay_seconds=delay, max_attempts=MOST
        )
        self.model.setdefault(task.task_id, Expected(len(self.model), wait=delay))

    @rule(worker=WORKERS)
    def claim(self, worker: str) -> None:
        """Take the oldest that is due; what fell silent in its last attempt fails."""
        lease = tasks.claim(self.store, worker, KINDS, lease_seconds=LEASE)
        for task_id in sorted(self.model, key=lambda each: self.model[each].order):
            expected = self.model[task_id]
            silent = expected.status == "running" and expected.seconds_left <= 0
            if silent and expected.attempt >= MOST:
                expected.status = "failed"
            elif silent or (expected.status == "ready" and expected.wait <= 0):
                assert lease is not None
                assert lease.task_id == task_id
                assert lease.token not in {earlier.token for earlier in self.leases}
                expected.status, expected.attempt = "running", expected.attempt + 1
                expected.seconds_left, expected.token = LEASE, lease.token
                self.leases.append(lease)
                return
        assert lease is None

    @rule(index=ANY)
    def heartbeat(self, index: int) -> None:
        """Renew a lease, of now or of before."""
        if lease := self._lease(index):
            self._word(lease, lambda: leases.heartbeat(self.store, lease), seconds_left=LEASE)

    @rule(index=ANY)
    def succeed(self, index: int) -> None:
        """End a task, however late."""
        if lease := self._lease(index):
            result = {"token": lease.token}
            self._word(
                lease, lambda: leases.succeed(self.store, lease, result), status="succeeded", result=result
            )

    @rule(index=ANY, retry=st.booleans())
    def fail(self, index: int, retry: bool) -> None:
        """Fail an attempt, for now or for good."""
        if lease := self._lease(index):
            again = retry and lease.attempt < MOST
            end = {"status": "ready", "wait": RETRY} if again else {"status": "failed"}
            seconds = RETRY if retry else None
            self._word(lease, lambda: leases.fail(self.store, lease, "why", retry_seconds=seconds), **end)

    @rule(index=ANY)
    def hand_back(self, index: int) -> None:
        """Leave a task to the next worker."""
        if lease := self._lease(index):
            end = {"status": "ready", "wait": 0.0, "attempt": lease.attempt - 1}
            self._word(lease, lambda: leases.hand_back(self.store, lease), **end)

    @rule(index=ANY)
    def cancel(self, index: int) -> None:
        """Cancel a task that has not ended."""
        if not self.model:
            return
        task_id = list(self.model)[index % len(self.model)]
        expected = self.model[task_id]
        if expected.status in ENDED:
            with pytest.raises(RunError, match="has ended"):
                tasks.cancel(self.store, task_id)
        else:
            tasks.cancel(self.store, task_id)
            expected.status, expected.token = "cancelled", ""

    @rule(seconds=st.sampled_from((15.0, 30.0, 60.0)))
    def time_passes(self, seconds: float) -> None:
        """Bring waits and leases nearer to their end."""
        pass_time(self.store, seconds)
        for expected in self.model.values():
            expected.wait -= seconds
            expected.seconds_left -= seconds

    @invariant()
    def the_store_is_as_expected(self) -> None:
        """Status, attempts, results and who has which task."""
        rows = {task.task_id: task for task in tasks.list_tasks(self.store)}
        assert set(rows) == set(self.model)
        for task_id, expected in self.model.items():
            task = rows[task_id]
            assert (task.status, task.attempt) == (expected.status, expected.attempt)
            assert task.attempt <= MOST
            assert task.result == (expected.result or {})
            if expected.status == "running":
                assert task.lease_token == expected.token

    def _lease(self, index: int) -> Lease | None:
        return self.leases[index % len(self.leases)] if self.leases else None

    def _word(self, lease: Lease, say: Any, **end: Any) -> None:  # noqa: ANN401 - any word of a worker
        expected = self.model[lease.task_id]
        if expected.status == "running" and expected.token == lease.token:
            say()
            for name, value in end.items():
                setattr(expected, name, value)
        elif expected.token == lease.token and expected.status == end.get("status"):
            say()  # said again
        else:
            with pytest.raises(LostLeaseError):
                say()


def test_the_states_of_tasks(store: Store) -> None:
    """Random histories of three workers over three tasks, on a real store."""
    machine = type("Machine", (TaskMachine,), {"store": store})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=10,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
