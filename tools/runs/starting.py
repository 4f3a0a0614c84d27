"""Put a run down for the workers, in the name of whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from tools.core.digest import digest
from tools.core.errors import IdentityError
from tools.core.settings import Settings
from tools.identity import people
from tools.runs import tasks
from tools.store import Store
from tools.store.models import ENDED, Task

COMPANY_ATTEMPTS: Final = 12  # a killed one's work is gone on with; in a long night, machines come and go


def start_later(
    store: Store,
    settings: Settings,
    graph: str,
    values: Mapping[str, Any],
    *,
    token: str | None,
    key: str = "",
) -> Task:
    """Put down that a graph is to be started by a worker; its starter is the bearer of the token.

    values: the graph's input. key: the same again is the same run. Raises IdentityError for one who may not.
    """
    parameters = {"graph": graph, "input": dict(values)}
    starter = starter_of(token, settings)
    return tasks.enqueue(store, "start_graph", parameters, key=key, requested_by=starter)


def change_later(store: Store, change: str, *, starter: str, again: bool = False) -> Task:
    """Put down that a change of the rules is to be tested; the same change again is the same task.

    again: a task that has ended, or crashed, is followed by a new one on a thread of its own.
    """
    number = 1
    while (earlier := tasks.of_key(store, _change_key(change, number))) is not None:
        if not again or earlier.status not in ENDED:
            return earlier
        number += 1
    thread = change_thread(change, number)
    parameters = {"graph": "change", "input": {"change": change}, "thread_id": thread}
    key = _change_key(change, number)
    return tasks.enqueue(store, "start_graph", parameters, key=key, requested_by=starter)


def change_thread(change: str, number: int = 1) -> str:
    """Name the thread on which workers test a change, for the number-th time."""
    return f"change-{change}" if number == 1 else f"change-{change}-{number}"


def _change_key(change: str, number: int) -> str:
    return f"change {change}" if number == 1 else f"change {change} {number}"


def audit_company_later(
    store: Store, values: Mapping[str, Any], days: Sequence[date], *, starter: str
) -> tuple[Task, bool]:
    """Put down that a company's books are to be audited up to each of these days, in their order.

    values: the audit's input without its day. The same again is the same task. Says also whether it is new.
    """
    parameters = {"input": dict(values), "days": [day.isoformat() for day in sorted(set(days))]}
    key = f"audit_company {starter} {digest(parameters)}"
    earlier = tasks.of_key(store, key)
    if earlier is not None:
        return earlier, False
    task = tasks.enqueue(
        store, "audit_company", parameters, key=key, requested_by=starter, max_attempts=COMPANY_ATTEMPTS
    )
    return task, True


def starter_of(token: str | None, settings: Settings) -> str:
    """Name who may start runs and has this token. Raises IdentityError for anybody else."""
    person = people.sign_in(token, settings)
    if not person.may("start"):
        raise IdentityError(f"{person.user} has no role that may start a run.")
    return person.user
