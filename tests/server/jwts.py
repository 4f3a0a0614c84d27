"""JWTs of an issuer that the tests play: keys made once, tokens sound and unsound."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ISSUER, SECRET = "https://id.example.com", "a secret of the tests, 32 bytes long"


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """Give the issuer's RSA key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def ed_key() -> Ed25519PrivateKey:
    """Give the issuer's Ed25519 key."""
    return Ed25519PrivateKey.generate()


def public_pem() -> str:
    """Give the RSA key's public half, as anybody may have it."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key().public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def jwks() -> dict[str, Any]:
    """Give the issuer's published keys."""
    rsa_jwk = jwt.get_algorithm_by_name("RS256").to_jwk(rsa_key().public_key(), as_dict=True)
    ed_jwk = jwt.get_algorithm_by_name("EdDSA").to_jwk(ed_key().public_key(), as_dict=True)
    return {"keys": [{**rsa_jwk, "kid": "rsa-1", "use": "sig"}, {**ed_jwk, "kid": "ed-1"}]}


def settings_of_jwts(folder: Path) -> dict[str, str]:
    """Give the environment in which these tokens are taken."""
    (folder / "jwks.json").write_text(json.dumps(jwks()), encoding="utf-8")
    return {
        "TIEOUT_JWT_ISSUER": ISSUER,
        "TIEOUT_JWT_SECRET": SECRET,
        "TIEOUT_JWT_KEYS": str(folder / "jwks.json"),
        "TIEOUT_JWT_ROLE_NAMES": '{"finance-leads": "approver"}',
    }


def claims(user: object = "jo", **more: object) -> dict[str, Any]:
    """Give sound claims of an approver, with changes; None takes a claim away."""
    sound = {
        "sub": user,
        "iss": ISSUER,
        "aud": "tieout",
        "exp": int(time.time()) + 300,
        "roles": ["approver"],
    }
    return {name: value for name, value in {**sound, **more}.items() if value is not None}


def by_secret(payload: dict[str, Any] | None = None, **headers: object) -> str:
    """Sign with the shared secret."""
    return jwt.encode(payload or claims(), SECRET, algorithm="HS256", headers=headers or None)


def by_rsa(payload: dict[str, Any] | None = None, **headers: object) -> str:
    """Sign with the RSA key."""
    return jwt.encode(payload or claims(), rsa_key(), algorithm="RS256", headers={"kid": "rsa-1", **headers})


def by_ed(payload: dict[str, Any] | None = None, **headers: object) -> str:
    """Sign with the Ed25519 key."""
    return jwt.encode(payload or claims(), ed_key(), algorithm="EdDSA", headers={"kid": "ed-1", **headers})


def unsigned(payload: dict[str, Any] | None = None, alg: str = "none", signature: bytes = b"") -> str:
    """Give a token that nobody signed."""
    return ".".join((_part({"alg": alg, "typ": "JWT"}), _part(payload or claims()), _text(signature)))


def by_confused_key() -> str:
    """Sign HS256 with the public key as its secret (CVE-2015-9256 and its like)."""
    head = _part({"alg": "HS256", "kid": "rsa-1"}) + "." + _part(claims())
    return f"{head}.{_text(hmac.new(public_pem().encode(), head.encode(), hashlib.sha256).digest())}"


def by_own_key() -> str:
    """Sign with a key of one's own, and bring its public half along in the header."""
    own = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = jwt.get_algorithm_by_name("RS256").to_jwk(own.public_key(), as_dict=True)
    headers = {"jwk": public, "jku": "https://evil.example.com/jwks.json"}
    return jwt.encode(claims(), own, algorithm="RS256", headers={**headers, "kid": "rsa-1"})


def _part(value: dict[str, Any]) -> str:
    return _text(json.dumps(value).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
