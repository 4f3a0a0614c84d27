"""Thresholds that people change while a run waits: judged again with them, or audited again by a new run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from tools.checks import catalogue
from tools.core import settings
from tools.core.errors import RulesError
from tools.rules import test_header
from tools.rules.model import Rules
from tools.runs.run_files import intact_folder
from tools.runs.workspace import rules_in_force

JUDGEMENT = "severity."  # judged again
ANEW = ("suspects.", "tests.")  # a new run: other rows become findings or suspects
EXAMPLE = "'severity.bands.critical': 90"


def refused(run_id: str, changes: object) -> str:
    """Say why these changes can't be made, or "" when they can."""
    if not isinstance(changes, Mapping) or not changes:
        return f"To change thresholds, modify 'rules' with {{'rules': {{{EXAMPLE}}}}}."
    try:
        changed(rules_in_force(intact_folder(settings.load(), run_id)), changes)
    except RulesError as error:
        return str(error)
    return ""


def needs_new_run(changes: Mapping[str, Any]) -> bool:
    """Say whether other rows could be found: then judging alone is not enough."""
    return any(str(key).startswith(ANEW) for key in changes)


def changed(rules: Rules, changes: Mapping[str, Any]) -> Rules:
    """Give the rules with changes: dotted keys to values, under severity, suspects or tests.

    Raises RulesError for a key that there is not, that nobody changes here, or a value that can't be.
    """
    values = rules.model_dump(mode="json")
    for key, value in changes.items():
        if not str(key).startswith((JUDGEMENT, *ANEW)):
            raise RulesError("nobody changes that on a run.", place=f"rules: {key}", remedy=_TAKES)
        _put(values, str(key), value)
    try:
        result = Rules.model_validate(json.loads(json.dumps(values)))
    except (ValidationError, TypeError, ValueError) as error:
        raise RulesError(_first(error), place="rules") from None
    for name in result.tests:
        result.params(_test(name))
    return result


_TAKES = "It takes keys under severity (judged again), suspects or tests (a new run)."


def _put(values: dict[str, Any], key: str, value: object) -> None:
    *above, last = key.split(".")
    part = values
    for name in above:
        inner = part.setdefault(name, {}) if part is values.get("tests") else part.get(name)
        if not isinstance(inner, dict):
            raise RulesError(
                "there is no such key.", place=f"rules: {key}", remedy="docs/rules.md lists them."
            )
        part = inner
    part[last] = value


def _test(name: str) -> test_header.BookTest:
    for check in catalogue.NAMES:
        for test in catalogue.settable(check):
            if test.name == name:
                return test
    raise RulesError("there is no such test.", place=f"rules: tests.{name}")


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors(include_input=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}."
    return str(error)
