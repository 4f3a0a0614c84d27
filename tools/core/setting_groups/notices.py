from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.core.recipients import Recipient


class NoticeSettings(BaseModel):
    """Who is notified, and how often a notice is tried."""

    model_config = ConfigDict(frozen=True)

    notify: dict[str, Recipient] = Field(
        default_factory=dict,
        description='Who is told, by name: {"seniors": {"url": "mailtos://...", "risks": ["CRITICAL"]}}.',
    )
    notify_window_seconds: float = Field(
        300.0, ge=0, description="Notices to one recipient within it go out as one message."
    )
    notify_lease_seconds: float = Field(
        120.0, gt=0, description="How long a sender holds a message; after it, another sends it again."
    )
    notify_attempts: int = Field(8, ge=1, description="Failed tries after which a message is given up.")
    notify_wait_seconds: float = Field(30.0, ge=0, description="First wait after a failed try; it doubles.")
    notify_wait_cap_seconds: float = Field(3600.0, ge=0, description="Longest wait between tries.")
    pages_url: str = Field("", description="Where the review pages are reached: notices link to them.")
