"""Settings from the environment and `.env`; `tieout settings` prints them, secrets masked."""

from __future__ import annotations

import os
import re
from decimal import Decimal
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from pydantic_settings import SettingsError as NotReadableError

from tools.core import engine_choice
from tools.core.errors import SettingsError
from tools.core.model_limits import Limit, Price
from tools.core.recipients import Recipient
from tools.core.refusal_text import expected

_REMEDY = "'tieout settings' lists what each setting does."

# Where providers say that their OpenAI-compatible endpoints are.
_PROVIDERS = {
    "openai": "https://api.openai.com/v1",
    "openrouter": "https://openrouter.ai/api/v1",
    "mistral": "https://api.mistral.ai/v1",
    "groq": "https://api.groq.com/openai/v1",
    "deepseek": "https://api.deepseek.com/v1",
    "ollama": "http://127.0.0.1:11434/v1",
    "vllm": "http://127.0.0.1:8000/v1",
}


class Settings(BaseSettings):
    """What differs between machines. What differs between companies is in the rules file."""

    model_config = SettingsConfigDict(env_prefix="TIEOUT_", env_file=".env", extra="ignore", frozen=True)

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

    yaml_bytes: int = Field(1_000_000, ge=1000, description="Size of a sources, rules or users file at most.")
    yaml_depth: int = Field(50, ge=5, le=200, description="How deep such a file is nested at most.")
    yaml_values: int = Field(
        100_000, ge=100, description="Values of such a file at most, each alias counted as all that it names."
    )

    xml_bytes: int = Field(
        1_000_000_000,
        ge=1000,
        description="Size at most of a statement in XML, and of one part of a workbook.",
    )
    xml_depth: int = Field(100, ge=10, description="How deep such XML is nested at most.")
    xml_elements: int = Field(
        1_000_000,
        ge=1000,
        description="Elements of one row or entry in it at most, and of all that is beside.",
    )
    xml_records: int = Field(5_000_000, ge=1000, description="Rows or entries in it at most.")
    cell_bytes: int = Field(1_000_000, ge=1000, description="Size at most of one text or tag in it: a cell.")
    unpacked_bytes: int = Field(2_000_000_000, ge=1000, description="What a workbook unpacks to at most.")
    archive_parts: int = Field(10_000, ge=10, description="How many parts it has at most.")
    upload_bytes: int = Field(
        200_000_000, ge=1000, description="What a person may send to the pages at once, all files together."
    )
    upload_files: int = Field(100, ge=1, le=1000, description="How many files that are at most.")
    upload_seconds: float = Field(600.0, gt=0, description="Time at most to look at what was sent.")
    document_bytes: int = Field(
        25 << 20, ge=1000, le=1 << 30, description="Size at most of one mail, calendar, PDF or text."
    )
    document_seconds: float = Field(
        10.0, gt=0, description="Processor time to read one of them; by the clock, six times that."
    )
    document_pages: int = Field(500, ge=1, description="Pages of a PDF that are read.")
    mail_parts: int = Field(200, ge=1, description="Parts of a mail that are read: texts and attachments.")

    engine: str = Field(
        "duckdb",
        description="Where the tests of the books run, unless the sources file says it: duckdb,"
        " postgresql://user@host/database, spark://host:port, sc://host:port or databricks.",
    )
    engine_options: dict[str, str] = Field(
        default_factory=dict,
        description='Spark\'s own settings of its session: {"spark.executor.memory": "3g"}.',
    )
    engine_memory_limit: str = Field(
        "1GB", description="DuckDB's memory, for each check; beyond it, it spills."
    )
    engine_threads: int = Field(0, ge=0, description="DuckDB's threads; 0 takes every core.")
    check_timeout_seconds: float = Field(120.0, gt=0, description="A check's time; the retry gets twice.")

    retry_base_seconds: float = Field(30.0, gt=0, description="First wait for a source that is away.")
    retry_cap_seconds: float = Field(480.0, gt=0, description="Longest wait for a source that is away.")
    retry_attempts: int = Field(5, ge=1, description="Waits before the run pauses.")
    retry_in_process_seconds: float = Field(
        60.0, ge=0, description="Waits up to this long are sat out; a longer one pauses the run."
    )

    model: str = Field("", description="Model that phrases explanations; empty: templates only.")
    model_provider: Literal["openai", "openrouter", "mistral", "groq", "deepseek", "ollama", "vllm"] = Field(
        "openai", description="Whose endpoint; another is named by TIEOUT_MODEL_BASE_URL."
    )
    model_base_url: str = Field("", description="OpenAI-compatible endpoint; empty: the provider's.")
    model_api_key: SecretStr | None = Field(None, description="Its key.")
    model_timeout_seconds: float = Field(30.0, gt=0, description="A model call's time.")
    model_budget_dollars: Decimal = Field(Decimal("1.00"), ge=0, description="A run's spending limit.")

    model_budget_tokens: int = Field(0, ge=0, description="The same in tokens; 0 sets no limit.")
    on_budget: Literal["template", "stop"] = Field(
        "template", description="At the limit go on with templates, or stop with an error."
    )
    model_fallback: str = Field("", description="Model that takes over while the first is away.")
    model_dear: str = Field("", description="Model asked again for what the first could not word.")
    model_prices: dict[str, Price] = Field(
        default_factory=dict,
        description='Dollars a million tokens by model: {"name": {"input": "0.15", "output": "0.60"}}.',
    )
    model_price: Price = Field(
        Price(input=Decimal("2.50"), output=Decimal("10.00")), description="The same for a model not listed."
    )
    model_node_limits: dict[str, Limit] = Field(
        default_factory=lambda: {"investigate": Limit(dollars=Decimal("0.50"))},
        description='Limits of single nodes: {"escalate": {"dollars": "0.50", "tokens": 100000}}.',
    )
    model_case_limit: Limit = Field(
        Limit(dollars=Decimal("0.20")), description="Limit of what is spent on one case of a run."
    )
    model_structured: Literal["json_schema", "json_object", "text"] = Field(
        "json_schema", description="How the endpoint is held to JSON; answers are validated either way."
    )
    model_cases: int = Field(10, ge=0, description="Gravest cases that a model words.")
    model_flags: int = Field(50, ge=0, description="Most flags of a run that reach a model.")
    model_batch: int = Field(10, ge=1, le=50, description="Flags in one call.")
    model_parallel: int = Field(4, ge=1, le=16, description="Calls side by side.")
    model_answer_tokens: int = Field(500, ge=50, description="Longest answer, for each flag of a call.")
    model_attempts: int = Field(3, ge=1, description="Tries while the endpoint is away, for each model.")
    model_wait_seconds: float = Field(1.0, ge=0, description="First wait between tries; it doubles.")
    model_wait_cap_seconds: float = Field(
        20.0, ge=0, description="Longest wait; when the endpoint asks for more, the next model is asked."
    )

    investigate_cases: int = Field(3, ge=0, le=25, description="Gravest cases that observers look into.")
    investigate_steps: int = Field(6, ge=2, le=10, description="Turns of an observer, its report included.")
    investigate_seconds: float = Field(120.0, gt=0, description="An observer's time; the others go on.")

    prometheus_url: str = Field("", description="Prometheus that incidents of services are read from.")
    loki_url: str = Field("", description="Loki, for their logs.")
    tempo_url: str = Field("", description="Tempo, for their traces.")
    service_label: str = Field("job", description="The label that names a service in all three.")
    topology: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description='What each service depends on: {"shop": ["payments", "stock"]}.',
    )

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

    embeddings_model: str = Field(
        "", description="Model that finds documents close in meaning; empty: by their words alone."
    )
    embeddings_base_url: str = Field("", description="Its OpenAI-compatible endpoint; else the model's.")
    embeddings_api_key: SecretStr | None = Field(None, description="Its key; else the model's.")
    embeddings_documents: int = Field(2000, ge=0, description="Most documents of a run that it is told.")

    feedback_automatic: bool = Field(
        False, description="Apply what nothing speaks against without asking a person."
    )

    smtp_url: SecretStr | None = Field(
        None,
        description="Mail server that letters to debtors go through: smtp://host:25, smtps://user:pass@host:465,"
        " or smtp+starttls://; without it they wait.",
    )
    smtp_timeout_seconds: float = Field(
        8.0, gt=0, le=9, description="How long the mail server may take; the store is held meanwhile."
    )
    contact_seconds: float = Field(
        10.0, gt=0, le=60, description="How long a source of contacts on the web may take to answer."
    )
    places_key: SecretStr | None = Field(
        None,
        description="Google Places: numbers of parties whose claims are of tier high; without it, not asked.",
    )
    places_url: str = Field("https://places.googleapis.com/v1", description="Where Google Places answers.")
    yelp_key: SecretStr | None = Field(None, description="Yelp, asked after Google; without it, not asked.")
    yelp_url: str = Field("https://api.yelp.com/v3", description="Where Yelp answers.")
    read_websites: bool = Field(
        False, description="Read a party's own website for its number: front page, contact, imprint."
    )
    hunter_key: SecretStr | None = Field(
        None, description="Hunter: addresses of a party's finance department; without it, not asked."
    )
    hunter_url: str = Field("https://api.hunter.io/v2", description="Where Hunter answers.")
    apollo_key: SecretStr | None = Field(
        None, description="Apollo, asked after Hunter; without it, not asked."
    )
    apollo_url: str = Field("https://api.apollo.io/v1", description="Where Apollo answers.")
    replies_from: str = Field(
        "", description="Folder of .eml or .mbox files in which answers to letters lie; nothing is removed."
    )
    imap_url: SecretStr | None = Field(
        None,
        description="Mailbox in which answers to letters lie: imaps://USER:PASSWORD@HOST/FOLDER; it is read,"
        " and nothing in it is marked or removed.",
    )
    letters_from: str = Field(
        "", description="Their sender; empty: the entity's address in the sources file."
    )
    preferences_url: str = Field(
        "", description="Where recipients say what they want to get: letters link to it."
    )

    metrics_token: SecretStr | None = Field(
        None, description="Opens /metrics to whoever sends it, and nothing else: for Prometheus."
    )
    webhook_token: SecretStr | None = Field(
        None, description="Lets Alertmanager open incidents at /desk/api/incidents, and nothing else."
    )
    alert_dollars: Decimal = Field(
        Decimal("10.00"), ge=0, description="Spending on models in 24 hours above which an alert is raised."
    )
    otlp_endpoint: str = Field(
        "",
        validation_alias=AliasChoices("TIEOUT_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
        description="Collector of traces, by OTLP over HTTP: http://127.0.0.1:4318; empty: none.",
    )

    log_level: str = Field("WARNING", description="DEBUG, INFO, WARNING or ERROR.")
    log_folder: Path | None = Field(
        None, description="Where each process writes its log, too; warnings go to standard error as well."
    )
    log_rotation_mb: float = Field(100, gt=0, description="From which a log begins a new file.")
    log_retention_days: float = Field(7, gt=0, description="After which logs are deleted; the trail stays.")
    metrics_seconds: float = Field(10, gt=0, le=30, description="Between a worker's signs of life.")

    @field_validator("engine")
    @classmethod
    def _is_engine(cls, named: str) -> str:
        return engine_choice.checked(named)

    @field_validator("engine_memory_limit")
    @classmethod
    def _is_memory(cls, amount: str) -> str:
        if not re.fullmatch(r"\d+(\.\d+)? ?[KMGT]i?B", amount, re.IGNORECASE):
            raise ValueError("is no amount of memory; write one such as 4GB")
        return amount

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

    @property
    def model_url(self) -> str:
        """The endpoint: as set, else the provider's."""
        return self.model_base_url or _PROVIDERS[self.model_provider]

    @property
    def embeddings_url(self) -> str:
        """The endpoint of embeddings: as set, else the model's."""
        return self.embeddings_base_url or self.model_url


def load() -> Settings:
    """Give the settings in force.

    Raises SettingsError naming the variable and what is wrong with it.
    """
    return _read(tuple(os.environ.items()), _mark(Path(".env")))


def _mark(path: Path) -> tuple[int, ...]:
    """Say which file this is, and as of when."""
    try:
        status = path.stat()
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=16)
def _read(_environment: tuple[tuple[str, str], ...], _file: tuple[int, ...]) -> Settings:
    """Read the settings, once while nothing changes: every step of a run asks for them."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        raise SettingsError(
            f"{expected(first)}.",
            place=f"setting {_variable(name)}",
            remedy=_REMEDY,
        ) from None
    except NotReadableError as error:
        raise SettingsError(_unreadable(error), place="settings", remedy=_REMEDY) from None


def _unreadable(error: NotReadableError) -> str:
    """Name the variable that should hold JSON."""
    field = re.search(r'field "(\w+)"', str(error))
    name = _variable(field[1]) if field else str(error)
    return f"{name} is not JSON ({error.__cause__})."


def _variable(name: str) -> str:
    return f"TIEOUT_{name.upper()}" if name in Settings.model_fields else name
