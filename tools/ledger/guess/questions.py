"""What a proposed sources file is not sure of, as questions: each CHECK line; and the file with answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tools.ledger import sources

_LINE: Final = re.compile(
    r"^(?P<indent>\s*(?:- )?)(?P<key>[^\s#][^#]*?): (?P<value>.*?)  # (?P<why>.*CHECK.*)$"
)
_NAME: Final = re.compile(r"^( {2}\w+):\s*$")


@dataclass(frozen=True)
class Question:
    """One guess to look at: the line it stands on (from 0), what it is about, its value, and why."""

    line: int
    about: str
    value: str
    why: str


def questions(text: str) -> list[Question]:
    """Give the guesses of a proposed sources file that are marked CHECK, in order."""
    listed, source = [], ""
    for at, line in enumerate(text.splitlines()):
        if line and not line.startswith(" "):
            source = line.partition(":")[0]
        elif name := _NAME.match(line):
            source = name[1].strip()
        if not line.startswith("#") and (match := _LINE.match(line)):
            why = match["why"].replace("CHECK: ", "").replace(": CHECK", "").replace("CHECK", "").strip()
            listed.append(Question(at, f"{source}: {match['key']}", match["value"], why))
    return listed


def answered(text: str, question: Question, answer: str) -> str:
    """Give the file with an answer in; "" keeps the guess. Raises SourcesError for one that does not fit."""
    lines = text.splitlines()
    match = _LINE.match(lines[question.line])
    if match is None:
        return text
    value = answer.strip() or question.value
    word = "said when asked" if answer.strip() else "confirmed"
    lines[question.line] = f"{match['indent']}{match['key']}: {value}  # {word}; {question.why}"
    draft = "\n".join(lines) + "\n"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sources.yaml"
        path.write_text(draft, encoding="utf-8")
        sources.load(path)
    return draft
