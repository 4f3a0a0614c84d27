"""What a model claims is held against the facts that it cites: ids resolve, figures recompute."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.models.masking import tokens, without_tokens

_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_FIGURE = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?![\w])")
_LINK = re.compile(r"(?i)\b(?:https?://|www\.)\S+|\S+@\S+\.\w+")
_MARKUP = re.compile(r"<[a-zA-Z/!]|\]\(|```|\{\{|[\u200b-\u200f\u202a-\u202e\u2066-\u2069\x00-\x08]")
_MONTHS = "january february march april may june july august september october november december"
_MONTH = re.compile(rf"(?i)\b(?:{'|'.join(_MONTHS.replace('may ', '').split())})\b")
_LARGE = (
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
    "eighty ninety hundred thousand million billion dozen dozens hundreds thousands millions"
).split()
_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_WORD = re.compile(rf"(?i)\b(?:{'|'.join([*_WORDS, *_LARGE])})\b")
_MIXED = re.compile(r"\b(?=\w*\d)(?=\w*[^\W\d])\w+")  # T7, 50k, 1e6
# What to do is for people to say; whoever wrote a document must not say it through a model.
_ADVICE = re.compile(
    r"(?i)\b(?:no (?:further |more )?(?:action|review|investigation|follow-up)|false positive|safe to|ignore|"
    r"disregard|(?:should|can|may|must) be (?:approved|rejected|paid|released|dismissed|closed|ignored|"
    r"suppressed|cleared)|recommend\w*|(?:please|do) (?:approve|reject|dismiss|release)|"
    r"severity|(?:in|not|un)significant|nothing (?:is )?wrong)\b"
)
REPEATED_WORDS = 8


class Claim(BaseModel):
    """One sentence of a model, and the facts that it rests on."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["finding", "innocent", "test"]
    text: str = Field(min_length=1, max_length=600)
    evidence: list[str] = Field(max_length=20)


def why_false(claim: Claim, facts: Mapping[str, str], prompt: str) -> str:
    """Say why a claim does not stand, or "" when it does.

    facts: id -> text, as the model saw it, of the flag that the claim is about. A figure stands when the
    cited facts hold it, or when it is the sum or the difference of two that they hold. prompt: what must
    not be repeated.
    """
    if unsupported := _unsupported(claim, facts):
        return unsupported
    cited = [facts[name] for name in claim.evidence]
    return (
        _uncited_name(claim.text, cited)
        or _banned(claim.text, prompt)
        or _wrong_figure(without_tokens(claim.text), [without_tokens(text) for text in cited])
    )


def _unsupported(claim: Claim, facts: Mapping[str, str]) -> str:
    unknown = [name for name in claim.evidence if name not in facts]
    if unknown:
        return f"cites {unknown[0]}, which is not there"
    return "" if claim.evidence else "cites nothing"


def _uncited_name(text: str, cited: Sequence[str]) -> str:
    unsupported = [token for token in tokens(text) if not any(token in fact for fact in cited)]
    return f"names {unsupported[0]}, whom its facts do not" if unsupported else ""


def _banned(text: str, prompt: str) -> str:
    banned = ((_ADVICE, "advises"), (_MARKUP, "is not plain text"), (_LINK, "links to"))
    for pattern, what in banned:
        if match := pattern.search(text):
            return f"{what}: {match[0]}"
    return "repeats its instructions" if _repeats(text, prompt) else ""


def _wrong_figure(text: str, cited: Sequence[str]) -> str:
    whole = " ".join(cited)
    days = {*_DAY.findall(whole)}
    for day in _DAY.findall(text):
        if day not in days:
            return f"names the day {day}, which its facts do not"
    if (month := _MONTH.search(text)) and not re.search(rf"(?i)\b{month[0]}\b", whole):
        return f"names {month[0]}, which its facts do not"
    counted = Counter(_figures(_DAY.sub(" ", whole)))
    figures = set(counted)
    derived = {2 * figure for figure, times in counted.items() if times > 1}
    derived |= {abs(a - b) for a, b in combinations(figures, 2)} | {
        a + b for a, b in combinations(figures, 2)
    }
    allowed = figures | derived | {Decimal(len(cited))}
    parts = {Decimal(part) for day in days for part in day.split("-")}
    for figure in _figures(_DAY.sub(" ", text)):
        if figure not in allowed | parts:
            return f"states {figure:f}, which its facts do not give"
    for mixed in _MIXED.findall(text):
        if mixed.lower() not in whole.lower():
            return f"states {mixed}, which its facts do not"
    for word in _WORD.findall(text):
        counts = word.lower() in _WORDS and Decimal(_WORDS.index(word.lower()) + 2) in allowed
        if not counts and word.lower() not in whole.lower():
            return f"states '{word}', which its facts do not give"
    return ""


def _figures(text: str) -> Iterable[Decimal]:
    for figure in _FIGURE.findall(text):
        yield Decimal(figure.replace(",", "")).normalize()


def _repeats(text: str, prompt: str) -> bool:
    """Say whether a run of words of the prompt comes back."""
    words = text.lower().split()
    runs = (
        " ".join(words[start : start + REPEATED_WORDS]) for start in range(len(words) - REPEATED_WORDS + 1)
    )
    prompt_text = " ".join(prompt.lower().split())
    return any(run in prompt_text for run in runs)
