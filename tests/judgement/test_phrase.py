"""A model may word a flag; it changes nothing else, and what it cannot prove is removed."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from tests.honest_model import cite_facts, flag_facts
from tests.judgement.desk import Desk
from tests.judgement.scripted import (
    BAD,
    FALSE,
    FAULTS,
    TRUE,
    Fault,
    by_model,
    flag_of,
    paid_twice,
    saying,
    settings_of,
    worded,
)
from tests.openai_server import Status, serve
from tools.judgement.model_wording import WORDING, Phrased, substance


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk with one CRITICAL flag, judged once."""
    desk = paid_twice(tmp_path_factory.mktemp("desk") / "run")
    shutil.copytree(desk.folder / "judged", desk.folder / "as_judged")
    return desk


@pytest.fixture
def desk(judged: Desk) -> Desk:
    """Give it as it was judged, before any model."""
    shutil.copy(judged.folder / "as_judged" / "flag.parquet", judged.folder / "judged" / "flag.parquet")
    return judged


def test_without_a_model_nothing_is_asked_or_changed(desk: Desk) -> None:
    """No model in the settings: the templates stand."""
    before = flag_of(desk)
    assert worded(desk, settings_of("http://127.0.0.1:9", model="")) == Phrased()
    assert flag_of(desk) == before


def test_a_model_changes_the_wording_and_nothing_else(desk: Desk) -> None:
    """Flags with and without a model are equal but for explanation and its metadata."""
    before = flag_of(desk)
    with serve(then=cite_facts) as server:
        outcome = worded(desk, settings_of(server.url))
    after = flag_of(desk)
    assert (outcome.worded, outcome.removed, outcome.degraded) == (1, [], "")
    assert {name for name in before if before[name] != after[name]} <= set(WORDING)
    assert substance([before]) == substance([after])
    first, second, *_ = after["explanation"].splitlines()
    assert first == before["explanation"].splitlines()[0]
    assert second.startswith(
        "The desk saw a payment row T1, of 50,000.00 USD, to Acme Widgets, by Dana Ortiz"
    )
    assert "What would tell:" in after["explanation"]


@pytest.mark.parametrize(("claim", "why"), FALSE, ids=[why for _, why in FALSE])
def test_a_false_claim_is_removed_and_a_true_one_kept(desk: Desk, claim: dict[str, Any], why: str) -> None:
    """Each claim must cite what is there, and say no figure that does not recompute."""
    true = {"kind": "finding", "text": "The sum of 50,000.00 USD left twice.", "evidence": ["F1.R", "F1.T1"]}
    with serve(saying(true, claim)) as server:
        outcome = worded(desk, settings_of(server.url))
    assert (outcome.kept_claims, outcome.removed_claims) == (1, 1)
    assert outcome.removed[0].startswith(why)
    assert str(claim["text"]) not in flag_of(desk)["explanation"]


@pytest.mark.parametrize("claim", TRUE, ids=[str(claim["text"]) for claim in TRUE])
def test_a_true_claim_stands(desk: Desk, claim: dict[str, Any]) -> None:
    """Figures of the facts, their sums and differences, days, tokens: nothing true is removed."""
    with serve(saying(claim)) as server:
        outcome = worded(desk, settings_of(server.url))
    assert outcome.removed == []
    assert outcome.kept_claims == (claim["kind"] == "finding")  # others stand beside a finding only


def test_when_no_claim_holds_the_template_stands(desk: Desk) -> None:
    """An explanation of nothing but inventions is none."""
    before = flag_of(desk)["explanation"]
    with serve(saying({"kind": "finding", "text": "It cost 7 USD.", "evidence": ["F1.R"]})) as server:
        worded(desk, settings_of(server.url))
    after = flag_of(desk)
    assert (after["explanation"], after["explained_by"]) == (before, "template")
    assert after["explanation_note"] == "template: no claim of the model held"


@pytest.mark.parametrize("fault", FAULTS, ids=[name for name, *_ in FAULTS])
def test_every_fault_ends_in_words_or_in_the_template(desk: Desk, fault: Fault) -> None:
    """Whatever the endpoint does, the run goes on; each call and its outcome are kept."""
    _, script, then, calls, reworded = fault
    before = flag_of(desk)
    with serve(*script, then=then) as server:
        outcome = worded(desk, settings_of(server.url, model_timeout_seconds=3.0))
    assert [call["outcome"] for call in outcome.calls] == calls
    assert outcome.worded == reworded
    assert substance([before]) == substance([flag_of(desk)])
    assert bool(outcome.degraded) is (not reworded)


def test_the_fallback_takes_over_and_the_dear_model_comes_last(desk: Desk) -> None:
    """Away: the fallback. Never valid: the dear model."""
    with serve(then=by_model(small=Status(503))) as server:
        outcome = worded(desk, settings_of(server.url, model_fallback="other", model_attempts=1))
    assert [(call["model"], call["outcome"]) for call in outcome.calls] == [
        ("small", "away"),
        ("other", "ok"),
    ]
    with serve(then=by_model(small=BAD)) as server:
        outcome = worded(desk, settings_of(server.url, model_dear="dear"))
    assert [call["model"] for call in outcome.calls] == ["small", "small", "small", "dear"]


def test_the_dear_model_is_asked_for_what_stays_open(desk: Desk) -> None:
    """A valid answer of which no claim holds: once more, of the dear model alone."""
    invented = saying({"kind": "finding", "text": "It cost 7 USD.", "evidence": ["F1.R"]})
    with serve(invented, then=cite_facts) as server:
        outcome = worded(desk, settings_of(server.url, model_dear="dear"))
    assert [call["model"] for call in outcome.calls] == ["small", "dear"]
    assert (outcome.worded, outcome.removed_claims) == (1, 1)


def test_nothing_leaves_that_should_not(desk: Desk) -> None:
    """Names, addresses, accounts and cards of the books and the mail are in no request."""
    with serve(then=cite_facts) as server:
        worded(desk, settings_of(server.url))
    payload = b" ".join(server.raw).decode().casefold()
    secrets = ("acme", "dana", "ortiz", "@", "4012 8888", "1881")
    assert [secret for secret in secrets if secret in payload] == []
    assert flag_facts(server.requests[0])["F1"]["F1.R"] == (
        "payment row T1, of 50,000.00 USD, to [VENDOR_1], by [PERSON_2], posted on 2025-03-04, "
        "exposure 50,000.00 USD"
    )
