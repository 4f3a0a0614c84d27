"""Read the rules file: YAML to rules, each key and each test's parameters held to what there is."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from tools.checks.catalogue import NAMES, settable
from tools.checks.house_tests import house_tests
from tools.core import bounded_yaml, settings
from tools.core.bounded_yaml import Yaml, YamlError
from tools.core.errors import RulesError
from tools.core.refusal_text import dotted, expected, plain_key
from tools.rules.model import DEFAULT, Rules


def load_rules(path: Path | None) -> Rules:
    """Read a rules file; None, or an absent rules.yaml in the desk's home, gives the defaults.

    Raises RulesError naming the file and the key, or a file that was named and is not there.
    """
    if path is None or (not path.exists() and path in (DEFAULT, settings.load().home / DEFAULT)):
        return Rules()
    if not path.is_file():
        raise RulesError("there is no such file.", place=str(path), remedy="Name a rules file that exists.")
    rules = _parsed(path)
    _check_tests(rules, path)
    return rules


def rules_of(text: str, path: Path) -> Rules:
    """Read the text of a rules file as it would be read at a path. Raises RulesError, as load_rules does."""
    try:
        rules = _validated(bounded_yaml.parse(text), path)
    except YamlError as error:
        raise RulesError(f"{error.reason}.", place=error.at(path), remedy=error.remedy) from None
    _check_tests(rules, path)
    return rules


def _parsed(path: Path) -> Rules:
    try:
        text = bounded_yaml.read(path)
    except OSError as error:
        raise RulesError(
            f"cannot be read: {error.strerror or error}.", place=str(path), remedy="Let it be read."
        ) from None
    except YamlError as error:
        raise RulesError(
            f"{error.reason}.",
            place=error.at(path),
            remedy=f"{error.remedy} docs/rules.md lists the keys, and rules.yaml shows each of them.",
        ) from None
    return _validated(text, path)


def _validated(text: Yaml, path: Path) -> Rules:
    try:
        return Rules.model_validate(text.value or {})
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        line = text.line(first["loc"])
        raise RulesError(
            f"{expected(first)}.",
            place=": ".join(filter(None, (f"{path}:{line}" if line else str(path), dotted(first["loc"])))),
            remedy="docs/rules.md lists every key.",
        ) from None


def _check_tests(rules: Rules, path: Path) -> None:
    """Refuse a test or a parameter that there is not: a slip would leave the default in force in silence."""
    own = {test.name: test for test in house_tests(rules)}
    tests = {test.name: test for check in NAMES for test in settable(check)} | own if rules.tests else {}
    for name in rules.tests:
        if name not in tests:
            raise RulesError(
                "there is no such test.",
                place=f"{path}: tests.{plain_key(name)}",
                remedy="docs/rules.md lists every test and its parameters.",
            )
        rules.params(tests[name])
