"""Change the rules file: what was learned alone, every comment and key of the rest as it stands."""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import yaml

from tools.checks.rules_file import load_rules
from tools.core import bounded_yaml
from tools.core.bounded_yaml import YamlError
from tools.core.errors import RulesError, SettingsError
from tools.rules.learned import Learned
from tools.rules.model import Rules

KEY: Final = "learned"
_NOTE: Final = "# Written by `tieout feedback`; `tieout rules rollback` takes a change back.\n"


def with_learned(text: str, learned: Learned) -> str:
    """Give the text of a rules file with other learned parts; nothing else of it changes.

    Raises RulesError where that part cannot be found in the text (an anchor, a flow mapping around all).
    """
    before, after = _around(text)
    entries = learned.model_dump(mode="json", exclude_defaults=True)
    block = _NOTE + _dumped({KEY: entries}) if entries else ""
    glue = "" if not before or before.endswith("\n") else "\n"
    new_text = before + glue + block + after
    _check(text, new_text, learned)
    return new_text


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the rules file: whoever changes it reads and writes it alone."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f".{path.name}.lock").open("w")
    except OSError as error:
        raise _cannot(path, error) from None
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read(path: Path) -> str:
    """Give the file's text; an absent one is empty."""
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def write(path: Path, text: str) -> Rules:
    """Put a text in place of the file, whole or not at all, and give the rules that it holds."""
    draft = path.with_name(f".{path.name}.new")
    try:
        mode = path.stat().st_mode & 0o777 if path.is_file() else 0o644
        with draft.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(mode)
        draft.replace(path)
    except OSError as error:
        raise _cannot(path, error) from None
    return load_rules(path)


def _dumped(value: dict[str, Any]) -> str:
    text = yaml.safe_dump(value, sort_keys=False, allow_unicode=True)
    # PyYAML does not read back every sign that it writes as it stands.
    return text if _reads_as(text, value) else yaml.safe_dump(value, sort_keys=False)


def _reads_as(text: str, value: dict[str, Any]) -> bool:
    try:
        return bool(bounded_yaml.load(text) == value)
    except YamlError:
        return False


def _around(text: str) -> tuple[str, str]:
    """Split a text before and after its learned part, with the note above it."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", text)  # a name may hold what else Python takes for a line's end
    start = next((i for i, line in enumerate(lines) if line.startswith(f"{KEY}:")), None)
    if start is None:
        return text, ""
    end = start + 1
    while end < len(lines) and (lines[end][:1] in " -\t\n\r" or not lines[end].strip()):
        end += 1
    while end > start + 1 and not lines[end - 1].strip():
        end -= 1  # blank lines belong to what follows
    if start and lines[start - 1] == _NOTE:
        start -= 1
    return "".join(lines[:start]), "".join(lines[end:])


def _check(text: str, new_text: str, learned: Learned) -> None:
    """See that the new text says what the old one said, and what was learned."""
    try:
        was, now = _parsed(text), _parsed(new_text)
    except YamlError:
        was, now = {}, None
    learned_part = now.pop(KEY, None) if isinstance(now, dict) else None
    was.pop(KEY, None)
    if now != was or Learned.model_validate(learned_part or {}) != learned:
        raise RulesError(
            "it is written in a way in which what was learned cannot be put.",
            place="rules file",
            remedy=f"Write its keys one below the other, with '{KEY}:' at the beginning of a line.",
        )


def _parsed(text: str) -> Any:  # noqa: ANN401 - any YAML
    return bounded_yaml.load(text) or {}


def _cannot(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        f"the rules file cannot be written: {error.strerror}.",
        place=str(path),
        remedy="Let TIEOUT_RULES name a file that can be.",
    )
