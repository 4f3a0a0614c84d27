"""Show a run as it goes, from the graph's own stream: moving on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Column

from desk.cli.screen import err
from desk.cli.table import quantity
from desk.views.safe_text import one_line

TITLES = {
    "open_run": "Reading the books",
    "check_data_quality": "Testing data quality",
    "reconcile": "Reconciling",
    "detect_anomalies": "Looking for anomalies",
    "merge_findings": "Merging findings into cases",
    "enrich": "Looking for documents",
    "escalate": "Judging how grave it is",
    "investigate": "Looking into the gravest cases",
    "propose_flags": "Recording flags",
    "apply_decisions": "Applying decisions",
    "close_run": "Closing the run",
    "open_recovery": "Reading the books",
    "scout": "Looking for what is owed",
    "analyse": "Scoring claims",
    "write_letters": "Drafting letters",
}
NODE_OF = {"quality": "check_data_quality", "reconciliation": "reconcile", "anomaly": "detect_anomalies"}


class Display(Protocol):
    """Where steps are shown."""

    def begin(self, node: str) -> None:
        """Show that a step began."""

    def note(self, node: str, words: str) -> None:
        """Show what it is doing."""

    def end(self, node: str, words: str, seconds: float) -> None:
        """Show what it came to."""


@dataclass
class Follower:
    """Turn chunks of the stream (modes tasks and custom) into steps on a display."""

    display: Display
    _began: dict[str, float] = field(default_factory=dict)
    _seen: dict[str, Counter[str]] = field(default_factory=dict)

    def __call__(self, mode: str, chunk: Any) -> None:  # noqa: ANN401 - LangGraph's own
        """Take one chunk."""
        if mode == "tasks" and chunk["name"] in TITLES:
            self._step(chunk["name"], chunk)
        elif mode == "custom" and isinstance(chunk, Mapping) and chunk.get("progress"):
            self._note_progress(chunk)

    def _step(self, node: str, chunk: Mapping[str, Any]) -> None:
        if "input" in chunk:
            self._began[node] = time.monotonic()
            self._seen[node] = Counter()
            self.display.begin(node)
            return
        seconds = time.monotonic() - self._began.pop(node, time.monotonic())
        # What went wrong is the last line of the command: it need not stand here, too.
        words = "failed" if chunk.get("error") else outcome(chunk.get("result"))
        self.display.end(node, words, seconds)

    def _note_progress(self, chunk: Mapping[str, Any]) -> None:
        node = NODE_OF.get(str(chunk.get("check", "")), str(chunk.get("node", "open_run")))
        if chunk["progress"] != "test":
            self.display.note(node, str(chunk.get("message") or chunk["progress"]))
            return
        counts = self._seen.setdefault(node, Counter())
        counts.update(tests=1, findings=int(chunk.get("findings") or 0))
        self.display.note(
            node,
            f"{quantity(counts['tests'], 'test')}, {quantity(counts['findings'], 'finding')}:"
            f" {chunk['test']}",
        )


def outcome(result: object) -> str:
    """Say in a few words what a node wrote."""
    update = dict(result) if isinstance(result, Mapping | list) else {}
    messages = (say(update[key]) for key, say in _SAID.items() if update.get(key))
    return next(messages, "")


def _checks(checks: Mapping[str, Mapping[str, Any]]) -> str:
    (check,) = checks.values()
    if check["status"] == "failed":
        return f"failed: {check['error']}"
    counts = Counter(test["status"] for test in check["tests"])
    findings = sum(int(test["findings"]) for test in check["tests"])
    words = [f"{quantity(counts['ran'], 'test')} ran", quantity(findings, "finding")]
    words += [f"{counts['not_applicable']} not applicable"] if counts["not_applicable"] else []
    words += [f"{counts['failed']} failed"] if counts["failed"] else []
    words += [check["error"]] if check["status"] == "degraded" else []
    return ", ".join(words)


def _totals(totals: list[Mapping[str, Any]]) -> str:
    rows, rejected = (sum(int(total.get(key) or 0) for total in totals) for key in ("rows", "rejected"))
    sources = {total["source"] for total in totals}
    return f"{quantity(rows, 'row')} of {quantity(len(sources), 'source')}, {rejected:,} rejected"


def _merged(merged: Mapping[str, Any]) -> str:
    return f"{quantity(merged.get('suspects', 0), 'suspect')} in {quantity(merged.get('cases', 0), 'case')}"


def _investigated(results: Mapping[str, Any]) -> str:
    cases = quantity(results["cases"], "case")
    words = [f"{results['readings']:,} hypotheses of {cases} by {results['observers']:,} observers"]
    return ", ".join(words + [f"without some: {why}" for why in results["degraded"]])


def _proposed(proposed: Mapping[str, Any]) -> str:
    if "waiting" in proposed:
        again = f", {proposed['modified']:,} judged again" if proposed.get("modified") else ""
        return f"{quantity(proposed['waiting'], 'flag')} left to decide{again}"
    words = {
        "new": "judged again" if proposed.get("judged_again") else "new",
        "known": "known before",
        "by_rule": "noted or approved by rule",
        "to_approve": "to approve",
    }
    return ", ".join(f"{proposed[key]:,} {word}" for key, word in words.items() if proposed.get(key))


def _rows(what: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda ref: f"{ref.get('rows', 0):,} {what}"


_SAID: dict[str, Callable[[Any], str]] = {
    "checks": _checks,
    "totals": _totals,
    "merged": _merged,
    "evidence": _rows("documents and facts"),
    "investigated": _investigated,
    "proposed": _proposed,
    "flags": _rows("to flag"),
    "outcome": str,
}


@dataclass
class ProgressLines:
    """A line when a step begins, and one when it ends: for logs."""

    console: Console

    def begin(self, node: str) -> None:
        """Write that a step began."""
        self.console.print(f"{TITLES[node]} ...", soft_wrap=True)

    def note(self, node: str, words: str) -> None:
        """Leave the small steps out."""

    def end(self, node: str, words: str, seconds: float) -> None:
        """Write what it came to."""
        self.console.print(one_line(f"{TITLES[node]}: {words or 'done'} ({seconds:.1f} s)"), soft_wrap=True)


@dataclass
class Moving:
    """A line for each step, moving while it runs."""

    bar: Progress
    _lines: dict[str, TaskID] = field(default_factory=dict)

    def begin(self, node: str) -> None:
        """Start a line."""
        self._lines[node] = self.bar.add_task(f"  {TITLES[node]}", total=1, words="", took="")

    def note(self, node: str, words: str) -> None:
        """Change what the line says."""
        if node in self._lines:
            self.bar.update(self._lines[node], words=one_line(words))

    def end(self, node: str, words: str, seconds: float) -> None:
        """Finish the line."""
        if node in self._lines:
            mark = "✗" if words.startswith("failed") else "✓"
            self.bar.update(
                self._lines[node],
                description=f"{mark} {TITLES[node]}",
                completed=1,
                words=one_line(words or "done"),
                took=f"{seconds:.1f} s",
            )


@contextmanager
def watching(*, quiet: bool = False) -> Iterator[Follower | None]:
    """Show what the enclosed code streams, on standard error."""
    console = err()
    if quiet:
        yield None
    elif not console.is_terminal:
        yield Follower(ProgressLines(console))
    else:
        words = Column(ratio=1, no_wrap=True, overflow="ellipsis")
        columns = (
            SpinnerColumn("line", finished_text=" "),
            TextColumn("{task.description}", markup=False),
            TextColumn("{task.fields[words]}", style="quiet", markup=False, table_column=words),
            TextColumn("{task.fields[took]}", style="quiet", markup=False),
        )
        with Progress(*columns, console=console, expand=True) as bar:
            yield Follower(Moving(bar))
