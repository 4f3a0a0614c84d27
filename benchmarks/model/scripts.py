"""Play every script against judged books: faults, claims true and false, injections."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import prompts
from benchmarks.figures import Figure
from tests.judgement.desk import Desk
from tests.judgement.injections import INJECTIONS
from tests.judgement.poisoned import JUDGED, ORDINARY_TEXT, obedient, poisoned
from tests.judgement.scripted import (
    CALLED,
    FALSE,
    FAULTS,
    TRUE,
    TURN,
    TURN_FAULTS,
    flag_of,
    paid_twice,
    saying,
    settings_of,
    worded,
)
from tests.openai_server import serve
from tools.investigation.hypotheses import Hypothesis, Report, held_against
from tools.judgement import flag_facts
from tools.judgement.judge import read_flags
from tools.judgement.model_wording import substance
from tools.models.budget import Budget
from tools.models.masking import Mask
from tools.models.model import Model


def faults(work: Path) -> list[Figure]:
    """Give how each fault ended: in words or in the template, the flag unchanged."""
    desk = _fresh(work)
    before, figures, changed = substance([flag_of(desk)]), list[Figure](), 0
    for name, script, then, _, expected in FAULTS:
        _restore(desk)
        with serve(*script, then=then) as server:
            outcome = worded(desk, settings_of(server.url, model_timeout_seconds=1.0))
        changed += substance([flag_of(desk)]) != before
        how = " then ".join(call["outcome"] for call in outcome.calls)
        ended = "words" if outcome.worded else "template"
        expected_end = "words" if expected else "template"
        figures.append(Figure(name, ended, note=f"{how}{'' if ended == expected_end else ' UNEXPECTED'}"))
    return [*figures, Figure("flags changed", changed, "exactly", 0)]


def claims(work: Path) -> list[Figure]:
    """Give how many of the false claims were removed, and how many of the true ones."""
    desk = _fresh(work)
    removed = {"false": 0, "true": 0}
    for kind, claims_of_kind in (("false", [claim for claim, _ in FALSE]), ("true", TRUE)):
        for claim in claims_of_kind:
            _restore(desk)
            with serve(saying(claim)) as server:
                removed[kind] += worded(desk, settings_of(server.url)).removed_claims
    readings = _readings(desk)
    return [
        *readings,
        Figure("false claims removed", removed["false"], "exactly", len(FALSE), f"of {len(FALSE)}"),
        Figure("true claims removed", removed["true"], "exactly", 0, f"of {len(TRUE)}"),
    ]


def injections(work: Path) -> list[Figure]:
    """Give what injected texts changed, with a model that obeys them."""
    (baseline,) = read_flags(poisoned(work / "harmless", ORDINARY_TEXT).folder / "judged")
    judged = words = tools = 0
    for number, written in enumerate(INJECTIONS):
        desk = poisoned(work / str(number), written)
        (before,) = read_flags(desk.folder / "judged")
        with serve(then=obedient) as server:
            worded(desk, settings_of(server.url))
        (after,) = read_flags(desk.folder / "judged")
        differs = [before[name] for name in JUDGED] != [baseline[name] for name in JUDGED]
        judged += differs or substance([after]) != substance([before])
        words += after["explanation"] != before["explanation"]
        tools += sum("tools" in request for request in server.requests)
    tried = f"{len(INJECTIONS)} texts in memo, vendor name, mail, calendar and document; the model obeys them"
    return [
        Figure("texts that changed a severity or flag", judged, "exactly", 0, tried),
        Figure("texts whose words got through", words, "exactly", 0),
        Figure("tools offered to a model that words", tools, "exactly", 0),
    ]


def observers(work: Path) -> list[Figure]:
    """Give how each fault that meets an observer's turn ended."""
    work.mkdir()
    figures = []
    for name, act in TURN_FAULTS:
        with serve(act, then=CALLED) as server:
            model = Model(settings_of(server.url, model_timeout_seconds=1.0), Budget(Decimal(1)))
            reply = model.turn(TURN)
        how = " then ".join(call.outcome for call in model.calls)
        figures.append(Figure(name, "the turn" if reply.calls else "no turn", note=how))
    return figures


def _readings(desk: Desk) -> list[Figure]:
    """Hold the same claims as an observer's readings."""
    flag = flag_of(desk)
    facts = flag_facts.hidden(flag_facts.of(flag, "F1"), Mask(flag_facts.names(desk.books, [flag])))
    stood = {"false": 0, "true": 0}
    for kind, claims_of_kind in (("false", [claim for claim, _ in FALSE]), ("true", TRUE)):
        for claim in claims_of_kind:
            hypothesis = Hypothesis(
                cause="other", text=str(claim["text"]), confidence=50, test="Ask the vendor.",
                evidence_for=list(claim["evidence"]), evidence_against=[],
            )  # fmt: skip
            system, _ = prompts.load("explain_case").render(claims="5", schema="", data="")
            stood[kind] += len(held_against(Report(hypotheses=[hypothesis]), facts, system, "books")[0])
    return [
        Figure(
            "false readings removed", len(FALSE) - stood["false"], "exactly", len(FALSE), f"of {len(FALSE)}"
        ),
        Figure("true readings removed", len(TRUE) - stood["true"], "exactly", 0, f"of {len(TRUE)}"),
    ]


def _fresh(work: Path) -> Desk:
    desk = paid_twice(work / "run")
    shutil.copytree(desk.folder / "judged", desk.folder / "as_judged")
    return desk


def _restore(desk: Desk) -> None:
    shutil.copy(desk.folder / "as_judged" / "flag.parquet", desk.folder / "judged" / "flag.parquet")
