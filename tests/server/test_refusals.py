"""An approval can't be forged over HTTP: every way we know is tried on the real Server, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import http
from tests.server import jwts
from tests.server.attacks import ATTACKS, Attack
from tests.server.served import Served
from tests.server.waiting_run import WaitingRun, start_waiting_run

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
ALL = [attack for attacks in ATTACKS.values() for attack in attacks]


@pytest.fixture(scope="module")
def waiting_run(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WaitingRun]:
    """Give a run of riley's that waits; whatever was tried, it is as it was in the end."""
    # A worker that gives tests of this file away and takes some back sets it up twice on the same server.
    waiting_run = start_waiting_run(served, "riley", f"{tmp_path_factory.mktemp('Forgers').name} Ltd")
    before = (waiting_run.records(), waiting_run.interrupts()[0]["value"]["action_requests"])
    yield waiting_run
    assert (waiting_run.records(), waiting_run.interrupts()[0]["value"]["action_requests"]) == before


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.title)
def test_it_is_refused(waiting_run: WaitingRun, attack: Attack) -> None:
    """The Server says no, and the store knows of no decision, no flag approved, no run moved."""
    before = waiting_run.records()
    answer = attack.attempt(waiting_run)
    assert matches(answer, attack.expected), f"{answer.status_code} {answer.text[:300]}"
    assert waiting_run.records() == before
    assert before["decisions"] == []


def matches(answer: httpx.Response, expected: str) -> bool:
    """Say whether an answer is what was expected: a status, or words of a body."""
    if expected.isdigit():
        return answer.status_code == int(expected)
    return expected in answer.text


def test_the_page_lists_what_is_tried() -> None:
    """docs/security.md has every attack of these tests, and no other."""
    text = PAGE.read_text(encoding="utf-8")
    for title, attacks in ATTACKS.items():
        rows = [f"| {attack.title} | {attack.expected} |" for attack in attacks]
        assert f"### {title}\n\n| tried | comes back |\n|---|---|\n" + "\n".join(rows) + "\n" in text
    assert f"{len(ALL)} ways" in text


def _verdicts(waiting_run: WaitingRun) -> dict[str, set[str]]:
    verdicts: dict[str, set[str]] = {}
    for by, subject, verdict in waiting_run.records()["decisions"]:
        verdicts.setdefault(subject, set()).add(f"{by}: {verdict}")
    return verdicts


def _notice(answer: httpx.Response) -> str:
    (question,) = answer.json()["__interrupt__"]
    return str(question["value"]["notice"])


def test_nobody_signs_for_two(served: Served) -> None:
    """The starter, the same person again, under another name or with a replayed answer: one signature."""
    waiting_run = start_waiting_run(served, "dana", "Signers Ltd")
    own: list[dict[str, Any]] = [{"type": "approve", "subject": waiting_run.critical}]
    assert "started this run" in _notice(waiting_run.answer("dana", own))
    assert waiting_run.records()["decisions"] == []
    first = waiting_run.answer("omar", own, waiting_run.interrupts()[0]["id"])
    (question,) = waiting_run.interrupts()
    assert first.status_code == 200
    replayed = waiting_run.answer("omar", own)
    assert (replayed.status_code, "no such interrupt" in replayed.text) == (403, True)
    assert "has approved" in _notice(waiting_run.answer("omar", own, question["id"]))
    again = waiting_run.answer(jwts.by_rsa(jwts.claims(user="Omar")), own, waiting_run.interrupts()[0]["id"])
    assert "has approved" in _notice(again)
    assert _verdicts(waiting_run) == {waiting_run.critical: {"omar: approve"}}
    second = waiting_run.answer(
        jwts.by_ed(jwts.claims(roles=["finance-leads"])), own, waiting_run.interrupts()[0]["id"]
    )
    assert second.status_code == 200
    assert _verdicts(waiting_run) == {waiting_run.critical: {"omar: approve", "jo: approve"}}


@pytest.mark.parametrize(
    "garbage",
    [True, 7, "approve", [], {}, [{}], {"decisions": "approve"}, {"decisions": [{"type": 1}]}],
)
def test_garbage_is_asked_again(waiting_run: WaitingRun, garbage: object) -> None:
    """What is no answer leaves the thread waiting, never in status error."""
    before = waiting_run.records()
    answer = waiting_run.run("omar", command={"resume": garbage})
    assert answer.status_code == 200
    assert waiting_run.records() == before
    assert waiting_run.send("GET", "/threads/THREAD", "riley").json()["status"] == "interrupted"


def test_without_a_token_one_is_named_so_until_that_is_closed(served: Served) -> None:
    """Callers on this machine work as local:open; a setting closes it, at once."""
    thread = http.post(f"{served.url}/threads", json={}).json()
    assert thread["metadata"]["owner"] == "local:open"
    setting = served.folder / ".env"
    setting.write_text("TIEOUT_OPEN_ON_LOOPBACK=false\n")
    try:
        assert http.post(f"{served.url}/threads", json={}).status_code == 401
    finally:
        setting.unlink()


def test_a_signed_token_says_who_somebody_is(served: Served) -> None:
    """HS256, RS256 and EdDSA each name the user, with roles from the provider's names for them."""
    for number, token in enumerate((jwts.by_secret(), jwts.by_rsa(), jwts.by_ed())):
        headers = {"Authorization": f"Bearer {token}"}
        thread = http.post(f"{served.url}/threads", json={"metadata": {"n": number}}, headers=headers).json()
        assert thread["metadata"] == {"n": number, "owner": "jo"}
