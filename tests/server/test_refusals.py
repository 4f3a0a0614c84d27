"""An approval can't be forged over HTTP: every way we know is tried on the real Server, and refused."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.server import signed
from tests.server.attacks import ATTACKS, Attack
from tests.server.scene import Scene, waiting
from tests.server.served import Served

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
ALL = [attack for attacks in ATTACKS.values() for attack in attacks]


@pytest.fixture(scope="module")
def scene(served: Served) -> Iterator[Scene]:
    """Give a run of riley's that waits; whatever was tried, it is as it was in the end."""
    scene = waiting(served, "riley", "Forgers Ltd")
    before = (scene.recorded(), scene.asked()[0]["value"]["action_requests"])
    yield scene
    assert (scene.recorded(), scene.asked()[0]["value"]["action_requests"]) == before


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.told)
def test_it_is_refused(scene: Scene, attack: Attack) -> None:
    """The Server says no, and the store knows of no decision, no flag approved, no run moved."""
    before = scene.recorded()
    answer = attack.attempt(scene)
    assert came(answer, attack.answered), f"{answer.status_code} {answer.text[:300]}"
    assert scene.recorded() == before
    assert before["decisions"] == []


def came(answer: httpx.Response, expected: str) -> bool:
    """Say whether an answer is what was expected: a status, or words of a body."""
    if expected.isdigit():
        return answer.status_code == int(expected)
    return expected in answer.text


def test_the_page_lists_what_is_tried() -> None:
    """docs/security.md has every attack of these tests, and no other."""
    text = PAGE.read_text(encoding="utf-8")
    for title, attacks in ATTACKS.items():
        rows = [f"| {attack.told} | {attack.answered} |" for attack in attacks]
        assert f"### {title}\n\n| tried | comes back |\n|---|---|\n" + "\n".join(rows) + "\n" in text
    assert f"{len(ALL)} ways" in text


def _verdicts(scene: Scene) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for by, subject, verdict in scene.recorded()["decisions"]:
        found.setdefault(subject, set()).add(f"{by}: {verdict}")
    return found


def _notice(answer: httpx.Response) -> str:
    (asked,) = answer.json()["__interrupt__"]
    return str(asked["value"]["notice"])


def test_nobody_signs_for_two(served: Served) -> None:
    """The starter, the same person again, under another name or with a replayed answer: one signature."""
    scene = waiting(served, "dana", "Signers Ltd")
    own: list[dict[str, Any]] = [{"type": "approve", "subject": scene.critical}]
    assert "started this run" in _notice(scene.answer("dana", own))
    assert scene.recorded()["decisions"] == []
    first = scene.answer("omar", own, scene.asked()[0]["id"])
    (then,) = scene.asked()
    assert first.status_code == 200
    replayed = scene.answer("omar", own)
    assert (replayed.status_code, "no such interrupt" in replayed.text) == (403, True)
    assert "has approved" in _notice(scene.answer("omar", own, then["id"]))
    again = scene.answer(signed.by_rsa(signed.claims(user="Omar")), own, scene.asked()[0]["id"])
    assert "has approved" in _notice(again)
    assert _verdicts(scene) == {scene.critical: {"omar: approve"}}
    second = scene.answer(signed.by_ed(signed.claims(roles=["finance-leads"])), own, scene.asked()[0]["id"])
    assert second.status_code == 200
    assert _verdicts(scene) == {scene.critical: {"omar: approve", "jo: approve"}}


@pytest.mark.parametrize(
    "garbage",
    [True, 7, "approve", [], {}, [{}], {"decisions": "approve"}, {"decisions": [{"type": 1}]}],
)
def test_garbage_is_asked_again(scene: Scene, garbage: Any) -> None:  # noqa: ANN401 - any JSON
    """What is no answer leaves the thread waiting, never in status error."""
    before = scene.recorded()
    answer = scene.run("omar", command={"resume": garbage})
    assert answer.status_code == 200
    assert scene.recorded() == before
    assert scene.ask("GET", "/threads/THREAD", "riley").json()["status"] == "interrupted"


def test_without_a_token_one_is_named_so_until_that_is_closed(served: Served) -> None:
    """Callers on this machine work as local:open; a setting closes it, at once."""
    made = httpx.post(f"{served.url}/threads", json={}).json()
    assert made["metadata"]["owner"] == "local:open"
    setting = served.folder / ".env"
    setting.write_text("TIEOUT_OPEN_ON_LOOPBACK=false\n")
    try:
        assert httpx.post(f"{served.url}/threads", json={}).status_code == 401
    finally:
        setting.unlink()


def test_a_signed_token_says_who_somebody_is(served: Served) -> None:
    """HS256, RS256 and EdDSA each name the user, with roles from the provider's names for them."""
    for number, token in enumerate((signed.shared(), signed.by_rsa(), signed.by_ed())):
        headers = {"Authorization": f"Bearer {token}"}
        made = httpx.post(f"{served.url}/threads", json={"metadata": {"n": number}}, headers=headers).json()
        assert made["metadata"] == {"n": number, "owner": "jo"}
