"""What a run of recovery, or a day of follow-up, came to: in sentences, with what to do next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_ANSWERS: Final = {
    "paid": "paid", "agree": "agreed", "dispute": "disputed", "question": "asked back",
    "meeting": "to talk about", "wrong_person": "of the wrong person", "auto_reply": "automatic",
    "bounce": "returned", "complaint": "complaint", "opt_out": "opted out",
    "unsure": "for a person to read", "known": "read before",
}  # fmt: skip
_FATES: Final = {
    "sent": "sent", "waiting": "waiting for their hour", "cancelled": "cancelled", "failed": "failed"
}  # fmt: skip


def sentences(summary: Mapping[str, Any]) -> list[str]:
    """Give what a summary (tools/recovery/summary.py) says in sentences; nothing for another run."""
    return [*_claims(summary), *_letters(summary), *_day(summary)]


def following(summary: Mapping[str, Any]) -> list[str]:
    """Give the commands that come next."""
    commands = []
    if (summary.get("letters") or {}).get("queued"):
        commands.append("Next: tieout send (it says which letters wait, and until when)")
    if (summary.get("received") or {}).get("unsure"):
        commands.append("Read what is unsure: tieout replies --unsure")
    if "received" in summary or "scouted" in summary:
        commands.append("See where all claims stand: tieout pipeline; tieout claims")
    return commands


def _claims(summary: Mapping[str, Any]) -> Iterator[str]:
    if scouted := summary.get("scouted"):
        small = scouted.get("too_small", 0)
        left = f", {small} left out as too small" if small else ""
        yield f"Claims: {scouted.get('fresh', 0)} new, {scouted.get('known', 0)} known before{left}."
    if decided := summary.get("decided"):
        yield f"Decided: {decided.get('approved', 0)} approved, {decided.get('rejected', 0)} rejected."
    if merged := summary.get("merged"):
        without = merged.get("without", 0)
        with_one = merged.get("with_contact", 0)
        parties = "1 party has" if with_one == 1 else f"{with_one} parties have"
        yield f"Contacts: {parties} one, {without} {'has' if without == 1 else 'have'} none."
        if by_rule := merged.get("by_rule", 0):
            yield f"Approved by rule, with a contact found: {by_rule}."
        if merged.get("without"):
            yield (
                "No letter goes to who has none: add them to the list of contacts (a source of kind contact);"
                " tieout contacts CLAIM says where was looked."
            )


def _answer(kind: str, number: int) -> str:
    words = _ANSWERS.get(kind, kind)
    return f"{words}s" if words == "complaint" and number != 1 else words


def _count(counts: Mapping[str, int], name: str, noun: str) -> str:
    number = counts.get(name, 0)
    return f"{number} {noun}{'s' * (number != 1)}"


def _letters(summary: Mapping[str, Any]) -> Iterator[str]:
    if letters := summary.get("letters"):
        yield f"Letters: {', '.join(f'{number} {status}' for status, number in sorted(letters.items()))}."


def _day(summary: Mapping[str, Any]) -> Iterator[str]:
    if "received" not in summary:
        return
    received = {kind: number for kind, number in summary["received"].items() if number}
    listed = ", ".join(f"{number} {_answer(kind, number)}" for kind, number in received.items())
    yield f"Answers: {sum(received.values())}{f': {listed}' if listed else ''}."
    money = summary.get("money") or {}
    yield f"Money: {_count(money, 'postings', 'posting')} applied, {_count(money, 'won', 'claim')} won."
    fates = {_FATES.get(name, name): number for name, number in (summary.get("sent") or {}).items()}
    yield f"Letters: {', '.join(f'{number} {name}' for name, number in fates.items()) or 'none due'}."
    for stuck in summary.get("stuck") or []:
        yield f"Stuck: {stuck['message']}."
