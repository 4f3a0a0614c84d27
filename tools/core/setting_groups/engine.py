from __future__ import annotations

import re

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tools.core import engine_choice


class EngineSettings(BaseModel):
    """Where the tests of the books run, and how long a check or a source may take."""

    model_config = ConfigDict(frozen=True)

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
