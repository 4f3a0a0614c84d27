"""A round: proposed, asked, approved by somebody else, applied, seen to expire, taken back."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.reviewers import scene
from benchmarks.reviewers.simulated import lazy_alone, sound
from desk import feedback as desk
from graph import feedback
from graph.runtime import session
from tools.approvals import requests
from tools.checks.rules_file import load_rules
from tools.core import settings
from tools.core.errors import IdentityError, RunError
from tools.feedback import applying, rulesfile
from tools.rules import model
from tools.store import Store, close_stores, open_store, outbox, proposals, rule_versions, runs, trail

DANA, OMAR, ANA = (scene.token_of(name) for name in ("dana", "omar", "ana"))


def _begin_round(store: Store) -> str:
    """Begin a round, and give what it asks about."""
    desk.begin(thread_id="round")
    return _open_proposal_id(store)


def _open_proposal_id(store: Store) -> str:
    (proposal,) = proposals.find(store, status="open")
    return proposal.proposal_id


def _audited_anew(folder: Path, as_of: str) -> Store:
    """Audit the same books as of a day, with the rules as they stand, on a desk that knows nothing yet."""
    close_stores()
    shutil.rmtree(folder / "desk")
    parameters = {"sources": str(folder / "sources.yaml"), "as_of": as_of}
    session.start(parameters, thread_id=f"again-{as_of}", token=scene.token_of("riley"))
    return open_store(f"sqlite:///{folder}/desk/tieout.db")


def _severities(store: Store, vendor: str) -> set[str]:
    return {flag.severity for flag in scene.of_vendor(store, vendor)}


@pytest.mark.usefixtures("asked")
def test_a_change_is_applied_expires_and_is_rolled_back(store: Store, folder: Path) -> None:
    """The file has the change and all else as it was; the rollback leaves no trace but the record."""
    before = (folder / "rules.yaml").read_text()
    proposal_id = _open_proposal_id(store)
    (decided,) = desk.decide(store, [proposal_id], "approve", token=DANA, note="their direct debits")
    applied = (folder / "rules.yaml").read_text()
    (entry,) = load_rules(folder / "rules.yaml").learned.suppressions
    assert (decided.status, decided.decided_by) == ("applied", "dana")
    assert applied.startswith(before)
    assert (entry.vendor, entry.test, entry.expires) == (scene.POWER, "unmatched_row", date(2025, 7, 29))
    assert (
        entry.most == max(Decimal(flag.exposure_base) for flag in scene.of_vendor(store, scene.POWER)) / 100
    )
    newest = rule_versions.newest(store)
    assert newest is not None
    assert (newest.author, newest.reason) == ("dana", "their direct debits")
    assert "+  - vendor: Direct Power" in newest.diff
    desk.roll_back(store, proposal_id, token=OMAR, note="no")
    assert (folder / "rules.yaml").read_text() == before
    assert [(change.what, change.author) for change in proposals.changes(store)] == [
        ("rolled back", "omar"),
        ("applied", "dana"),
    ]
    assert trail.verify(store) == []


@pytest.mark.usefixtures("asked")
def test_a_suppression_holds_until_its_day_of_the_books(store: Store, folder: Path) -> None:
    """By the day of the audit, not of the clock, and no further than the amount that was reviewed.

    The day after, all are asked again and say why.
    """
    desk.decide(store, [_open_proposal_id(store)], "approve", token=DANA)
    (entry,) = load_rules(folder / "rules.yaml").learned.suppressions
    _cap(folder / "rules.yaml", Decimal("230.00"))
    last = _audited_anew(folder, str(entry.expires))
    exposures: dict[str, list[int]] = {"INFO": [], "WARNING": []}
    for flag in scene.of_vendor(last, scene.POWER):
        exposures[flag.severity].append(flag.exposure_base or 0)
    assert 0 < max(exposures["INFO"]) <= 23000 < min(exposures["WARNING"])
    assert _severities(last, scene.GHOST) == {"WARNING"}
    after = _audited_anew(folder, str(entry.expires + timedelta(days=1)))
    assert [_severities(after, name) for name in (scene.POWER, scene.GHOST)] == [{"WARNING"}, {"WARNING"}]
    assert "suppression expired" in str(scene.of_vendor(after, scene.POWER)[0].components)


def _cap(path: Path, most: Decimal) -> None:
    """Let the one suppression reach no further than an amount."""
    learned = load_rules(path).learned
    (entry,) = learned.suppressions
    smaller = learned.model_copy(update={"suppressions": [entry.model_copy(update={"most": most})]})
    rulesfile.write(path, rulesfile.with_learned(path.read_text(), smaller))


def test_nobody_approves_what_rests_on_their_own_word(store: Store) -> None:
    """Who gave most of the reviews leaves the approval to another; an auditor has none to give."""
    power = scene.of_vendor(store, scene.POWER)
    scene.say(store, "dana", "false_positive", *power[:15])
    scene.say(store, "ben", "false_positive", *power[15:])
    proposal_id = _begin_round(store)
    with pytest.raises(IdentityError, match="most of the reviews behind"):
        desk.decide(store, [proposal_id], "approve", token=DANA)
    with pytest.raises(IdentityError, match="ana has no role that may decide"):
        desk.decide(store, [proposal_id], "approve", token=ANA)
    with pytest.raises(IdentityError, match="signed in"):
        desk.decide(store, [proposal_id], "approve")
    (proposal,) = desk.decide(store, [proposal_id], "approve", token=OMAR)
    assert proposal.status == "applied"


@pytest.mark.usefixtures("asked")
def test_a_rejected_proposal_changes_nothing(store: Store, folder: Path) -> None:
    """The file stays; decided once, it cannot be decided again, and cannot be taken back."""
    before, proposal_id = (folder / "rules.yaml").read_text(), _open_proposal_id(store)
    desk.decide(store, [proposal_id], "reject", token=DANA, note="not yet")
    with pytest.raises(RunError, match="is rejected: not yet"):
        desk.decide(store, [proposal_id], "approve", token=OMAR)
    with pytest.raises(RunError, match="not applied"):
        desk.roll_back(store, proposal_id, token=OMAR)
    assert (folder / "rules.yaml").read_text() == before


def test_what_was_refused_can_not_be_approved(store: Store) -> None:
    """Nobody may apply what a defence refused; the round asks nothing."""
    lazy_alone(store)
    standing = desk.begin(thread_id="round")
    refused = proposals.find(store, status="refused")
    assert (standing.asked, len(refused)) == (None, 2)
    with pytest.raises(RunError, match="is refused"):
        applying.apply(store, settings.load(), refused[0].proposal_id, by="dana")


GARBAGE: list[list[dict[str, str]]] = [
    [],
    [{"type": "perhaps"}],
    [{"type": "approve", "subject": "p0"}],
    [{"type": "edit"}],
]


@pytest.mark.usefixtures("asked")
def test_garbage_is_asked_again(store: Store, folder: Path) -> None:
    """What is no answer changes nothing, and is asked again with the reason, however often."""
    before, _ = (folder / "rules.yaml").read_text(), _open_proposal_id(store)
    for garbage in GARBAGE:
        standing = session.answer("round", garbage, token=DANA)
        assert standing.asked is not None
        assert standing.asked["notice"], garbage
        assert (folder / "rules.yaml").read_text() == before


@pytest.mark.usefixtures("asked")
def test_a_replay_is_of_the_rules_that_it_was_made_with(store: Store, folder: Path) -> None:
    """When the rules were edited meanwhile, the proposal is not applied: it says to propose again."""
    proposal_id, path = _open_proposal_id(store), folder / "rules.yaml"
    path.write_text(path.read_text() + "look_back_days: 9\n")
    with pytest.raises(RunError, match="rules have changed since"):
        desk.decide(store, [proposal_id], "approve", token=DANA)
    assert load_rules(path).learned == model.Rules().learned


@pytest.mark.usefixtures("asked")
def test_a_crash_between_the_file_and_the_store_is_made_good(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the file was written, the same decision notes what was not noted, once."""
    proposal_id = _open_proposal_id(store)
    with monkeypatch.context() as patched:
        patched.setattr(rule_versions, "save", _die)
        with pytest.raises(KeyboardInterrupt):
            applying.apply(store, settings.load(), proposal_id, by="dana", note="n")
    rules_text = (folder / "rules.yaml").read_text()
    assert scene.POWER in rules_text
    assert proposals.changes(store) == []
    for _ in range(2):
        applying.apply(store, settings.load(), proposal_id, by="dana", note="n")
    (change,) = proposals.changes(store)
    assert (folder / "rules.yaml").read_text() == rules_text
    assert "+  - vendor: Direct Power" in change.diff
    assert change.before_digest != change.after_digest


