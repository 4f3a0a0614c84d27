"""Keep a drafted change, and find it again: by hand, or one that reviews led to."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any, Final

from tools.checks.rules_file import rules_of
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.feedback import changes as learned_changes
from tools.feedback import rounds, rulesfile
from tools.front_desk.changes import draft as drafts
from tools.front_desk.changes.draft import RuleDraft
from tools.store import Store, proposals
from tools.store.models import Proposal

BY_HAND: Final = ("suppression", "threshold", "setting", "test", "rules")


def keep(store: Store, draft: RuleDraft, *, by: str, reason: str = "") -> Proposal:
    """Keep a draft as a proposed change; the same draft of the same rules is the same one while it is open.

    What was refused, rejected or taken back is drafted anew: it can be tested again.
    """
    proposal_id = _free_id(store, draft, by)
    now = clock().now()
    details: dict[str, Any] = {
        "proposal_id": proposal_id, "kind": draft.kind,
        "test": draft.test or draft.title, "vendor": draft.vendor,
        "draft": draft.as_dict(), "by": by, "reason": reason, "refusals": [], "barred": [],
    }  # fmt: skip
    proposals.save(store, proposal_id, now, now, [details])
    return proposals.get(store, proposal_id)


def _free_id(store: Store, draft: RuleDraft, by: str) -> str:
    """Give the id of the first draft of these words that is not decided, or of the next one."""
    content = [draft.as_dict(), by]
    ids = ("c" + digest([*content, time] if time else content)[:11] for time in count())
    return next(each for each in ids if proposals.status_of(store, each) in ("", *proposals.UNDECIDED))


def draft_of(store: Store, settings: Settings, proposal_id: str) -> RuleDraft:
    """Give the draft of a proposed change: as it was made, or as what reviews led to would be written now.

    Raises RunError for one that is decided, or that a defence has refused.
    """
    proposal = proposals.get(store, proposal_id)
    if proposal.status not in proposals.UNDECIDED:
        raise RunError(
            f"change {proposal.proposal_id} is {proposal.status}: {proposal.note or 'it is decided'}.",
            remedy="Draft another: tieout change draft",
        )
    if "draft" in proposal.details:
        return drafts.from_dict(proposal.details["draft"])
    change = learned_changes.from_dict(proposal.details["change"])
    text = rulesfile.read(settings.rules)
    learned = rules_of(text, settings.rules).learned
    after = rulesfile.with_learned(text, change.applied(learned))
    draft = RuleDraft("feedback", rounds.worded(proposal), text, after, proposal.test, proposal.vendor)
    return drafts.checked(draft, settings.rules)


def narrowed(draft: RuleDraft, settings: Settings, most: str) -> RuleDraft:
    """Give a suppression or threshold that reaches up to a lower amount; others stay as they are."""
    rules = draft.rules_after(settings.rules)
    if draft.kind == "suppression":
        entry = next(
            item
            for item in rules.learned.suppressions
            if (item.vendor, item.test) == (draft.vendor, draft.test)
        )
        return drafts.suppression(
            draft.before, settings.rules, vendor=draft.vendor, test=draft.test, most=most,
            until=entry.expires.isoformat(),
        )  # fmt: skip
    threshold = rules.learned.threshold(draft.test)
    if draft.kind == "threshold" and threshold is not None:
        return drafts.threshold(
            draft.before, settings.rules, test=draft.test, parameters=threshold.parameters, most=most,
            until=threshold.expires.isoformat(),
        )  # fmt: skip
    return replace(draft)
