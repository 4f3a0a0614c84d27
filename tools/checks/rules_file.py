"""Read the rules file: YAML to rules, each key and each test's parameters held to what there is."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from tools.checks.catalogue import NAMES, settable
from tools.core.errors import RulesError
from tools.rules.model import DEFAULT, Rules


def load_rules(path: Path | None) -> Rules:
    """Read a rules file; None or an absent default file gives the defaults.

    Raises RulesError naming the file and the key, or a file that was named and is not there.
    """
    if path is None or (path == DEFAULT and not path.exists()):
        return Rules()
    if not path.is_file():
        raise RulesError("there is no such file.", place=str(path), remedy="Name a rules file that exists.")
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        rules = Rules.model_validate(found)
    except yaml.YAMLError as error:
        raise RulesError(
            f"not YAML: {' '.join(str(error).split())}",
            place=str(path),
            remedy="Put that line right; docs/rules.md lists the keys, and rules.yaml shows each of them.",
        ) from None
    except UnicodeDecodeError as error:
        raise RulesError(
            f"is not UTF-8 at byte {error.start}.", place=str(path), remedy="Save it as UTF-8."
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise RulesError(
            f"{first['msg'].removeprefix('Value error, ')} (got {first['input']!r})",
            place=f"{path}: {key}",
            remedy="docs/rules.md lists every key.",
        ) from None
    _check_tests(rules, path)
    return rules


def _check_tests(rules: Rules, path: Path) -> None:
    """Refuse a test or a parameter that there is not: a slip would leave the default in force in silence."""
    known = {one.name: one for check in NAMES for one in settable(check)} if rules.tests else {}
    for name in rules.tests:
        if name not in known:
            raise RulesError(
                "there is no such test.",
                place=f"{path}: tests.{name}",
                remedy="docs/rules.md lists every test and its parameters.",
            )
        rules.params(known[name])
