"""One round of feedback: read reviews, propose changes, put them into words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tools.books import manifest
from tools.checks.rules_file import load_rules
from tools.core import money, settings
from tools.core.clock import clock
from tools.core.digest import digest
from tools.core.errors import UsageError
from tools.feedback import proposing, replay, reviews
from tools.runs import run_files, workspace
from tools.store import open_store, proposals, runs
from tools.store.models import Proposal

_APPLIED = "approve: the rules change, until its day and up to its amount. reject: they stay as they are."
_GATED = (
    "approve: it goes through tests, replay, mutants and gates, and then to two people. "
    "reject: the rules stay as they are."
)


@dataclass(frozen=True)
class Round:
    """Which reviews are read; run_id: its run in the store, under which its proposals are kept."""

    run_id: str
    since: datetime
    until: datetime


def begin(thread_id: str, started_by: str, until: str | None, days: int | None) -> tuple[Round, int]:
    """Open a round, and say which reviews it reads and how many flags they are about.

    until: ISO day or time, now where it is absent; days: before it, as the rules have it where absent.
    """
    limits = settings.load()
    end = _moment(until) if until else clock().now()
    start = end - timedelta(days=days or load_rules(limits.rules).feedback.days)
    store = open_store(limits.database_url)
    run_id = "r" + digest([thread_id, end])[:11]
    details = {"since": start.isoformat(), "until": end.isoformat()}
    run = runs.start(
        store, graph="feedback", thread_id=thread_id, started_by=started_by, run_id=run_id, details=details
    )
    return Round(run.run_id, start, end), len(reviews.between(store, start, end))


def close(run_id: str, *, decided: bool) -> str:
    """Close a round; give its outcome."""
    outcome = "decided" if decided else "nothing to change"
    runs.close(open_store(settings.load().database_url), run_id, outcome)
    return outcome


def propose(opened: Round, thread_id: str) -> dict[str, list[str]]:
    """Propose and keep what the reviews speak for; give the ids of what is open and of what was refused."""
    limits = settings.load()
    store, in_force = open_store(limits.database_url), load_rules(limits.rules)
    past = replay.past(store, limits, in_force, opened.until)
    day, currency = _books(past, opened.until)
    drafts = proposing.propose(
        opened.run_id,
        reviews.between(store, opened.since, opened.until),
        in_force,
        past,
        day=day,
        currency=currency,
    )
    rows = [{**proposal.as_dict(), "thread_id": thread_id} for proposal in drafts]
    proposals.save(store, opened.run_id, opened.since, opened.until, rows)
    return {
        "open": [proposal.proposal_id for proposal in drafts if not proposal.refusals],
        "refused": [proposal.proposal_id for proposal in drafts if proposal.refusals],
    }


def subjects(proposal_ids: Collection[str]) -> list[dict[str, Any]]:
    """Give what is asked of people: a subject for each proposal."""
    limits = settings.load()
    store = open_store(limits.database_url)
    choices = _GATED if load_rules(limits.rules).feedback.gated else _APPLIED
    return [{**_subject(proposals.get(store, name)), "choices": choices} for name in proposal_ids]


def worded(proposal: Proposal) -> str:
    """Put a proposal into words."""
    entry = proposal.details["change"]["entry"]
    if proposal.kind == "suppress":
        reach = f"up to {entry['most']}, until {entry['expires']}"
        return f"{proposal.test}: WARNINGs of {proposal.vendor} become INFO, {reach}"
    if entry is None:
        return f"{proposal.test}: its own parameters again"
    parameters = ", ".join(f"{name} = {value}" for name, value in entry["parameters"].items())
    return f"{proposal.test}: {parameters}, up to {entry['most']}, until {entry['expires']}"


def _subject(proposal: Proposal) -> dict[str, Any]:
    details, title = proposal.details, worded(proposal)
    hidden = amounts(details["replay"]["hidden"])
    least = f"at least {details['wilson_low']:.0%}"
    counted = f"{details['false_positives']} of {details['n']} reviewed were false ({least})"
    flags = details["replay"]["hidden"]["flags"]
    again = f"replayed over {len(details['replay']['runs'])} runs it hides {flags} flags"
    return {
        "subject": proposal.proposal_id,
        "title": title,
        "risk": "MEDIUM",
        "quorum": 1,
        "kind": proposal.kind,
        "test": proposal.test,
        "vendor": proposal.vendor,
        "hidden": hidden,
        "missed": amounts(details["replay"]["missed"]),
        "unseen": amounts(details["replay"]["unseen"]),
        "description": f"{title}. {counted}; {again}, {hidden}.",
    }


def amounts(total: Mapping[str, Any]) -> str:
    """Put a replay's sum into words."""
    return ", ".join(money.to_display(minor, name) for name, minor in total["minor"].items()) or "nothing"


def _books(past: replay.Past, until: datetime) -> tuple[date, str]:
    """Give the day and the currency of the newest books: expiry counts in days of the books."""
    for run in past.runs:
        snapshot = workspace.run_folder(past.settings, run.run_id) / workspace.SNAPSHOT
        if snapshot.is_dir() and run_files.is_intact(past.store, past.settings, run.run_id):
            books = manifest.read(snapshot)
            return date.fromisoformat(books.as_of[:10]), books.currency
    return until.date(), "USD"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"'{text}' is no day or time.", place="until", remedy="Write it as 2025-12-31."
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
