from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr


class ObservabilitySettings(BaseModel):
    """What services are watched, and how the desk itself is."""

    model_config = ConfigDict(frozen=True)

    prometheus_url: str = Field("", description="Prometheus that incidents of services are read from.")
    loki_url: str = Field("", description="Loki, for their logs.")
    tempo_url: str = Field("", description="Tempo, for their traces.")
    service_label: str = Field("job", description="The label that names a service in all three.")
    topology: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description='What each service depends on: {"shop": ["payments", "stock"]}.',
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
