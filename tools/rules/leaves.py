"""The keys of the rules file, each by its dotted name."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel
from pydantic.fields import FieldInfo


def leaves(model: type[BaseModel], above: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Give every key that is no section of its own, but for the parameters of tests."""
    for name, field in model.model_fields.items():
        if is_section(field):
            yield from leaves(type(field.get_default(call_default_factory=True)), f"{above}{name}.")
        elif above + name != "tests":
            yield above + name, field


def is_section(field: FieldInfo) -> bool:
    """Say whether a key has keys of its own."""
    return isinstance(field.get_default(call_default_factory=True), BaseModel)
