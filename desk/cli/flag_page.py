"""A flag on a page: for an auditor to read from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any, Final

from rich.text import Text

from desk.cli.screen import out, style_of
from desk.cli.table import Column, laid_out, money
from desk.views.safe_text import visible

_TESTS: Final = (
    Column("test", "", heading="Test", flex=2),
    Column("score", "", kind="number", heading="Score"),
    Column("observed", "", heading="Observed", flex=3),
    Column("threshold", "", heading="Expected", flex=2),
)
_STEPS: Final = (
    Column("effect", "", heading="Effect"),
    Column("what", "", heading="Step", flex=2),
    Column("because", "", heading="Because", flex=3),
)
FOUND: Final = (
    Column("kind", "", heading="Found"),
    Column("doc_id", "", heading="Document", flex=1),
    Column("why", "", heading="Linked by", flex=2),
    Column("excerpt", "", heading="It says", flex=3),
)
_READINGS: Final = (
    Column("place", "", kind="number", heading="No."),
    Column("cause", "", heading="Reading"),
    Column("confidence", "", kind="share", heading="Conf."),
    Column("by", "", heading="Seen by", flex=1),
    Column("text", "", below=True),
    Column("speaks", "", below=True),
    Column("test", "", below=True),
)
_CITED: Final = (
    Column("id", "", heading="Id"),
    Column("kind", "", heading="Kind"),
    Column("key", "", heading="Where", flex=1),
    Column("text", "", below=True),
)
HISTORY: Final = (
    Column("at", "", heading="When (UTC)"),
    Column("what", "", kind="word", heading="What"),
    Column("by", "", heading="By", flex=1),
    Column("note", "", heading="Note", flex=2),
)


def flag_letter(told: Mapping[str, Any]) -> None:
    """Print a flag in full."""
    severity = told["severity"]
    line((severity, style_of(severity)), f"  {told['flag_id']}  ", (told["status"], style_of(told["status"])))
    line((visible(told["vendor"] or "no vendor"), "head"), f"  {money(told['amount'])} {told['currency']}")
    line(("  ".join(_facts(told)), "quiet"))
    out().print()
    for paragraph in str(told["explanation"]).splitlines():
        out().print("\n".join(wrap(visible(paragraph), out().width, subsequent_indent="  ")), soft_wrap=True)
    out().print()
    table(_TESTS, told["tests"])
    for name in ("severity", "confidence"):
        _steps(f"How its {name} came about", told[f"{name}_steps"])
    table(FOUND, told["found"])
    if told["not_found"]:
        line(f"Looked for and not found: {visible(', '.join(told['not_found']))}\n")
    _investigation(told["investigation"])
    table(HISTORY, told["history"])


def _investigation(found: Mapping[str, Any] | None) -> None:
    """Print what else the case may be; severity and flags do not depend on it."""
    if not found:
        return
    line(("What could be behind its case; a person decides", "head"))
    table(_READINGS, [_reading(place, one) for place, one in enumerate(found["hypotheses"], 1)])
    cited = [{"id": name, **fact} for name, fact in sorted(found["facts"].items())]
    table(_CITED, cited)
    for name, one in found["observers"].items():
        if one["status"] != "ran":
            line((f"Without the observer of {name}: {visible(one['error'])}\n", "warning"))


def _reading(place: int, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "place": place,
        "cause": one["cause"].replace("_", " "),
        "speaks": f"For it: {', '.join(one['evidence_for']) or 'nothing'}. "
        f"Against it: {', '.join(one['evidence_against']) or 'nothing'}.",
        "by": ", ".join(one["by"]),
        "test": f"Would show it wrong: {one['test']}",
    }


def _facts(told: Mapping[str, Any]) -> Iterable[str]:
    facts = {
        "source": visible(told["source"]),
        "id": visible(told["txn_id"] or ""),
        "posted": told["posted_on"],
        "score": told["score"],
        "confidence": f"{told['confidence']:.2f}",
        "case": told["case_id"],
        "from": f"{visible(told['file'])}:{told['line']}" if told["file"] else None,
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


def table(columns: Sequence[Column], rows: Sequence[Any]) -> None:
    """Print a table and a blank line, where there are rows."""
    shown = [row for row in rows if isinstance(row, Mapping)]
    if shown:
        out().print(laid_out(columns, shown, out().width), soft_wrap=True)
        out().print()


def line(*parts: str | tuple[str, str]) -> None:
    """Print a line of words, each plain or with its style; long lines wrap."""
    out().print(Text.assemble(*parts))
