from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class SignInSettings(BaseModel):
    """Who may do what: users, tokens and JWTs; what the trail is signed with."""

    model_config = ConfigDict(frozen=True)

    users: Path = Field(Path("users.yaml"), description="Who may approve: names, roles, token digests.")
    token: SecretStr | None = Field(None, description="Says who you are when you approve.")
    open_on_loopback: bool = Field(
        True, description="On the Server, let callers on this machine start and read without a token."
    )
    sign_in_tries: int = Field(
        5, ge=1, description="Tokens that are nobody's, from one address in a minute; then it waits."
    )
    trusted_proxies: list[str] = Field(
        default_factory=list,
        description='Proxies whose X-Forwarded-For is believed, by address or network: ["10.0.0.0/8"].',
    )
    jwt_issuer: str = Field("", description="Who signs the JWTs that are taken: their iss.")
    jwt_audience: str = Field("tieout", description="For whom they are: their aud.")
    jwt_secret: SecretStr | None = Field(None, description="Verifies HS256; at least 32 bytes.")
    jwt_keys: Path | None = Field(
        None, description="Verifies RS256, ES256, EdDSA: a JWKS file, or a public key in PEM."
    )
    jwt_user_claim: str = Field("sub", description="The claim that names the user.")
    jwt_roles_claim: str = Field("roles", description="The claim with the roles; dots go inside.")
    jwt_role_names: dict[str, str] = Field(
        default_factory=dict, description='Roles by their names there: {"finance-leads": "approver"}.'
    )
    jwt_leeway_seconds: float = Field(30.0, ge=0, le=300, description="How far clocks may differ.")
    trail_key: SecretStr | None = Field(
        None, description="Signs the trail; without it, a file beside the store that only its owner reads."
    )
    trail_anchor: str = Field(
        "",
        description="File outside the store that only grows and says how far the trail had come, or a folder"
        " for one of each store; empty: a file beside the store.",
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, named: list[str]) -> list[str]:
        for name in named:
            try:
                ip_network(name)
            except ValueError:
                raise ValueError(f"'{name}' is no address or network; write one such as 10.0.0.0/8") from None
        return named

    @property
    def takes_jwts(self) -> bool:
        """Whether tokens that an identity provider signed are taken at all."""
        return self.jwt_secret is not None or self.jwt_keys is not None
