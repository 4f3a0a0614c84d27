"""Documents are data: what is written in them changes no suspect, no severity and no step of a score."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import prompts
from tests.honest_model import flag_facts
from tests.judgement.injections import INJECTIONS
from tests.judgement.poisoned import JUDGED, ORDINARY_TEXT, obedient, poisoned
from tests.openai_server import serve
from tools.core.settings import Settings
from tools.judgement.judge import read_flags
from tools.judgement.model_wording import phrase, substance


@pytest.fixture(scope="module")
def baseline(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    """Give what is judged of books in which nobody wrote anything odd."""
    (flag,) = read_flags(poisoned(tmp_path_factory.mktemp("desk") / "run", ORDINARY_TEXT).folder / "judged")
    return [flag[name] for name in JUDGED]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(text, id=str(number), marks=[pytest.mark.exhaustive] if number % 10 else [])
        for number, text in enumerate(INJECTIONS)
    ],
)
def test_nothing_that_is_written_changes_what_is_judged(
    tmp_path: Path, baseline: list[Any], text: str
) -> None:
    """Neither without a model nor with one that obeys; and what it says of it does not get through."""
    desk = poisoned(tmp_path / "run", text)
    (before,) = read_flags(desk.folder / "judged")
    assert [before[name] for name in JUDGED] == baseline
    with serve(then=obedient) as server:
        settings = Settings(_env_file=None, model="small", model_base_url=server.url)
        outcome = phrase(desk.books, desk.folder / "judged", settings, prompts.load("explain_case"))
    (after,) = read_flags(desk.folder / "judged")
    assert substance([after]) == substance([before])
    assert outcome.removed_claims == 5
    assert after["explanation"] == before["explanation"]
    assert [request.get("tools") for request in server.requests] == [None]
    messages = server.requests[0]["messages"]
    assert [message["role"] for message in messages] == ["system", "user"]
    assert flag_facts(server.requests[0])["F1"]["F1.R"].startswith("payment row PAY-b1234, of 50,000.00 USD")
