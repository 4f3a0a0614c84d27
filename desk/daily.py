"""What a day brings by itself, from `tieout tick`: the follow-up of claims, the order that reviews teach."""

from __future__ import annotations

import structlog

from graph.runtime import session
from tools.core.clock import clock
from tools.core.errors import TieoutError
from tools.core.settings import Settings
from tools.feedback.ranking import learn
from tools.recovery import day
from tools.store import Store

_log = structlog.get_logger(__name__)


def learn_order(store: Store) -> str:
    """Learn the order of the queue anew where a day's reviews came in; say what came of it."""
    if not learn.is_due(store):
        return ""
    ranking = learn.learn(store, by="desk")
    return f"The queue is ordered by {'chance' if ranking.in_use else 'exposure'}: {ranking.reason}."


def follow_up(store: Store, settings: Settings) -> str:
    """Start the day's follow-up where claims are pursued and none was started today; say what came of it.

    The thread is named after the day, so that two schedulers start one. Empty where there is nothing to do.
    """
    thread_id = f"follow-up-{clock().now():%Y-%m-%d}"
    if not day.is_due(store, thread_id):
        return ""
    token = settings.token.get_secret_value() if settings.token else None
    try:
        thread = session.start({}, graph="follow_up", thread_id=thread_id, token=token)
    except TieoutError as error:  # what else is due goes on; the run keeps the failure
        _log.warning("the day's follow-up failed", thread=thread_id, error=str(error))
        return f"The day's follow-up failed: {error.message}"
    waits = " Letters wait for a person: tieout letters --draft." if thread.asked else ""
    return f"The day's follow-up is run {thread.run_id}.{waits}"
