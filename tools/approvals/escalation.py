"""Requests that nobody answered in their time go to a senior role, too; they stay open.

It needs no process of its own: `tieout tick` (for cron), `tieout approvals` and `tieout resume` call it.
"""

from __future__ import annotations

from tools.core.clock import clock
from tools.core.settings import Settings
from tools.notices import notice
from tools.rules.model import Rules
from tools.runs.workspace import rules_in_force, run_folder
from tools.store import Store, approvals
from tools.store.models import Approval


def escalate_due(store: Store, limits: Settings) -> list[Approval]:
    """Escalate every open request whose time is over: once, on the trail, with a notice to the role."""
    return [asked for asked in approvals.expired(store) if _escalate(store, limits, asked)]


def _escalate(store: Store, limits: Settings, asked: Approval) -> bool:
    role = _rules(limits, asked.run_id).severity.senior_role
    with store.begin():
        if not approvals.escalated(store, asked.request_id, to=role):
            return False
        hours = int((clock().now() - asked.requested_at).total_seconds() // 3600)
        notice.tell(
            store, f"escalate-{asked.kind}-{asked.attempt}", notice.of_escalation(store, asked, role, hours)
        )
        return True


def _rules(limits: Settings, run_id: str) -> Rules:
    try:
        return rules_in_force(run_folder(limits, run_id))
    except OSError:  # its folder is elsewhere, or gone
        return Rules()
