"""What time asks of requests: a late checkpoint is refused, the rest goes to a senior role, too."""

from __future__ import annotations

from tools.approvals.escalation import escalate_due
from tools.core.clock import clock
from tools.front_desk import checkpoints, leftovers
from tools.store import Store, desk_requests
from tools.store.models import ApprovalRequest


def settle_overdue(store: Store) -> list[ApprovalRequest]:
    """Refuse late checkpoints, end what was left open, empty old contexts, escalate; give what was."""
    checkpoints.expire_due(store)
    leftovers.end_leftovers(store, clock().now())
    desk_requests.forget(store, clock().now())
    return escalate_due(store)
