"""Apply a change to the rules file, and take it back: each a new version with author, reason and diff."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tools.checks.rules_file import load_rules, rules_of
from tools.core.errors import RunError
from tools.core.settings import Settings
from tools.feedback import changes, rulesfile
from tools.rules.learned import Learned
from tools.rules.model import Rules
from tools.runs.starting import change_later
from tools.store import Store, proposals, rule_versions


def apply(store: Store, settings: Settings, proposal_id: str, *, by: str, note: str = "") -> Rules:
    """Put an open proposal into the rules file; one that is applied already stays so.

    by: whoever was authenticated, or "rule" where the settings apply by themselves.
    Raises RunError for one that was refused or decided, or whose replay was of other rules.
    """
    proposal = proposals.get(store, proposal_id)
    change = changes.from_dict(proposal.details["change"])
    if proposal.status not in ("open", "applied"):
        raise RunError(
            f"proposal {proposal.proposal_id} is {proposal.status}: "
            f"{proposal.note or 'nothing is left to do'}."
        )
    with rulesfile.locked(settings.rules):
        now = load_rules(settings.rules)
        stands = change.stands_in(now.learned)
        if not stands:
            _refuse_other_rules(proposal.proposal_id, proposal.details["rules_digest"], now, change)
        was = change.undone(now.learned) if stands else now.learned
        entry = RulesFileEdit(
            proposal.proposal_id,
            "applied",
            by,
            note or f"{proposal.kind} {proposal.test} {proposal.vendor}".strip(),
        )
        rules = _write(store, settings, was, change.applied(now.learned), entry)
    proposals.settle(store, proposal.proposal_id, "applied", by=by, note=note)
    return rules


def hand_over(store: Store, proposal_id: str, *, by: str, note: str, starter: str) -> None:
    """Put an open proposal down for the gates of a change; one that is put down already stays so.

    starter: in whose name it is tested: not one of the two who may then approve it. Raises RunError for
    one that is refused or decided.
    """
    proposal = proposals.get(store, proposal_id)
    if proposal.status not in proposals.UNDECIDED:
        raise RunError(
            f"proposal {proposal.proposal_id} is {proposal.status}: "
            f"{proposal.note or 'nothing is left to do'}."
        )
    with store.begin():
        change_later(store, proposal.proposal_id, starter=starter)
        proposals.settle(store, proposal.proposal_id, "testing", by=by, note=note)


def roll_back(store: Store, settings: Settings, proposal_id: str, *, by: str, note: str = "") -> Rules:
    """Take an applied change out of the rules file; later changes of other tests and vendors stay.

    Raises RunError for one that is not applied, or that a later change has replaced.
    """
    proposal = proposals.get(store, proposal_id)
    change = changes.from_dict(proposal.details["change"])
    if proposal.status not in ("applied", "rolled_back"):
        raise RunError(f"proposal {proposal.proposal_id} is {proposal.status}, not applied.")
    with rulesfile.locked(settings.rules):
        now = load_rules(settings.rules)
        undone = change.undone(now.learned)
        if not change.stands_in(now.learned) and undone != now.learned:
            raise RunError(
                f"something else stands where {proposal.proposal_id} was put.",
                remedy="Roll the later change back first, or edit the rules file.",
            )
        was = now.learned if undone != now.learned else change.applied(now.learned)
        entry = RulesFileEdit(
            proposal.proposal_id, "rolled back", by, note or f"{proposal.kind} {proposal.test} taken back"
        )
        rules = _write(store, settings, was, undone, entry)
    proposals.settle(store, proposal.proposal_id, "rolled_back", by=by, note=note)
    return rules


def reject(store: Store, proposal_id: str, *, by: str, note: str = "") -> None:
    """Turn a proposal down. Raises RunError for one that is not open."""
    proposal = proposals.get(store, proposal_id)
    if proposal.status not in ("open", "rejected"):
        raise RunError(f"proposal {proposal.proposal_id} is {proposal.status}.")
    proposals.settle(store, proposal.proposal_id, "rejected", by=by, note=note)


def _refuse_other_rules(proposal_id: str, digest: str, now: Rules, change: changes.Change) -> None:
    stands = changes.change_in_force(now.learned, change.kind, change.vendor, change.test)
    if changes.base_digest(now) != digest or stands != change.before:
        raise RunError(
            f"the rules have changed since proposal {proposal_id} was replayed.",
            remedy="Run 'tieout feedback' again.",
        )


@dataclass(frozen=True)
class RulesFileEdit:
    """What was done with a proposal (applied, rolled back), by whom, why."""

    proposal_id: str
    what: str
    author: str
    reason: str


def record(store: Store, path: Path, edit: RulesFileEdit, before: str, after: str) -> None:
    """Keep an edit of the rules file as a new version, with the difference; again, it is the same one."""
    rules_before, rules_after = rules_of(before, path), rules_of(after, path)
    diff = rule_versions.difference(before, after)
    with store.begin():
        rule_versions.save(
            store, rules_after.sha256, after, author=edit.author, reason=edit.reason, diff=diff
        )
        proposals.record(
            store,
            edit.proposal_id,
            edit.what,
            author=edit.author,
            reason=edit.reason,
            before_digest=rules_before.sha256,
            after_digest=rules_after.sha256,
            diff=diff,
        )


def _write(store: Store, settings: Settings, was: Learned, learned: Learned, entry: RulesFileEdit) -> Rules:
    """Write the file first: a replay after a crash finds it as it should be, and notes what was not noted."""
    text = rulesfile.read(settings.rules)
    before, after = rulesfile.with_learned(text, was), rulesfile.with_learned(text, learned)
    if after != text:
        rulesfile.write(settings.rules, after)
    record(store, settings.rules, entry, before, after)
    return load_rules(settings.rules)
