"""An incident on a terminal: the first hypotheses with their confidence, what was ruled out, the cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from desk.cli.screen import err, out
from desk.views.safe_text import visible

FIRST: Final = 5


def say(text: str) -> None:
    """Say something of what is being done."""
    err().print(visible(text), style="quiet", soft_wrap=True)


def show(incident: Mapping[str, Any], *, whole: bool = False) -> None:
    """Print what an investigation came to; whole: every hypothesis with its evidence and attempts."""
    result = incident["result"]
    _line(f"{incident['incident_id']}  {incident['title']}", "head")
    observations, ranked = incident["observations"], incident["hypotheses"]
    if not ranked:
        _line("Nobody has looked into it yet: tieout investigate " + incident["incident_id"], "quiet")
        return
    if incident["summary"]:
        _line(incident["summary"])
    _line(f"{len(observations)} observations, {len(ranked)} hypotheses: {result['outcome']}.")
    for name, why in result["missing"].items():
        _line(f"The observer {name} is missing: {why}", "warning")
    standing = [hypothesis for hypothesis in ranked if hypothesis["grounding"] != "RULED_OUT"]
    for number, hypothesis in enumerate(standing if whole else standing[:FIRST], 1):
        _hypothesis(number, hypothesis, incident, whole=whole)
    out_of = [hypothesis for hypothesis in ranked if hypothesis["grounding"] == "RULED_OUT"]
    if out_of:
        _line("Ruled out:", "head")
    for hypothesis in out_of:
        _line(f"   {hypothesis['statement']}")
        _line(f"   because {hypothesis['ruled_out_because']}", "quiet")
    if note := result.get("words", {}).get("note"):
        _line(f"No model worded it: {note}", "warning")
    _line(f"Cost: {result['spent']} / {result['budget']} dollars")
    if incident["verdict"]:
        _line(f"{incident['verdict_by']} said of {incident['verdict_on']}: {incident['verdict']}", "good")


def _hypothesis(
    number: int, hypothesis: Mapping[str, Any], incident: Mapping[str, Any], *, whole: bool
) -> None:
    by = ", ".join(hypothesis["by"])
    on = f", from {hypothesis['calibrated_on']} known results" if hypothesis["calibrated_on"] else ""
    _line(f"{number}. [{by}] {hypothesis['statement']}")
    _line(
        f"   {hypothesis['grounding']}, confidence {hypothesis['confidence']:.0%}{on}"
        f"  ({hypothesis['hypothesis_id']})",
        "quiet",
    )
    for claim in hypothesis["words"]:
        _line(f"   A model, {claim['kind']}: {claim['text']} [{', '.join(claim['evidence'])}]")
    if not whole:
        return
    observations = {each["observation_id"]: each for each in incident["observations"]}
    for word, names in (("for", hypothesis["evidence_for"]), ("against", hypothesis["evidence_against"])):
        for name in names:
            if name in observations:
                _line(f"   {word} {name}: {observations[name]['text']}")
    for attempt in hypothesis["tried"]:
        _line(f"   {attempt['asked']} {attempt['outcome'].replace('_', ' ')}: {attempt['reason']}", "quiet")
    if hypothesis["told_by"]:
        _line(f"   What would tell: {hypothesis['told_by']}", "quiet")


def _line(text: str, style: str = "") -> None:
    out().print(visible(text), style=style or None, soft_wrap=True, markup=False)
