"""Who asked for the task that a worker has: what the task starts is theirs, not the worker's account's."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from tools.core.errors import IdentityError
from tools.store import Store
from tools.store.models import Task


class TaskClaim(NamedTuple):
    """A worker's hold on a task: the token is fresh at each claim, so nobody else can show it."""

    task_id: str
    token: str


def requester(store: Store, claim: TaskClaim) -> str:
    """Give the user who asked for a task, as the sealed row has it; "" where the desk itself did.

    Raises IdentityError for a claim that no worker has.
    """
    query = select(Task.requested_by).where(
        Task.task_id == claim.task_id, Task.lease_token == claim.token, Task.status == "running"
    )
    with store.read() as session:
        user: str | None = session.scalar(query)
    if user is None:
        raise IdentityError("this task is not, or no longer, this worker's.", place=f"task {claim.task_id}")
    return user
