"""A programme's file for readers: working papers as a workbook (XlsxWriter), and as one page of HTML.

report: as desk.papers.engagement gives it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final

import xlsxwriter
from jinja2 import Environment, StrictUndefined

from tools.programme.working_papers import audit_sheets
from tools.programme.working_papers.audit_sheets import Styles

_PAPER: Final = (
    ("objective", "Objective"),
    ("procedure", "Procedure"),
    ("assertion", "Assertion"),
    ("risk", "Risk"),
    ("population", "Population"),
    ("sample", "Sample"),
    ("conclusion", "Conclusion"),
    ("preparer", "Preparer"),
    ("status", "Status"),
    ("error", "Error"),
)
_INDEX: Final = ("task", "name", "phase", "status", "preparer", "digest")
_CREATED: Final = datetime(1980, 1, 1, tzinfo=UTC)


def workbook(report: Mapping[str, Any]) -> bytes:
    """Give a workbook: an index with links, the plan's versions, ISA 240, each audit, each working paper."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": report["name"], "created": _CREATED.replace(tzinfo=None)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        names = {
            paper["task"]: f"{number} {paper['task']}"[:31]
            for number, paper in enumerate(report["papers"], 1)
        }
        index = book.add_worksheet("Index")
        index.set_column(0, len(_INDEX), 22)
        index.write_row(0, 0, [word.title() for word in _INDEX], bold)
        for row, paper in enumerate(report["papers"], 1):
            index.write_row(row, 0, [str(paper[word]) for word in _INDEX])
            index.write_url(row, 0, f"internal:'{names[paper['task']]}'!A1", string=str(paper["task"]))
        _plans(book.add_worksheet("Plan versions"), report["plans"], bold)
        styles = Styles(bold, wrapped)
        audit_sheets.isa_240(book, report["isa_240"], styles)
        links = [
            (audit["task"], name)
            for audit in report["audits"]
            for name in audit_sheets.write(book, audit, names[audit["task"]], styles)
        ]
        for row, name in enumerate(("Plan versions", "ISA 240", *(name for _, name in links))):
            index.write_url(row + 1, len(_INDEX) + 1, f"internal:'{name}'!A1", string=name)
        for paper in report["papers"]:
            sheet = book.add_worksheet(names[paper["task"]])
            _paper(sheet, paper, bold, wrapped)
            for row, name in enumerate(name for task, name in links if task == paper["task"]):
                sheet.write_url(row + 1, 3, f"internal:'{name}'!A1", string=name)
    return buffer.getvalue()


def _plans(sheet: Any, plans: Sequence[Mapping[str, Any]], bold: Any) -> None:  # noqa: ANN401 - untyped library
    heads = ("version", "reason", "finish", "p80", "approved_by", "made_at")
    sheet.set_column(0, len(heads), 24)
    sheet.write_row(0, 0, [head.replace("_", " ").title() for head in heads], bold)
    for row, plan in enumerate(plans, 1):
        sheet.write_row(row, 0, [str(plan[head]) for head in heads])


def _paper(sheet: Any, paper: Mapping[str, Any], bold: Any, wrapped: Any) -> None:  # noqa: ANN401 - as above
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 3, 44)
    sheet.write(0, 0, f"{paper['task']}: {paper['name']}", bold)
    sheet.write_url(0, 3, "internal:'Index'!A1", string="Back to the index")
    row = 2
    for key, label in _PAPER:
        sheet.write(row, 0, label, bold)
        sheet.write(row, 1, str(paper[key]), wrapped)
        row += 1
    row = _table(sheet, row + 1, "Result", sorted(map(_pair, paper["result"].items())), bold)
    if sampled := paper.get("sampling"):
        lines = [(name.replace("_", " ").capitalize(), str(value)) for name, value in sampled.items()]
        row = _table(sheet, row, "Sampling", lines, bold)
    done = [
        (
            f"{each['level']}: {each['action'].replace('_', ' ')}",
            str(each["before"]),
            str(each["after"]),
            each["at"],
        )
        for each in (*paper["remedies"], *paper["reminders"])
    ]
    if done:
        row = _table(sheet, row, "What was done about failures: before, after", done, bold)
    evidence = [(each["name"], each["sha256"], each["size"]) for each in paper["evidence"]]
    row = _table(sheet, row, "Evidence", evidence, bold)
    signed = [(s["role"], s["by"], s["at"], s["void"] or "valid") for s in paper["signatures"]]
    _table(sheet, row, "Signatures", signed, bold)


def _moment(text: str) -> str:
    """Write a moment as people read it, to the minute; another text as it is."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
    except ValueError:
        return text


def _pair(item: tuple[str, Any]) -> tuple[str, Any]:
    return item[0], item[1] if isinstance(item[1], int | float) else str(item[1])


def _table(sheet: Any, row: int, title: str, rows: Sequence[Sequence[Any]], bold: Any) -> int:  # noqa: ANN401 - as above
    sheet.write(row, 0, title, bold)
    for each in rows:
        row += 1
        sheet.write_row(row, 0, each)
    return row + 2


def page(report: Mapping[str, Any]) -> str:
    """Give the report as one page, everything escaped."""
    text = (resources.files("tools.programme.working_papers") / "report.html.j2").read_text(encoding="utf-8")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["moment"] = _moment
    return environment.from_string(text).render(report=report, labels=_PAPER)
