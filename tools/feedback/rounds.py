"""One round of feedback: read reviews, propose changes, say what is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from tools.notices import notice as notices
from tools.runs import workspace
from tools.store import open_store, proposals, runs
from tools.store.models import Proposal

CHOICES = "approve: the rules change, until its day and up to its amount. reject: they stay as they are."


@dataclass(frozen=True)
class Round:
    """Which reviews are read."""

    round_id: str
    since: datetime
    until: datetime


def begin(thread_id: str, until: str | None, days: int | None) -> tuple[Round, int]:
    """Say which reviews this round reads, and how many flags they are about.

    until: ISO day or time, now where it is absent; days: before it, as the rules have it where absent.
    """
    limits = settings.load()
    end = _moment(until) if until else clock().now()
    start = end - timedelta(days=days or load_rules(limits.rules).feedback.days)
    held = reviews.between(open_store(limits.database_url), start, end)
    return Round("r" + digest([thread_id, end])[:11], start, end), len(held)


def propose(held: Round, thread_id: str) -> dict[str, list[str]]:
    """Propose and keep what the reviews speak for; give the ids of what is open and of what was refused."""
    limits = settings.load()
    store, in_force = open_store(limits.database_url), load_rules(limits.rules)
    past = replay.past(store, limits, in_force, held.until)
    day, currency = _books(past, held.until)
    found = proposing.propose(
        held.round_id,
        reviews.between(store, held.since, held.until),
        in_force,
        past,
        day=day,
        currency=currency,
    )
    rows = [{**one.as_dict(), "thread_id": thread_id} for one in found]
    proposals.save(store, held.round_id, held.since, held.until, rows)
    return {
        "open": [one.proposal_id for one in found if not one.refusals],
        "refused": [one.proposal_id for one in found if one.refusals],
    }


def subjects(round_id: str) -> list[dict[str, Any]]:
    """Give what is asked of a person: a subject for each open proposal of a round."""
    store = open_store(settings.load().database_url)
    return [_subject(one) for one in proposals.find(store, round_id=round_id, status="open", limit=1000)]


def tell(round_id: str, asked: Sequence[Mapping[str, Any]]) -> None:
    """Queue the notice of a round that waits for a person, once."""
    store = open_store(settings.load().database_url)
    last = runs.list_runs(store, limit=1)
    if not last:
        return
    notice = notices.Notice(
        run_id=last[0].run_id,  # an outbox row belongs to a run: the last one is what reviews are about
        kind="feedback",
        risk="MEDIUM",
        title=f"{len(asked)} change{'s' if len(asked) > 1 else ''} of the rules to decide",
        why=["Reviews of the last days speak for them; replayed, they would have hidden nothing confirmed."],
        items=[
            {"title": one["title"], "severity": "MEDIUM", "amount": one["hidden"], "why": one["description"]}
            for one in asked[: notices.MOST_ITEMS]
        ],
        more=max(0, len(asked) - notices.MOST_ITEMS),
        choices=CHOICES,
        page="feedback",
        names={"VENDOR": [one["vendor"] for one in asked if one["vendor"]]},
    )
    notices.tell(store, f"ask-feedback-{round_id}", notice)


def said(one: Proposal) -> str:
    """Put a proposal into words."""
    entry = one.details["change"]["entry"]
    if one.kind == "suppress":
        reach = f"up to {entry['most']}, until {entry['expires']}"
        return f"{one.test}: WARNINGs of {one.vendor} become INFO, {reach}"
    if entry is None:
        return f"{one.test}: its own parameters again"
    given = ", ".join(f"{name} = {value}" for name, value in entry["parameters"].items())
    return f"{one.test}: {given}, up to {entry['most']}, until {entry['expires']}"


def _subject(one: Proposal) -> dict[str, Any]:
    held, told = one.details, said(one)
    hidden = amounts(held["replay"]["hidden"])
    counted = (
        f"{held['false_positives']} of {held['n']} reviewed were false (at least {held['wilson_low']:.0%})"
    )
    again = (
        f"replayed over {len(held['replay']['runs'])} runs it hides {held['replay']['hidden']['flags']} flags"
    )
    return {
        "subject": one.proposal_id,
        "title": told,
        "risk": "MEDIUM",
        "quorum": 1,
        "kind": one.kind,
        "test": one.test,
        "vendor": one.vendor,
        "hidden": hidden,
        "missed": amounts(held["replay"]["missed"]),
        "unseen": amounts(held["replay"]["unseen"]),
        "barred": held["barred"],
        "choices": CHOICES,
        "description": f"{told}. {counted}; {again}, {hidden}.",
    }


def amounts(held: Mapping[str, Any]) -> str:
    """Put a replay's sum into words."""
    return ", ".join(money.to_display(minor, name) for name, minor in held["minor"].items()) or "nothing"


def _books(past: replay.Past, until: datetime) -> tuple[date, str]:
    """Give the day and the currency of the newest books: expiry counts in days of the books."""
    for run in past.runs:
        snapshot = workspace.run_folder(past.settings, run.run_id) / workspace.SNAPSHOT
        if snapshot.is_dir():
            held = manifest.read(snapshot)
            return date.fromisoformat(held.as_of[:10]), held.currency
    return until.date(), "USD"


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"'{text}' is no day or time.", place="until", remedy="Write it as 2025-12-31."
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
