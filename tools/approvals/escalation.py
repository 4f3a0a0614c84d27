"""Requests that nobody answered in their time go to a senior role, too; they stay open.

It needs no process of its own: `tieout tick` (for cron), `tieout approvals` and `tieout resume` call it.
"""

from __future__ import annotations

from tools.approvals import requests
from tools.core.clock import clock
from tools.notices import notice
from tools.store import Store
from tools.store.models import ApprovalRequest


def escalate_due(store: Store) -> list[ApprovalRequest]:
    """Escalate every open request whose time is over: once, on the trail, with a notice to its role."""
    return [request for request in requests.expired(store) if _escalate(store, request)]


def _escalate(store: Store, request: ApprovalRequest) -> bool:
    role = request.escalates_to
    with store.begin():
        if not requests.escalated(store, request.request_id, to=role):
            return False
        hours = int((clock().now() - request.requested_at).total_seconds() // 3600)
        notice.tell(
            store,
            f"escalate-{request.kind}-{request.attempt}",
            notice.of_escalation(store, request, role, hours),
        )
        return True
