"""What a person answers to the guesses of a proposed sources file, each as one value of one key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, get_args

import yaml

from tools.core.bounded_paths import Folders
from tools.core.errors import UsageError
from tools.ledger import sources as sources_file
from tools.ledger.guess.questions import Question, answered, questions
from tools.ledger.guess.yaml_writer import scalar
from tools.ledger.source import Kind

LONGEST: Final = 200  # characters of an answer
_NAME: Final = re.compile(r"^  name: .*$", re.MULTILINE)
_SOURCE: Final = re.compile(r"^ {2}(\w+):\s*$")
_GUESS: Final = re.compile(r"^ +(?:- )?(?P<key>[^\s#][^#]*?): (?P<value>.*?)  # (?P<why>.*)$")
_FIXED: Final[Mapping[str, tuple[str, ...]]] = {
    "kind": get_args(Kind),
    "sign": ("as_is", "negate"),
    "sides": ("unsigned", "signed"),
    "fees": ("taken_off", "added"),
    "decimal_mark": (".", ","),
    "mode": ("one_to_one", "statement", "documents", "full"),
    "date_format": ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%d-%m-%Y", "%d/%m/%y", "%m/%d/%y"),
}
_PLACES: Final = ("path", "url", "table", "query")  # where rows lie is not for a page to change


def with_entity(text: str, name: str) -> str:
    """Give a proposed file with the company's name as it was entered."""
    line = f"  name: {scalar(name)}  # as entered"
    return _NAME.sub(lambda _: line, text, count=1)


def choices(question: Question, columns: Mapping[str, list[str]]) -> list[str]:
    """Give what a guess may be instead, where that can be listed; its own value first."""
    source, _, key = question.about.partition(": ")
    value = plain(question.value)
    listed = list(_FIXED.get(key, ())) or (columns.get(source, []) if key in _MAPPED else [])
    return [value, *(choice for choice in listed if choice != value)] if listed else []


def plain(value: str) -> str:
    """Give a YAML scalar as a person writes it."""
    try:
        content = yaml.safe_load(value)
    except yaml.YAMLError:
        return value
    return content if isinstance(content, str) else value


def put(path: Path, answers: Mapping[int, str]) -> None:
    """Put the answers, by their guess's line, into a sources file.

    "" keeps a guess and confirms it. Raises UsageError or SourcesError for an answer that does not fit; then
    the file is as before.
    """
    text = put_in(path.read_text(encoding="utf-8"), answers, path.parent)
    path.write_text(text, encoding="utf-8")


def put_in(text: str, answers: Mapping[int, str], base: Path) -> str:
    """Give the text of a sources file in the folder `base` with answers in. Raises as `put` does."""
    for question in questions(text):
        if question.line in answers:
            text = _answered(text, question, answers[question.line], base)
    return text


def _answered(text: str, question: Question, answer: str, base: Path) -> str:
    key = question.about.partition(": ")[2]
    if "\n" in answer or "\r" in answer or len(answer) > LONGEST:
        raise UsageError(f"'{question.about}' takes one line of at most {LONGEST} characters.")
    changed = answer != plain(question.value) and answer != ""
    if changed and key in _PLACES:
        raise UsageError(f"'{question.about}' is not changed here.")
    draft = answered(text, question, _value(answer) if changed else "")
    if _untouched_lines(text, question) != _untouched_lines(draft, question):
        raise UsageError(f"'{question.about}' takes one value.")
    sources = sources_file.Sources.model_validate(yaml.safe_load(draft)).at(base, Folders((base,), ()))
    if any(source.url for source in sources.sources.values()):
        raise UsageError("a sent file is no database.")
    return draft


def _value(answer: str) -> str:
    """Write an answer as one YAML value: text, or what reads as a number, a day, or a list of such."""
    try:
        content = yaml.safe_load(answer)
    except yaml.YAMLError:
        content = answer
    if isinstance(content, list) and all(isinstance(item, str | int | float) for item in content):
        return scalar(content)
    return answer if isinstance(content, int | float) and not isinstance(content, bool) else scalar(answer)


def _untouched_lines(text: str, question: Question) -> list[str]:
    """Give the lines that an answer leaves alone."""
    lines = text.splitlines()
    return lines[: question.line] + lines[question.line + 1 :]


_MAPPED: Final = frozenset(
    column for kind in get_args(Kind) for column in sources_file.columns_of(kind)
)  # canonical names: their value is a column of the file


def reasons(text: str) -> dict[str, list[tuple[str, str, str]]]:
    """Give what a proposed file says and why: for each source (key, value, reason)."""
    listed: dict[str, list[tuple[str, str, str]]] = {}
    section = source = ""
    for line in text.splitlines():
        if line and not line.startswith((" ", "#")):
            section = source = line.partition(":")[0]
        elif section == "sources" and (match := _SOURCE.match(line)):
            source = match[1]
        elif match := _GUESS.match(line):
            why = match["why"].replace("CHECK: ", "").strip()
            listed.setdefault(source, []).append((match["key"], plain(match["value"]), why))
    return listed
