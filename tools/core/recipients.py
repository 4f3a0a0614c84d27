"""Who is told what: recipients by name, each with the address that only the settings know."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator

from tools.core.severity_levels import Risk

Kind = Literal["approval", "gate", "flags", "feedback", "escalation", "alert", "claims", "letters", "mention"]
ASKED: tuple[Risk, ...] = ("MEDIUM", "HIGH", "CRITICAL")


class Recipient(BaseModel):
    """One recipient of notices; a bare text is its address.

    The store knows recipients by name alone: an address is a secret and stays in the settings.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: SecretStr = Field(
        description="Address as Apprise writes them: mailtos://, slack://, workflows://, jsons://."
    )
    risks: tuple[Risk, ...] = Field(ASKED, description="Told of these risks alone.")
    kinds: tuple[Kind, ...] = Field((), description="Told of these kinds alone; empty: of all.")
    role: str = Field("", description="Told only of what goes to this role; empty: of all.")
    masked: bool = Field(False, description="Names, accounts and cards are masked.")

    @model_validator(mode="before")
    @classmethod
    def _address_alone(cls, setting: object) -> object:
        return {"url": setting} if isinstance(setting, str) else setting

    def wants(self, kind: str, risk: str, roles: Collection[str]) -> bool:
        """Say whether a notice is for this recipient; roles: to whom it goes besides approvers."""
        if self.kinds and kind not in self.kinds:
            return False
        return risk in self.risks and (not self.role or self.role in roles)


def names_for(
    recipients: Mapping[str, Recipient], kind: str, risk: str, roles: Collection[str] = ()
) -> list[str]:
    """Give the names of those whom a notice of this kind and risk goes to."""
    return [name for name, recipient in recipients.items() if recipient.wants(kind, risk, roles)]
