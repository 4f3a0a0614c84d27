from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from tools.core.model_limits import Limit, Price

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


class ModelSettings(BaseModel):
    """Language models: endpoints, spending limits, times."""

    model_config = ConfigDict(frozen=True)

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
    embeddings_model: str = Field(
        "", description="Model that finds documents close in meaning; empty: by their words alone."
    )
    embeddings_base_url: str = Field("", description="Its OpenAI-compatible endpoint; else the model's.")
    embeddings_api_key: SecretStr | None = Field(None, description="Its key; else the model's.")
    embeddings_documents: int = Field(2000, ge=0, description="Most documents of a run that it is told.")

    @property
    def model_url(self) -> str:
        """The endpoint: as set, else the provider's."""
        return self.model_base_url or _PROVIDERS[self.model_provider]

    @property
    def embeddings_url(self) -> str:
        """The endpoint of embeddings: as set, else the model's."""
        return self.embeddings_base_url or self.model_url
