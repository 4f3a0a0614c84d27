"""What ISA 240 asks about fraud, and what of a programme answers it: its tasks, its tests of the books.

coverage(tasks, tests) -> list[dict]     a row for each requirement, in the order of the standard
Paragraphs are those of ISA 240 as conformed to ISA 315 (Revised 2019). A task answers what its procedure
names ("ISA 240, 33(a)"); a test what its source names (A45 and AS 2401.61 are of 33(a); appendix 1 of 31).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

REQUIREMENTS: Final = (
    ("16", "The team discusses where the accounts are susceptible to fraud"),
    ("18", "Management and others are asked about fraud"),
    ("21", "Those charged with governance are asked"),
    ("23", "Unusual or unexpected relationships are looked at (analytical procedures)"),
    ("25", "Fraud risk factors are evaluated"),
    ("27", "Risks of fraud in revenue are presumed, or that is rebutted with reasons"),
    ("30", "What is done, when and how much is in part unpredictable"),
    ("31", "Procedures answer assessed risks at the level of assertions"),
    ("33(a)", "Journal entries and other adjustments are tested"),
    ("33(b)", "Accounting estimates are reviewed for bias"),
    ("33(c)", "The rationale of significant unusual transactions is evaluated"),
    ("35", "Analytical procedures near the end are evaluated for fraud"),
    ("36", "It is evaluated whether what was found is indicative of fraud"),
    ("40", "Management represents in writing what it knows"),
    ("42", "Fraud is communicated to management and governance"),
)
_NAMED: Final = re.compile(r"ISA 240[,. ]+(?:paragraph )?(\d+)(\([a-z]\))?")
_OF_TESTS: Final = (
    ("33(a)", re.compile(r"ISA 240[^;]*(?:A4[1-7]\b(?! and appendix)|33\(a\))|AS 2401\.61")),
    ("31", re.compile(r"ISA 240[^;]*(?:appendix 1|appendix 3|A41 and)")),
    ("23", re.compile(r"ISA 520")),
)


def coverage(tasks: Iterable[Mapping[str, Any]], tests: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give what answers each requirement. tasks: papers; tests: with source, status, findings."""
    papers = list(tasks)
    return [_row(paragraph, text, papers, tests) for paragraph, text in REQUIREMENTS]


def _row(
    paragraph: str, text: str, papers: Sequence[Mapping[str, Any]], tests: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    named = [paper for paper in papers if _names(str(paper["procedure"]), paragraph)]
    pattern = dict(_OF_TESTS).get(paragraph)
    looking = [test for test in tests if pattern and pattern.search(str(test["source"]))]
    ran = [test for test in looking if test["status"] == "ran"]
    return {
        "paragraph": paragraph,
        "requirement": text,
        "tasks": [f"{paper['task']} ({paper['status'].replace('_', ' ')})" for paper in named],
        "tests": sorted({str(test["test"]) for test in ran}),
        "not_run": sorted({str(test["test"]) for test in looking} - {str(test["test"]) for test in ran}),
        "findings": sum(int(test["findings"]) for test in ran),
        "covered": bool(named or ran),
    }


def _names(procedure: str, paragraph: str) -> bool:
    """Say whether a procedure names a paragraph; one that is named whole names each of its letters."""
    whole = paragraph.split("(", maxsplit=1)[0]
    return any(
        match[1] == whole and (not match[2] or f"{match[1]}{match[2]}" == paragraph)
        for match in _NAMED.finditer(procedure)
    )
