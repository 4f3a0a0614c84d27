"""A run's page on a terminal: sources and control totals, checks, flags, and what a person is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.text import Text

from desk.cli.screen import err, out, style_of
from desk.cli.table import TableColumn, laid_out, quantity
from desk.views.safe_text import visible
from tools.audit import other_rules

Page = Mapping[str, Any]
CHECKS: Final = {"quality": "Data quality", "reconciliation": "Reconciliation", "anomaly": "Anomalies"}

_SOURCES: Final = (
    TableColumn("source", "", heading="Read", flex=1),
    TableColumn("files", "", kind="number", heading="Files"),
    TableColumn("rows", "", kind="number", heading="Rows"),
    TableColumn("rejected", "", kind="number", heading="Rejected"),
    TableColumn("left_out", "", kind="number", heading="Left out"),
    TableColumn("sum", "", kind="money", heading="Control total"),
    TableColumn("left_out_why", "", below=True),
)
_VERSIONS: Final = (
    TableColumn("place", "", heading="Read at", flex=1),
    TableColumn("version", "", heading="Version", flex=1),
)
_CHECKS: Final = (
    TableColumn("title", "", heading="Tested", flex=1),
    TableColumn("ran", "", kind="number", heading="Ran"),
    TableColumn("not_applicable", "", kind="number", heading="Not applicable"),
    TableColumn("failed", "", kind="number", heading="Failed"),
    TableColumn("findings", "", kind="number", heading="Findings"),
    TableColumn("seconds", "", kind="share", heading="Seconds"),
    TableColumn("status", "", kind="word", heading="Status"),
    TableColumn("error", "", below=True),
)
_FLAGS: Final = (
    TableColumn("severity", "", kind="word", heading="Flags"),
    TableColumn("count", "", kind="number", heading="Count"),
    TableColumn("exposure", "", kind="money", heading="Exposure"),
    TableColumn("proposed", "", kind="number", heading="Waiting"),
    TableColumn("noted", "", kind="number", heading="Noted"),
    TableColumn("approved", "", kind="number", heading="Approved"),
    TableColumn("rejected", "", kind="number", heading="Rejected"),
    TableColumn("skipped", "", kind="number", heading="Skipped"),
)
_SUBJECTS: Final = (
    TableColumn("severity", "", kind="word", heading="Severity"),
    TableColumn("subject", "", heading="To decide", flex=1),
    TableColumn("flags", "", kind="number", heading="Flags"),
    TableColumn("exposure", "", kind="money", heading="Exposure"),
    TableColumn("people", "", heading="Signed"),
    TableColumn("title", "", below=True),
    TableColumn("signatures", "", below=True),
)


PROGRAMME: Final = "programme"
_REST: Final = 5
_WAITS: Final = {"gate": "The run stopped at its gate.", "flags": "Flags wait for approval."}
_READ: Final = {"claims": "tieout claims; tieout claim CLAIM", "letters": "tieout letters --draft"}


def show(page: Page) -> None:
    """Print a run's page."""
    run = page["run"]
    _heading(run)
    if run["other_rules"]:
        sentence = other_rules.sentence(run["other_rules"])
        out().print(Text(visible(sentence), style="warning"), soft_wrap=True)
    _table(_SOURCES, page["sources"])
    _table(_VERSIONS, page["versions"])
    _table(
        _CHECKS, [{**check, "title": CHECKS.get(check["check"], check["check"])} for check in page["checks"]]
    )
    for line in [line for check in page["checks"] for line in check["uncovered"]]:
        out().print(Text(visible(f"{line}.") + "\n"), soft_wrap=True)
    if engines := sorted({check["engine"] for check in page["checks"]} - {""}):
        out().print(Text(visible(f"Tests ran on {' and '.join(engines)}") + "\n"), soft_wrap=True)
    if page["suspects"] is not None:
        suspects = f"{quantity(page['suspects'], 'row')} in {quantity(page['cases'], 'case')}"
        out().print(f"Suspects: {suspects}\n", soft_wrap=True)
    _table(_FLAGS, list(_flags(page["flags"])))
    if _stands(page):
        out().print(
            "Flags: none is new; what was found is flagged by an earlier run already.\n", soft_wrap=True
        )
    for sentence in page["came_of"]:
        out().print(visible(sentence), soft_wrap=True)
    _model(page["model"])
    if run["error"]:
        out().print(Text(visible(run["error"]), style="bad"), soft_wrap=True)
    if page["asks"]:
        ask(page["asks"])
    _print_following(page)


def show_rest(page: Page) -> None:
    """Print what is left to decide of a run, the gravest first."""
    _heading(page["run"])
    _table(_FLAGS, list(_flags(page["flags"])))
    ask(page["asks"], limit=_REST)
    _print_following(page)


