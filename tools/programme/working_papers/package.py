"""The file of a programme: a ZIP whose every byte the desk has signed, to be verified on any machine.

write(store, settings, report, path) -> SignedPackage      report: desk.papers.engagement's
verify(path, key="") -> (problems, public key)      needs nothing of the desk but its public key

manifest.json names each file with its SHA-256; manifest.sig is the Ed25519 signature (RFC 8032) of its bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tools.core.errors import RunError, SettingsError
from tools.core.settings import Settings
from tools.programme.working_papers import workbook
from tools.runs import workspace
from tools.store import Store, trail, verify_trail

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
KEY_FILE: Final = "signing.key"
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # of every entry: the same programme gives the same bytes
_MOST_BYTES: Final = 2_000_000_000
_OURS: Final = frozenset({MANIFEST, SIGNATURE})


@dataclass(frozen=True)
class SignedPackage:
    """What was written, and the key that verifies it."""

    files: int
    public_key: str


def write(store: Store, settings: Settings, report: Mapping[str, Any], path: Path) -> SignedPackage:
    """Write a programme's file: report, working papers, evidence, trail; signed. Raises RunError.

    Evidence that is gone, or not as it was when it was kept, is refused: such a file would sign a lie.
    """
    key, run_id = signing_key(store), str(report["run_id"])
    files = dict(_content(store, settings, report))
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = json.dumps({"run_id": run_id, "files": digests}, indent=1, sort_keys=True).encode()
    files |= {MANIFEST: manifest, SIGNATURE: key.sign(manifest) + _raw(key.public_key())}
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in sorted(files.items()):
                archive.writestr(zipfile.ZipInfo(name, _MOMENT), data, zipfile.ZIP_DEFLATED)
        part.replace(path)
    except OSError as error:
        raise RunError(f"cannot be written: {error.strerror or error}.", place=str(path)) from None
    return SignedPackage(len(files), _raw(key.public_key()).hex())


def _content(store: Store, settings: Settings, report: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    run_id = str(report["run_id"])
    yield "report.json", json.dumps(report, indent=1, ensure_ascii=False).encode()
    yield "papers.xlsx", workbook.workbook(report)
    yield "report.html", workbook.page(report).encode()
    root = workspace.run_folder(settings, run_id) / "tasks" / "evidence"
    for paper in report["papers"]:
        for left in paper["evidence"]:
            yield f"evidence/{left['sha256']}/{Path(left['name']).name}", _evidence(root, left)
    yield "trail.jsonl", _trail(store, run_id)
    for audit in report["audits"]:
        yield f"audits/{audit['run_id']}/trail.jsonl", _trail(store, str(audit["run_id"]))
    yield "verify_trail.py", Path(verify_trail.__file__).read_bytes()


def _trail(store: Store, run_id: str) -> bytes:
    return "".join(f"{line}\n" for line in trail.export(store, run_id)).encode()


def _evidence(root: Path, left: dict[str, Any]) -> bytes:
    try:
        data = (root / str(left["sha256"])).read_bytes()
    except OSError:
        raise RunError(f"the evidence {left['name']} is not there.", place=str(root)) from None
    if hashlib.sha256(data).hexdigest() != left["sha256"]:
        raise RunError(f"the evidence {left['name']} was changed after it was kept.", place=str(root))
    return data


def verify(path: Path, key: str = "") -> tuple[list[str], str]:
    """Find what is not as it was signed; give also the public key that signed it, in hex.

    key: the key that is trusted, in hex; without one the file's own key is taken, and has to be compared.
    Raises RunError for what is no such file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(archive, key)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise RunError(f"this is no file of a programme ({error}).", place=str(path)) from None


def _verified(archive: zipfile.ZipFile, key: str) -> tuple[list[str], str]:
    names = archive.namelist()
    if sum(entry.file_size for entry in archive.infolist()) > _MOST_BYTES:
        raise ValueError("it is too large")
    manifest, signed = archive.read(MANIFEST), archive.read(SIGNATURE)
    signature, public = signed[:64], signed[64:]
    problems = []
    if key and key.strip().lower() != public.hex():
        problems.append("it was signed by another key than the one that is trusted.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, manifest)
    except InvalidSignature:
        return [*problems, "its list of files is not as it was signed."], public.hex()
    digests: dict[str, str] = json.loads(manifest)["files"]
    problems += [f"{name}: a file of this name stands twice." for name in set(names) if names.count(name) > 1]
    problems += [f"{name} is gone." for name in digests.keys() - set(names)]
    problems += [f"{name} was added." for name in sorted(set(names) - digests.keys() - _OURS)]
    for name in sorted(digests.keys() & set(names)):
        if hashlib.sha256(archive.read(name)).hexdigest() != digests[name]:
            problems.append(f"{name} was changed.")
    return problems, public.hex()


def signing_key(store: Store) -> Ed25519PrivateKey:
    """Give the desk's signing key; made once, in a file beside the store that only its owner reads.

    Raises SettingsError when it can neither be read nor made.
    """
    path = store.folder / KEY_FILE
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make(path)
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text(encoding="ascii")))
    except (OSError, ValueError) as error:
        raise SettingsError(f"the key that signs files cannot be kept: {error}.", place=str(path)) from None


def _make(path: Path) -> None:
    secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    part = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secret)
    try:
        path.hardlink_to(part)  # whole or not at all, and never over another process's key
    except FileExistsError:
        return
    finally:
        part.unlink()


def _raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
