"""A case as observers are told it: its gravest flags, and each thing seen of them with what it stands for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tools.books.arrow_rows import read
from tools.core import settings
from tools.core.refs import Ref
from tools.investigation.case_reading import MOST_FLAGS
from tools.investigation.observation import Observation
from tools.runs.workspace import located

Row = dict[str, Any]
Fact = dict[str, str]  # kind, key, text; calls (JSON) where a model's lookups brought it


def flags_of(ref: Ref, case_id: str) -> list[Row]:
    """Give a case's flags, the gravest first, as many as observers look at, as the store will have them."""
    flags = [flag for flag in read(located(settings.load(), ref["uri"])) if flag["case_id"] == case_id]
    gravest = sorted(flags, key=lambda flag: (-flag["score"], -(flag["exposure_base"] or 0), flag["row_key"]))
    return [
        {**flag, **{name: json.loads(flag[name]) for name in ("tests", "documents")}}
        for flag in gravest[:MOST_FLAGS]
    ]


def facts_of(observations: Iterable[Observation]) -> dict[str, Fact]:
    """Give what was seen as a model is told it: id -> fact."""
    return {
        item.observation_id: {"kind": kind_of(item), "key": item.node, "text": item.text}
        for item in observations
    }


def kind_of(item: Observation) -> str:
    """Say whether an observation stands for a row that a model may name, or for other evidence."""
    return "row" if item.details.get("test") or item.details.get("kind") == "row" else "evidence"