def ask(asks: Page, *, limit: int | None = None) -> None:
    """Print what a person is asked, and why: all of it, or the first `limit` subjects."""
    what = _WAITS.get(asks["kind"], f"{asks['title']}.")
    out().print(Text(what, style="warning"), soft_wrap=True)
    for reason in asks["reasons"]:
        out().print(f"  {visible(reason)}", soft_wrap=True)
    out().print()
    if asks["kind"] != "gate":
        _table(_SUBJECTS, [_subject(subject) for subject in asks["subjects"][:limit]])
        beyond = len(asks["subjects"]) - limit if limit else 0
        if beyond > 0:
            out().print(f"and {beyond:,} more: tieout approvals\n", soft_wrap=True)
    for title in asks["judged_again"]:
        out().print(
            Text(visible(f"Judged and asked again when the rest is decided: {title}")), soft_wrap=True
        )


def _subject(subject: Page) -> Page:
    people = ", ".join(f"{each['by']} ({each['verdict']})" for each in subject["signed"])
    signed = f"signed by {people}" if people else ""
    return {
        **brief(subject),
        "people": f"{len(subject['signed'])} of {subject['quorum']}",
        "signatures": signed,
    }


def brief(subject: Page) -> Page:
    """Shorten an exposure in several currencies, so that it leaves a table room for the title."""
    several = str(subject.get("exposure") or "").count(",") + 1 if not subject.get("currency") else 0
    return {**subject, "exposure": f"in {several} currencies"} if several > 1 else subject


def _print_following(page: Page) -> None:
    for line in following(page):
        err().print(line, style="quiet", soft_wrap=True)


def following(page: Page) -> list[str]:
    """Give the commands that come next."""
    run, asks = page["run"], page["asks"]
    name = run["run_id"]
    if asks and asks["kind"] == "gate":
        return [
            "Next, signed in by TIEOUT_TOKEN or --token-file:",
            f"  tieout approve {name}            go on",
            f"  tieout approve {name} --retry    run what did not finish again",
            f"  tieout reject {name}             stop; the books are audited by a later run",
        ]
    if asks and asks["kind"] in _READ:
        return [
            f"Next: read them, {_READ[asks['kind']]}",
            "Then, signed in by TIEOUT_TOKEN or --token-file:",
            f"  tieout approve {name} --case NAME (or --all) [--note TEXT]",
            f"  tieout reject {name} --case NAME --note TEXT",
        ]
    if asks:
        return [
            f"Next: see why, tieout flags {name} --status proposed; tieout explain FLAG",
            "Then, signed in by TIEOUT_TOKEN or --token-file:",
            f"  tieout approve {name} --case CASE (or --severity WARNING, or --all) [--note TEXT]",
            f"  tieout reject {name} --case CASE --note TEXT",
        ]
    if run["status"] in ("open", "paused", "failed"):
        return [_going_on(run)]
    return list(page["next"]) or _flagged(page)


def _flagged(page: Page) -> list[str]:
    if _stands(page):
        return ["See them: tieout flags"]
    return [f"See them: tieout flags {page['run']['run_id']}"] if page["flags"] else []


def _going_on(run: Page) -> str:
    if run["graph"] == PROGRAMME and run["status"] == "open":  # its workers go on with it
        return f"See how far it is: tieout programme progress --run {run['run_id']}"
    return f"Go on: tieout resume {run['run_id']}"


def _stands(page: Page) -> bool:
    """Whether all that was found is known from earlier runs."""
    return bool(page["run"]["outcome"] == "flagged" and not page["flags"])


def _heading(run: Page) -> None:
    line = Text.assemble(
        (f"Run {run['run_id']}", "head"),
        "  ",
        visible(run["entity"]),
        "  ",
        (run["status"], style_of(run["status"])),
    )
    line.append(f", {run['outcome']}" if run["outcome"] else "")
    if run["window_to"]:
        line.append(
            f"  books {'from ' + run['window_from'] + ' ' if run['window_from'] else ''}to {run['window_to']}"
        )
    out().print(line, soft_wrap=True)
    out().print()


def _table(columns: Sequence[TableColumn], rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        out().print(laid_out(columns, rows, out().width), soft_wrap=True)
        out().print()


def _flags(groups: Iterable[Page]) -> Iterable[dict[str, Any]]:
    for group in groups:
        amounts = group["exposure"]
        counts = {**group["statuses"], "severity": group["severity"], "count": group["count"]}
        first, *others = [{"exposure": each["amount"], "currency": each["currency"]} for each in amounts]
        yield {**counts, **first}
        yield from others


def _model(model: Page | None) -> None:
    if model is None:
        return
    words = (
        f"Model: {model['worded']} of {model['asked']} explanations worded, "
        f"{model['cases']} cases looked into, "
        f"{model['removed_claims']} claims removed, {model['calls']} calls, {model['tokens']:,} tokens, "
        f"{model['dollars']} dollars"
    )
    out().print(words, soft_wrap=True)
    for why in model["degraded"]:
        out().print(Text(f"  templates where it failed: {visible(why)}", style="warning"), soft_wrap=True)
    out().print()
