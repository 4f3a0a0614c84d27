"""Put a run down for the workers, in the name of whoever asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.core.errors import IdentityError
from tools.core.settings import Settings
from tools.identity import people
from tools.runs import tasks
from tools.store import Store
from tools.store.models import Task


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
    person = people.sign_in(token, settings)
    if not person.may("start"):
        raise IdentityError(f"{person.user} has no role that may start a run.")
    parameters = {"graph": graph, "input": dict(values)}
    return tasks.enqueue(store, "start_graph", parameters, key=key, requested_by=person.user)
