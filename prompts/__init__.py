"""Prompts are texts in files: `prompts.load("explain_case").render(data=...)`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template


@dataclass(frozen=True)
class Prompt:
    """One prompt: what the model is told, and what it is given, with $slots in both."""

    name: str
    system: Template
    user: Template

    @property
    def slots(self) -> frozenset[str]:
        """Name the slots that `render` wants."""
        return frozenset((*self.system.get_identifiers(), *self.user.get_identifiers()))

    def render(self, **slots: str) -> tuple[str, str]:
        """Give the system and the user message. Raises KeyError for a slot that is missing or unknown."""
        if unknown := set(slots) ^ self.slots:
            raise KeyError(f"prompts/{self.name}.md: slots {sorted(unknown)} do not fit")
        return self.system.substitute(slots).strip(), self.user.substitute(slots).strip()


@cache
def load(name: str) -> Prompt:
    """Load prompts/<name>.md: a heading `# System`, then one `# User`."""
    text = (resources.files(__name__) / f"{name}.md").read_text(encoding="utf-8")
    system, _, user = text.partition("\n# User\n")
    return Prompt(name, Template(system.removeprefix("# System\n")), Template(user))


def names() -> list[str]:
    """List the prompts that there are."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name.removesuffix(".md") for file in files if file.name.endswith(".md"))
