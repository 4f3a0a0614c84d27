"""Files of a source in a bucket of S3: a glob, an archive, what was pinned, and what is away."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import fsspec
import httpx
import pytest
import yaml

from tests.ledger.conftest import SETTINGS
from tests.runs.s3 import BUCKET, s3_server
from tools.books.engine import Books
from tools.core.errors import SourcesError, UnreachableError
from tools.ledger import Window, read, remote_files
from tools.ledger import sources as declared
from tools.ledger.guess.propose import propose, write
from tools.ledger.totals import recheck

_HEAD = "Date,Description,Amount,Balance\n"
_MONTHS = {
    "bank/2025-01.csv": "2025-01-07,RENT,-700.00,300.00\n2025-01-09,ALP,250.00,550.00\n"
    "2025-01-12,TAX,-50.00,500.00\n",
    "bank/2025-02.csv": "2025-02-07,RENT,-400.00,100.00\n2025-02-09,ALP,250.00,350.00\n"
    "2025-02-12,TAX,-50.00,300.00\n",
}  # fmt: skip
TO_READ = Window({}, date(2030, 1, 1))


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Serve two months of a bank, and a third in an archive; give the server's address."""
    with s3_server() as environment, pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        address = f"{environment['AWS_ENDPOINT_URL']}/{BUCKET}"
        for key, text in _MONTHS.items():
            httpx.put(f"{address}/{key}", content=_HEAD + text).raise_for_status()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("march.csv", _HEAD + "2025-03-07,RENT,-100.00,200.00\n")
        httpx.put(f"{address}/old/march.zip", content=packed.getvalue()).raise_for_status()
        yield address


def declare(folder: Path, path: str) -> declared.Sources:
    """Write a sources file over what a path names."""
    columns = {"posted_on": "Date", "description": "Description", "amount": "Amount", "balance": "Balance"}
    value = {
        "entity": {"name": "Alp"},
        "sources": {"bank": {"kind": "bank", "path": path, "columns": columns}},
    }
    (folder / "sources.yaml").write_text(yaml.safe_dump(value))
    return declared.load(folder / "sources.yaml")


def test_a_glob_is_read_whole_and_says_which_versions(bucket: str, tmp_path: Path) -> None:
    """Rows name their object by its URL; the manifest says what was pinned; a replaced object is noticed."""
    assert bucket
    sources = declare(tmp_path, f"s3://{BUCKET}/bank/*.csv")
    manifest = read(sources, TO_READ, SETTINGS, tmp_path / "snapshot")
    with Books.open(tmp_path / "snapshot", SETTINGS) as books:
        files = books.rows("SELECT file, count(*) AS n FROM txn GROUP BY file ORDER BY file")
    labels = [f"s3://{BUCKET}/bank/{month}.csv" for month in ("2025-01", "2025-02")]
    assert [(row["file"], row["n"]) for row in files] == [(label, 3) for label in labels]
    assert all(manifest.versions[label].startswith("ETag ") for label in labels)
    assert recheck(sources, tmp_path / "snapshot") == []
    objects = fsspec.filesystem("s3")
    objects.pipe_file(f"{BUCKET}/bank/2025-01.csv", b"Date,Description,Amount,Balance\n")
    assert recheck(sources, tmp_path / "snapshot") == [f"bank: {labels[0]} has changed since it was read."]
    objects.pipe_file(f"{BUCKET}/bank/2025-01.csv", (_HEAD + _MONTHS["bank/2025-01.csv"]).encode())


def test_an_archive_in_a_bucket_is_a_folder(bucket: str, tmp_path: Path) -> None:
    """Its members are named through it."""
    assert bucket
    read(declare(tmp_path, f"s3://{BUCKET}/old/march.zip"), TO_READ, SETTINGS, tmp_path / "snapshot")
    with Books.open(tmp_path / "snapshot", SETTINGS) as books:
        (row,) = books.rows("SELECT file, amount_minor FROM txn")
    assert (row["file"], row["amount_minor"]) == (f"s3://{BUCKET}/old/march.zip/march.csv", -10_000)


def test_init_proposes_from_a_bucket_what_runs(bucket: str, tmp_path: Path) -> None:
    """`tieout init s3://...`: the months are one source, named by their URL."""
    assert bucket
    url = f"s3://{BUCKET}/bank"
    path = tmp_path / "sources.yaml"
    write(propose(remote_files.folder(url), SETTINGS, to=path, at=url), path)
    sources = declared.load(path)
    assert sources.sources["bank"].path == f"{url}/2025-*.csv"
    assert read(sources, TO_READ, SETTINGS, tmp_path / "snapshot").tables["txn"].rows == 6


def test_what_cannot_be_read_is_said(bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No object, another scheme: corrected in the file. A server that is away: tried again."""
    assert bucket
    with pytest.raises(SourcesError, match="no object matches"):
        read(declare(tmp_path, f"s3://{BUCKET}/none/*.csv"), TO_READ, SETTINGS, tmp_path / "a")
    with pytest.raises(SourcesError, match="no place that files are read from"):
        read(declare(tmp_path, "ftp://bank/2025-01.csv"), TO_READ, SETTINGS, tmp_path / "b")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    fsspec.get_filesystem_class("s3").clear_instance_cache()  # which has the server that it asks
    with pytest.raises(UnreachableError, match="the bucket cannot be reached"):
        read(declare(tmp_path, f"s3://{BUCKET}/bank/*.csv"), TO_READ, SETTINGS, tmp_path / "c")
