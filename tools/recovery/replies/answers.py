r"""Read what a person wrote back: by words, then by likeness to labelled answers; unsure where they differ.

    read("Re: Invoice 4711\n\nSent it over on Friday.") -> ReplyWords(kind="paid", ...)

A wrong sure answer is worse than one that a person reads: what says two things at once is unsure.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from tools.recovery.replies import answer_classifier, answer_text, answer_words
from tools.recovery.replies.answer_classifier import Likeness
from tools.recovery.replies.answer_words import UNSURE, ReplyWords, sentiment
from tools.recovery.replies.reading import OTHER_BANK

__all__ = ["PAID", "UNSURE", "ReplyWords", "read", "sentiment"]

PAID: Final = "paid"
_LIKE: Final = 0.6  # how sure a kind is that only like answers speak for
_BY_LIKENESS: Final = "like other answers of its kind"
_QUESTION: Final = re.compile(r"[^.!?;\n]{1,300}\?+")
_WORD: Final = re.compile(r"\w{2}")
_GRANTING: Final = {"agree", PAID}


def read(text: str) -> ReplyWords:
    """Read what a person wrote below its subject.

    Whoever wants no mail gets none, whatever else is said.
    """
    by_words, body = answer_words.read(text), _body(text)
    if by_words.kind == "opt_out":
        return by_words
    if account := answer_words.names_other_bank(body):
        return ReplyWords(UNSURE, 0.5, (OTHER_BANK, account))
    like = answer_classifier.opinion(body)
    answer = _of_both(text, by_words, like)
    return _unsure(answer) if _says_two_things(answer.kind, body, like) else answer


def _of_both(text: str, by_words: ReplyWords, like: Likeness) -> ReplyWords:
    if by_words.kind != UNSURE:
        agree = by_words.kind in like.nearest or _is_grant_and_deed(by_words.kind, like)
        return by_words if agree else _unsure(by_words)
    if like.kind and answer_words.may_be(text, like.kind, by_words):
        return ReplyWords(like.kind, _LIKE, (_BY_LIKENESS,))
    return by_words


def _is_grant_and_deed(kind: str, like: Likeness) -> bool:
    """Say whether an answer is like a promise and like a payment: who says both has paid."""
    return kind == PAID == like.also and like.nearest[:1] == ("agree",)


def _unsure(answer: ReplyWords) -> ReplyWords:
    return replace(answer, kind=UNSURE, confidence=0.5)


def _says_two_things(kind: str, body: str, like: Likeness) -> bool:
    """Say whether an answer that asks also grants what we want, or one that disputes also asks."""
    if not _QUESTION.search(body):
        return False
    if kind == "question":
        stated = " ".join(_QUESTION.sub(" ", answer_text.without_signature(body)).split())
        return bool(_WORD.search(stated) and {*answer_classifier.opinion(stated).nearest[:1]} & _GRANTING)
    return kind == "dispute" and like.kind != kind


def _body(text: str) -> str:
    subject, _, body = text.partition("\n")
    return body if body.strip() else subject
