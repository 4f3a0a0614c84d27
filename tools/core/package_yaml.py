"""Read YAML that ships with the desk by libyaml, where PyYAML has it. Files of users: bounded_yaml."""

from __future__ import annotations

from typing import Any, Final

import yaml

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(text: str) -> Any:  # noqa: ANN401 - any YAML
    """Give the value of a YAML text. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_LOADER)  # noqa: S506 - both loaders are safe ones
