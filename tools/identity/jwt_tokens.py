"""Signed tokens (JWT, RFC 7519): who an identity provider says somebody is.

Which algorithm may verify follows from our key, never from the token's own header (RFC 8725, 3.1): HS256
for the shared secret; RS256, ES256 or EdDSA for a public key, by its kind. Keys that a token brings along
or points at are not looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jwt

from tools.core.errors import IdentityError, SettingsError
from tools.core.settings import Settings
from tools.identity.users_file import RESERVED

MOST_CHARACTERS: Final = 16_384
SHORTEST_SECRET: Final = 32  # bytes: as long as the digest (RFC 7518, 3.2)
_SUBJECT = re.compile(r"[a-z0-9][a-z0-9._@|:+-]{0,199}")
_BY_KIND: Final[Mapping[str, tuple[str, ...]]] = {"RSA": ("RS256",), "EC": ("ES256",), "OKP": ("EdDSA",)}
_LOCAL: Final = "local:"


@dataclass(frozen=True)
class Claims:
    """What a verified token says: who, how they are called, which roles."""

    subject: str
    name: str
    roles: tuple[str, ...]


def looks_like_one(token: str) -> bool:
    """Say whether this is meant as a JWT: three parts, of which the first is a JSON header."""
    if token.count(".") != 2 or len(token) > MOST_CHARACTERS:  # noqa: PLR2004 - header, claims, signature
        return False
    try:
        jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        return False
    return True


def verify(token: str, settings: Settings) -> Claims:
    """Verify a token: signature, audience, issuer, expiry; give what it says.

    Raises IdentityError for a token that does not hold, SettingsError for keys that can't be used.
    """
    if not settings.jwt_issuer:
        raise SettingsError(
            "signed tokens are taken only from a named issuer.", place="setting TIEOUT_JWT_ISSUER"
        )
    header = jwt.get_unverified_header(token)
    key, algorithms = _key(header, settings)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=list(algorithms),
            audience=settings.jwt_audience,
            issuer=settings.jwt_issuer,
            leeway=settings.jwt_leeway_seconds,
            options={"require": ["exp", "aud", "iss", settings.jwt_user_claim]},
        )
    except (jwt.InvalidTokenError, TypeError, ValueError) as error:
        raise _refused(str(error)) from None
    return _read(claims, settings)


def _key(header: Mapping[str, Any], settings: Settings) -> tuple[Any, tuple[str, ...]]:
    """Give our key and the algorithms that it verifies; the header may only say which of our keys."""
    if header.get("crit"):
        raise _refused("it asks for extensions that are not known here")
    if header.get("alg") == "HS256" and settings.jwt_secret is not None:
        return _secret(settings.jwt_secret.get_secret_value()), ("HS256",)
    if settings.jwt_keys is None:
        raise _refused("its algorithm is not taken here")
    keys = _public(settings.jwt_keys)
    named = keys.get(str(header.get("kid"))) if "kid" in header else None
    if named is None and ("kid" in header and "" not in keys):
        raise _refused("it names a key that is not ours")
    if named is None and len(keys) > 1:
        raise _refused("it does not say which key signed it")
    key = named or next(iter(keys.values()))
    return key.key, _BY_KIND[str(key.key_type)]


def _secret(secret: str) -> str:
    if len(secret.encode()) < SHORTEST_SECRET:
        raise SettingsError(
            f"the secret is shorter than {SHORTEST_SECRET} bytes.", place="setting TIEOUT_JWT_SECRET"
        )
    return secret


def _public(path: Path) -> dict[str, jwt.PyJWK]:
    """Read a JWKS file, or one public key in PEM (under the name ""); private and shared keys are refused."""
    try:
        text = path.read_text(encoding="utf-8")
        listed = json.loads(text)["keys"] if text.lstrip().startswith("{") else [_from_pem(text)]
        keys = {str(entry.get("kid", "")): _jwk(entry) for entry in listed}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, jwt.PyJWTError) as error:
        raise SettingsError(
            f"the keys cannot be read: {error}",
            place=f"setting TIEOUT_JWT_KEYS ({path})",
            remedy="Give a JWKS file or a PEM file with public keys: RSA, P-256 or Ed25519.",
        ) from None
    if not keys:
        raise SettingsError("there is no key in it.", place=f"setting TIEOUT_JWT_KEYS ({path})")
    return keys


def _jwk(entry: Mapping[str, Any]) -> jwt.PyJWK:
    if entry.get("kty") not in _BY_KIND or "d" in entry or entry.get("use", "sig") != "sig":
        raise ValueError("a key is no public RSA, EC or Ed25519 key for signatures")
    kind = str(entry["kty"])
    return jwt.PyJWK(dict(entry), algorithm=_BY_KIND[kind][0])


def _from_pem(text: str) -> dict[str, Any]:
    from cryptography.hazmat.primitives.serialization import load_pem_public_key  # noqa: PLC0415 - slow, and rare

    key: Any = load_pem_public_key(text.encode())
    for kind, algorithm in (("RSA", "RS256"), ("EC", "ES256"), ("OKP", "EdDSA")):
        try:
            jwk = jwt.get_algorithm_by_name(algorithm).to_jwk(key, as_dict=True)
        except (jwt.PyJWTError, AttributeError, TypeError):
            continue
        if jwk.get("kty") == kind:
            return dict(jwk)
    raise ValueError("of an unknown kind")


def _read(claims: Mapping[str, Any], settings: Settings) -> Claims:
    subject = claims.get(settings.jwt_user_claim)
    # In lower case: Dana and dana are not two people.
    user = subject.lower() if isinstance(subject, str) else ""
    if not _SUBJECT.fullmatch(user) or user.startswith(_LOCAL) or user in RESERVED:
        raise _refused(f"its {settings.jwt_user_claim} is no name of a user")
    name = claims.get("name")
    return Claims(user, name if isinstance(name, str) and name.strip() else user, _roles(claims, settings))


def _roles(claims: Mapping[str, Any], settings: Settings) -> tuple[str, ...]:
    """Read the roles, from a list or from words; a dotted claim lies inside others (realm_access.roles)."""
    claim: Any = claims
    for part in settings.jwt_roles_claim.split("."):
        claim = claim.get(part) if isinstance(claim, Mapping) else None
    words = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else []
    named = [word for word in words if isinstance(word, str)]
    return tuple(dict.fromkeys(settings.jwt_role_names.get(word, word) for word in named))


def _refused(why: str) -> IdentityError:
    return IdentityError(f"this token is not taken: {why}.", remedy="Sign in again.")
