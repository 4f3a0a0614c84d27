"""Mark the phrases of the vocabulary in a sentence, the longest first."""

from __future__ import annotations

from collections.abc import Sequence

from tools.front_desk.marks import PREPOSITIONS, SentenceMarks
from tools.front_desk.vocabulary import Sense, vocabulary


def mark_phrases(marks: SentenceMarks) -> None:
    """Mark every phrase of the vocabulary; a command counts only where it leads the sentence."""
    sentence, lexicon = marks.sentence, vocabulary()
    for length in range(min(lexicon.longest, len(sentence.words)), 0, -1):
        for begin in range(len(sentence.words) - length + 1):
            if not sentence.free(begin, length):
                continue
            senses = lexicon.senses(tuple(sentence.words[begin : begin + length]))
            if senses and not _takes_from_period(marks, begin, length):
                note(marks, begin, length, senses)


def _takes_from_period(marks: SentenceMarks, begin: int, length: int) -> bool:
    """Say whether a phrase's last word is the period's: "payments in May" are none of "payments in"."""
    words = marks.sentence.words[begin : begin + length - 1]
    is_noun = any(sense.kind == "nouns" for sense in vocabulary().senses(tuple(words))) if words else False
    return (
        is_noun
        and marks.sentence.words[begin + length - 1] in PREPOSITIONS
        and (begin + length in marks.period_places)
    )


def note(marks: SentenceMarks, begin: int, length: int, senses: Sequence[Sense]) -> None:
    """Record what a phrase may stand for, and use its words."""
    kinds = {sense.kind for sense in senses}
    if "intents" in kinds and not _leads(marks, begin) and kinds <= {"intents", "stop", "negators"}:
        if "stop" in kinds:
            marks.sentence.use(begin, length, "stop")
        return  # "the last audit" asks for none
    marks.lengths[begin] = length
    for sense in senses:
        if sense.kind != "intents" or _leads(marks, begin):
            marks.senses[sense.kind].append((begin, sense.value))
    if "negators" in kinds and kinds <= {"negators", "stop"}:
        marks.negated.append(" ".join(marks.sentence.words[begin : begin + length]))
    marks.sentence.use(begin, length, "/".join(sorted(kinds)))


def _leads(marks: SentenceMarks, begin: int) -> bool:
    """Say whether nothing but courtesies stands before a place."""
    lexicon = vocabulary()
    before = marks.sentence.words[:begin]
    return all(any(sense.kind in ("stop", "follow") for sense in lexicon.senses((word,))) for word in before)
