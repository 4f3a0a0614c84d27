"""A case as an observer is told it: its gravest flags, each fact with an id and what it stands for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from tools.books.arrow_rows import read
from tools.core import settings
from tools.core.refs import Ref
from tools.judgement import flag_facts
from tools.runs.workspace import located

MOST_FLAGS = 6

Row = dict[str, Any]
Fact = dict[str, str]  # kind, key, text


def flags_of(ref: Ref, case_id: str) -> list[Row]:
    """Give a case's flags, the gravest first, as many as an observer is told."""
    flags = [flag for flag in read(located(settings.load(), ref["uri"])) if flag["case_id"] == case_id]
    return sorted(flags, key=lambda flag: (-flag["score"], -(flag["exposure_base"] or 0), flag["row_key"]))[
        :MOST_FLAGS
    ]


def fact_texts(flags: Sequence[Row]) -> dict[str, str]:
    """Give the facts of flags: id -> text, as the books have it."""
    return {
        name: text
        for number, flag in enumerate(flags, 1)
        for name, text in flag_facts.of(flag, f"F{number}").items()
    }


def as_fact(name: str, text: str, flags: Sequence[Row]) -> Fact:
    """Say what an id stands for: F1.R a row, F1.T2 a test, F1.E7 a document, F1.N nothing that was found."""
    place, _, part = name.partition(".")
    flag = flags[int(place[1:]) - 1]
    if part == "R":
        return {"kind": "row", "key": flag["row_key"], "text": text}
    if part.startswith("T"):
        return {"kind": "test", "key": json.loads(flag["tests"])[int(part[1:]) - 1]["test"], "text": text}
    return {"kind": "evidence" if part.startswith("E") else "missing", "key": part, "text": text}
