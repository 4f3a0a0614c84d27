"""The tables that `make bench` prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table

from benchmarks.figures import Figure
from benchmarks.speed.fresh import Timed


def grid(title: str, *columns: str) -> Table:
    """Give an empty table whose first column is words and the others figures."""
    table = Table(title=title, title_justify="left")
    for index, column in enumerate(columns):
        table.add_column(column, justify="left" if index == 0 else "right")
    return table


def checks(timed: Sequence[tuple[Timed, Timed]]) -> Table:
    """Draw each check beside the bare scan of the columns that its tests name."""
    table = grid(
        "Checks on synthetic books, a fresh process each",
        "check", "rows", "median s", "min to max", "rows/s", "peak MB", "bare scan s", "times the scan",
        "slowest test", "failed tests",
    )  # fmt: skip
    for timing, scan in timed:
        if timing.error:
            table.add_row(timing.job, f"{timing.rows:,}", "failed", "", "", "", "", "", timing.error, "")
            continue
        slowest = ", ".join(
            f"{test} {spent:.2g}" for test, spent in list(timing.facts["slowest"].items())[:1]
        )
        table.add_row(
            timing.job, f"{timing.rows:,}", f"{timing.median:.3g}", timing.noise,
            f"{timing.rows / timing.median:,.0f}",
            f"{timing.peak:,.0f}", f"{scan.median:.3g}", f"{timing.median / scan.median:.1f}", slowest,
            ", ".join(timing.facts["failed"]) or "none",
        )  # fmt: skip
    return table


def peers(timed: Sequence[tuple[str, Timed, Timed]]) -> Table:
    """Draw ours against a named peer on the same rows; a ratio under 1 means that we are quicker."""
    table = grid(
        "The same work by named peers, in the same run",
        "work", "peer", "rows", "ours s", "min to max", "peer s", "min to max", "ours ÷ peer", "ours MB",
        "peer MB", "ours found", "peer found",
    )  # fmt: skip
    for work, ours, peer in timed:
        named = (work, peer.job, f"{ours.rows:,}")
        if ours.error or peer.error:
            table.add_row(
                *named, ours.error or f"{ours.median:.3g}", "", _why(peer.error), "", "", "", "", "", ""
            )
            continue
        table.add_row(
            *named, f"{ours.median:.3g}", ours.noise, f"{peer.median:.3g}", peer.noise,
            f"{ours.median / peer.median:.2f}", f"{ours.peak:,.0f}", f"{peer.peak:,.0f}",
            _accuracy(ours), _accuracy(peer),
        )  # fmt: skip
    return table


def prototype(timed: Sequence[tuple[str, Timed, float]]) -> Table:
    """Draw ours beside what a prototype took for the like; the machine differs by half from day to day."""
    table = grid(
        "The like, as a prototype was measured",
        "work",
        "rows",
        "ours s",
        "min to max",
        "prototype s",
        "ours ÷ it",
    )
    for work, ours, seconds in timed:
        cells = (f"{ours.median:.3g}", ours.noise, f"{seconds:.3g}", f"{ours.median / seconds:.2f}")
        table.add_row(work, f"{ours.rows:,}", *(("failed", ours.error, "", "") if ours.error else cells))
    return table


def targets(figures: Sequence[Figure]) -> Table:
    """Draw what is to be reached, and whether it was."""
    table = grid("To reach on two cores", "what", "ours", "to reach", "verdict", "min to max")
    for figure in figures:
        colour = "green" if figure.verdict == "met" else "red"
        table.add_row(
            figure.name, f"{figure.ours:,}", f"≤ {figure.beat:,g}", f"[{colour}]{figure.verdict}", figure.note
        )
    return table


def cycles(timed: Sequence[Timed]) -> Table:
    """Draw the whole cycle from files to flags."""
    table = grid(
        "The whole cycle through the graph, from CSV files, a fresh process each",
        "rows", "median s", "min to max", "outside the checks", "checkpoint bytes", "peak MB", "stops",
        "longest node",
    )  # fmt: skip
    for timing in timed:
        if timing.error:
            table.add_row(f"{timing.rows:,}", "failed", timing.error, "", "", "", "", "")
            continue
        node, spent = max(timing.facts["nodes"].items(), key=lambda item: item[1])
        table.add_row(
            f"{timing.rows:,}", f"{timing.median:.3g}", timing.noise,
            f"{timing.facts['outside_checks_share']:.0%}",
            f"{timing.facts['checkpoint_bytes']:,}", f"{timing.peak:,.0f}", timing.facts["stops"],
            f"{node} {spent:.2g} s",
        )  # fmt: skip
    return table


def imports(timed: Timed) -> Table:
    """Draw what starting costs."""
    table = grid("Starting, a fresh process each", "what", "seconds")
    if timed.error:
        table.add_row("failed", timed.error)
    for what, spent in timed.facts.items():
        table.add_row(what.removesuffix("_seconds"), f"{spent:.3g}")
    return table


def _accuracy(timed: Timed) -> str:
    facts = timed.facts
    if "precision" in facts:
        return f"P {facts['precision']:.4f} R {facts['recall']:.4f}"
    if "precision_at_k" in facts:
        return f"P@k {facts['precision_at_k']:.2f}"
    return f"{facts.get('rows_failing', facts.get('findings', ''))}"


def _why(error: str) -> str:
    return "not installed" if "ModuleNotFoundError" in error else error[:60]