def _die(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.usefixtures("asked")
def test_a_newer_round_replaces_what_an_older_one_left_open(store: Store) -> None:
    """One proposal about one thing is open at a time, and asked about once: the older round has ended."""
    first = _open_proposal_id(store)
    desk.begin(thread_id="later")
    assert proposals.get(store, first).status == "superseded"
    assert [proposal.status for proposal in proposals.find(store, status="open")] == ["open"]
    (request,) = requests.waiting(store)
    assert runs.get(store, request.run_id).thread_id == "later"
    ended = runs.get(store, proposals.get(store, first).round_id)
    assert (ended.status, ended.outcome) == ("closed", "superseded")
    with pytest.raises(RunError, match="superseded"):
        desk.decide(store, [first], "approve", token=DANA)


def test_it_applies_by_itself_where_the_settings_say_so(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Off by default; on, what nothing speaks against is applied by the rule, and can be taken back."""
    monkeypatch.setenv("TIEOUT_FEEDBACK_AUTOMATIC", "true")
    sound(store)
    standing = desk.begin(thread_id="round")
    (proposal,) = proposals.find(store, status="applied")
    assert (standing.asked, proposal.decided_by) == (None, "rule")
    desk.roll_back(store, proposal.proposal_id, token=DANA)
    assert scene.POWER not in (folder / "rules.yaml").read_text()


def test_old_reviews_are_not_read(store: Store) -> None:
    """A round reads the reviews of its days alone."""
    sound(store)
    standing = desk.begin(until="2025-01-31", thread_id="round")
    assert (standing.values["reviewed"], standing.asked) == (0, None)


def test_whoever_decides_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notice says what changes, on what it stands and what happens on each answer."""
    monkeypatch.setenv("TIEOUT_NOTIFY", '{"approvers": "json://127.0.0.1:9"}')
    sound(store)
    _begin_round(store)
    (notice,) = outbox.pending(store)
    assert notice.payload["title"] == "1 change of the rules to decide"
    assert "20 of 20 reviewed were false" in notice.payload["items"][0]["why"]
    assert "approve: the rules change" in notice.payload["choices"]


def test_a_disagreement_counts_for_the_books(store: Store) -> None:
    """A flag that one confirms and another calls false is confirmed; many such stop a change."""
    power = scene.of_vendor(store, scene.POWER)
    sound(store)
    scene.say(store, "omar", "confirmed", *power[:3])
    standing = desk.begin(thread_id="round")
    (refused,) = proposals.find(store, status="refused")
    assert standing.asked is None
    assert "reviewers disagree on 3 of 20" in refused.note
    assert "would have hidden 3 confirmed flags" in refused.note


def test_the_graph_takes_no_decision_in_its_input() -> None:
    """Nothing that decides can be slipped in with what starts a round."""
    assert set(feedback.graph.get_input_jsonschema()["properties"]) == {"until", "days"}
