"""A flag on a page: for an auditor to read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from rich.text import Text

from desk.cli.screen import out, style_of
from desk.cli.table import TableColumn, laid_out, money
from desk.views.safe_text import visible

_TESTS: Final = (
    TableColumn("test", "", heading="Test", flex=2),
    TableColumn("score", "", kind="number", heading="Score"),
    TableColumn("observed", "", heading="Observed", flex=3),
    TableColumn("threshold", "", heading="Expected", flex=2),
)
_STEPS: Final = (
    TableColumn("effect", "", heading="Effect"),
    TableColumn("what", "", heading="Step", flex=2),
    TableColumn("because", "", heading="Because", flex=3),
)
FOUND: Final = (
    TableColumn("kind", "", heading="Found"),
    TableColumn("doc_id", "", heading="Document", flex=1),
    TableColumn("why", "", heading="Linked by", flex=2),
    TableColumn("excerpt", "", heading="It says", flex=3),
)
_READINGS: Final = (
    TableColumn("place", "", kind="number", heading="No."),
    TableColumn("cause", "", heading="Reading"),
    TableColumn("confidence", "", kind="share", heading="Conf."),
    TableColumn("by", "", heading="Seen by", flex=1),
    TableColumn("text", "", below=True),
    TableColumn("words", "", below=True),
    TableColumn("speaks", "", below=True),
    TableColumn("test", "", below=True),
)
_CITED: Final = (
    TableColumn("id", "", heading="Id"),
    TableColumn("kind", "", heading="Kind"),
    TableColumn("key", "", heading="Where", flex=1),
    TableColumn("text", "", below=True),
)
HISTORY: Final = (
    TableColumn("at", "", heading="When (UTC)"),
    TableColumn("what", "", kind="word", heading="What"),
    TableColumn("by", "", heading="By", flex=1),
    TableColumn("note", "", heading="Note", flex=2),
)


def case_letter(case: Mapping[str, Any]) -> None:
    """Print a case: what all its flags say, and what the gravest of them rests on."""
    others = case["flags"][1:]
    line((visible(case["title"]), "head"))
    facts = f"{case['case_id']}  {case['severity']}  exposure {money(case['exposure'])} {case['currency']}"
    line((facts, "quiet"))
    for other in others:
        _paragraphs(f"{other['flag_id']}  {str(other['explanation']).splitlines()[0]}")
    out().print()
    for gravest in case["flags"][:1]:
        flag_letter(gravest)
    if others:
        line(("Each other flag by itself: tieout explain FLAG", "quiet"))


def flag_letter(flag: Mapping[str, Any]) -> None:
    """Print a flag in full."""
    severity = flag["severity"]
    line((severity, style_of(severity)), f"  {flag['flag_id']}  ", (flag["status"], style_of(flag["status"])))
    line((visible(flag["vendor"] or "no vendor"), "head"), f"  {money(flag['amount'])} {flag['currency']}")
    line(("  ".join(_facts(flag)), "quiet"))
    out().print()
    _paragraphs(str(flag["explanation"]))
    out().print()
    table(_TESTS, flag["tests"])
    for name in ("severity", "confidence"):
        _steps(f"How its {name} came about", flag[f"{name}_steps"])
    table(FOUND, flag["found"])
    if flag["not_found"]:
        line(f"Looked for and not found: {visible(', '.join(flag['not_found']))}\n")
    _investigation(flag["investigation"])
    table(HISTORY, flag["history"])


def _paragraphs(text: str) -> None:
    for paragraph in text.splitlines():
        out().print("\n".join(wrap(visible(paragraph), out().width, subsequent_indent="  ")), soft_wrap=True)


def _investigation(results: Mapping[str, Any] | None) -> None:
    """Print what else the case may be; severity and flags do not depend on it."""
    if not results:
        return
    line(("What could be behind its case; a person decides", "head"))
    table(
        _READINGS, [_reading(place, hypothesis) for place, hypothesis in enumerate(results["hypotheses"], 1)]
    )
    for thought in results.get("beside", ()):
        line((f"A model also thought of: {visible(thought['text'])} ({thought['test']})\n", "quiet"))
    cited = [{"id": name, **fact} for name, fact in sorted(results["facts"].items())]
    table(_CITED, cited)
    for name, observer in results["observers"].items():
        if observer["status"] != "ran":
            line((f"Without the observer of {name}: {visible(observer['error'])}\n", "warning"))


def _reading(place: int, hypothesis: Mapping[str, Any]) -> dict[str, Any]:
    thoughts = hypothesis.get("words", ())
    tests = [hypothesis["test"], *(thought["test"] for thought in thoughts)]
    return {
        **hypothesis,
        "place": place,
        "cause": hypothesis["cause"].replace("_", " "),
        "speaks": f"For it: {', '.join(hypothesis['evidence_for']) or 'nothing'}. "
        f"Against it: {', '.join(hypothesis['evidence_against']) or 'nothing'}.",
        "by": ", ".join(hypothesis["by"]),
        "words": "\n".join(f"A model: {thought['text']}" for thought in thoughts),
        "test": f"Would show it wrong: {' '.join(tests)}{_refuted(hypothesis)}",
    }


def _refuted(hypothesis: Mapping[str, Any]) -> str:
    reasons = [
        attempt["reason"] for attempt in hypothesis.get("tried", ()) if attempt["outcome"] == "refuted"
    ]
    return f" Ruled out: {'; '.join(reasons)}." if reasons else ""


def _facts(flag: Mapping[str, Any]) -> Iterable[str]:
    facts = {
        "source": visible(flag["source"]),
        "id": visible(flag["txn_id"] or ""),
        "posted": flag["posted_on"],
        "score": flag["score"],
        "confidence": f"{flag['confidence']:.2f}",
        "case": flag["case_id"],
        "from": f"{visible(flag['file'])}:{flag['line']}" if flag["file"] else None,
    }
    return (f"{name} {fact}" for name, fact in facts.items() if fact not in (None, ""))


def _steps(title: str, steps: Sequence[Mapping[str, Any]]) -> None:
    if steps:
        line((title, "head"))
        table(_STEPS, [{**step, "effect": _effect(step)} for step in steps])


def _effect(step: Mapping[str, Any]) -> str:
    if step.get("points") is not None:
        return f"{step['points']:+d}"
    severity = step.get("severity")
    return "" if severity is None else severity or "no flag"


def table(columns: Sequence[TableColumn], rows: Sequence[Any]) -> None:
    """Print a table and a blank line, where there are rows."""
    shown = [row for row in rows if isinstance(row, Mapping)]
    if shown:
        out().print(laid_out(columns, shown, out().width), soft_wrap=True)
        out().print()


def line(*parts: str | tuple[str, str]) -> None:
    """Print a line of words, each plain or with its style; long lines wrap."""
    out().print(Text.assemble(*parts))
