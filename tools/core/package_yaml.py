"""Read YAML that ships with the desk by libyaml, where PyYAML has it. Files of users: bounded_yaml."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:  # noqa: ANN401 - any YAML
    """Give the value of a YAML text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones


def of_package(package: str, name: str) -> Any:  # noqa: ANN401 - any YAML
    """Give the value of <package>/<name>.yaml."""
    return load((resources.files(package) / f"{name}.yaml").read_text(encoding="utf-8"))
