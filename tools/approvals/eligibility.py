"""Who has to agree, and whether they have: pure functions over a request and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tools.core.refs import Answer, Request
from tools.identity import roles


def refused(subject: Mapping[str, Any], person: Mapping[str, Any], started_by: str) -> str:
    """Say why this person may not decide on this subject, or "" when they may."""
    if not roles.may(person["roles"], "decide"):
        return f"{person['user']} has no role that may decide."
    if subject.get("risk") == "CRITICAL" and person["user"] == started_by:
        return f"{started_by} started this run and so can't decide on its CRITICAL flags."
    return ""


def settled(request: Request, answers: Iterable[Answer]) -> dict[str, Answer]:
    """Give the subjects on which enough different people agree, with the word that completed the quorum."""
    given = sorted((a for a in answers if a["request_id"] == request["request_id"]), key=lambda a: a["at"])
    done = {}
    for subject in request["subjects"]:
        votes: dict[str, dict[str, Answer]] = {}
        for answer in given:
            if answer["subject"] == subject["subject"]:
                votes.setdefault(answer["verdict"], {})[answer["by"]] = answer
        for by_person in votes.values():
            if len(by_person) >= int(subject.get("quorum", 1)):
                done[subject["subject"]] = max(by_person.values(), key=lambda a: a["at"])
    return done
