from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field


class StorageSettings(BaseModel):
    """Where the desk keeps what it writes, and which files it reads."""

    model_config = ConfigDict(frozen=True)

    database_url: str = Field(
        "sqlite:///.tieout/tieout.db",
        validation_alias=AliasChoices("DATABASE_URL", "TIEOUT_DATABASE_URL"),
        description="The store: runs, flags, approvals, trail. SQLite or postgresql+psycopg.",
    )
    checkpoint_url: str = Field(
        "sqlite:///.tieout/checkpoints.db",
        validation_alias=AliasChoices("CHECKPOINT_URL", "TIEOUT_CHECKPOINT_URL"),
        description="LangGraph's checkpoints. SQLite or postgresql.",
    )
    workspace_url: str = Field(
        ".tieout/runs",
        validation_alias=AliasChoices("WORKSPACE_URL", "TIEOUT_WORKSPACE_URL"),
        description="Where each run keeps its snapshot and results, for every machine of the desk:"
        " a folder (mounted ones too), or s3://bucket/folder.",
    )
    workspace_cache: Path = Field(
        Path(".tieout/cache"),
        description="Folder for this machine's copy of a workspace that is no folder; may be removed.",
    )
    home: Path = Field(
        Path(),
        description="Where the desk works: its rules.yaml may be absent, and callers may name files in it.",
    )
    books_folders: str = Field(
        "",
        description="Folders in which callers of the Server may name files, with ':' between them;"
        " empty: the desk's home and the samples.",
    )
    documents_url: str = Field(
        ".tieout/documents",
        validation_alias=AliasChoices("DOCUMENTS_URL", "TIEOUT_DOCUMENTS_URL"),
        description="Folder that keeps what mails, PDFs and calendars held, so that each is read once;"
        " empty: each run reads all of them.",
    )
    graphs: tuple[str, ...] = Field((), description='Graphs of your own: ["module:NAME"] of a GraphEntry.')
    rules: Path = Field(
        Path("rules.yaml"), description="The rules file; without rules.yaml, the defaults apply."
    )
