"""Documents that are close to a row in meaning: an option, beside the search by words, for the reader alone.

Nothing is linked, approved or scored by it: findings, severities and flags are the same without.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tools.books.engine import Books
from tools.books.evidence_kinds import CLOSE_IN_MEANING
from tools.core.settings import Settings
from tools.core.sql_files import sql
from tools.evidence.excerpts import WIDTH
from tools.ledger.documents.cache import DocumentCache
from tools.models.endpoint import Embed, embedder
from tools.models.masking import Mask
from tools.rules.evidence import EvidenceRules

RANKS: Final = 60  # of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)
LONGEST: Final = 4_000  # characters of a document that are looked at
_BATCH: Final = 64
Vectors = NDArray[np.float64]
Found = dict[str, Any]


def blended(
    books: Books,
    rows: Sequence[Mapping[str, Any]],
    hits: Sequence[Found],
    rules: EvidenceRules,
    settings: Settings,
) -> tuple[list[Found], str]:
    """Blend hits by words with those by meaning; give them, and why that could not be done ("" when it was).

    hits: of `paper`, the best first for each row and kind. Their `score` becomes the sum of 1 / (60 + rank)
    over both lists, and new ones are called "close in meaning". What leaves is masked.
    """
    if not rows:
        return list(hits), ""
    papers = books.rows(
        sql("tools.evidence", "near"), {**rules.model_dump(), "most": settings.embeddings_documents}
    )
    shown = {paper["doc"]: paper for paper in papers}
    mask = Mask(_names(books))
    try:
        folder = Path(settings.documents_url) / "vectors" if settings.documents_url else None
        embed = embedder(settings, batch=_BATCH)
        vectors = _Vectors(embed, settings.embeddings_model, DocumentCache(folder))
        texts = [mask.hide(paper["shown"][:LONGEST]) for paper in papers]
        masked = [mask.hide(_question(row)) for row in rows]
        documents, questions = vectors.of(texts), vectors.of(masked)
    except Exception as error:  # noqa: BLE001 - whatever a client raises: the search by words stands
        return list(hits), f"no embeddings: {type(error).__name__}"
    near = _near(rows, papers, questions @ documents.T if len(papers) else np.zeros((len(rows), 0)), rules)
    return _fused(hits, near, shown, rules.hits), ""


class _Vectors:
    """Unit vectors of texts, each asked for once."""

    def __init__(self, embed: Embed, model: str, standing: DocumentCache) -> None:
        self._embed, self._model, self._standing = embed, model, standing

    def of(self, texts: Sequence[str]) -> Vectors:
        names = [hashlib.sha256(f"{self._model}\n{text}".encode()).hexdigest() for text in texts]
        new = {
            name: text for name, text in zip(names, texts, strict=True) if self._standing.get(name) is None
        }
        pending = list(new.items())
        for at in range(0, len(pending), _BATCH):
            part = pending[at : at + _BATCH]
            for (name, _), vector in zip(part, self._embed([text for _, text in part]), strict=True):
                self._standing.put(name, [{"vector": vector}])
        self._standing.save()
        entries = [(self._standing.get(name) or [{}])[0]["vector"] for name in names]
        vectors = np.array(entries, dtype=np.float64).reshape(len(names), -1)
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
        return unit


def _near(
    rows: Sequence[Mapping[str, Any]],
    papers: Sequence[Mapping[str, Any]],
    alike: Vectors,
    rules: EvidenceRules,
) -> dict[tuple[str, str], list[int]]:
    """Give (row, kind) -> the nearest documents of its time, the best first."""
    days = np.array([np.nan if paper["day_number"] is None else paper["day_number"] for paper in papers])
    kinds = np.array([paper["kind"] for paper in papers])
    nearest = {}
    for place, row in enumerate(rows):
        at = row["posted_day"] if row["posted_day"] is not None else np.nan
        timely = ((days >= at - rules.days_before) & (days <= at + rules.days_after)) | (kinds == "document")
        for kind in ("email", "document"):
            chosen = np.flatnonzero(timely & (kinds == kind))
            best = chosen[np.lexsort((chosen, -np.round(alike[place][chosen], 6)))][: rules.hits]
            nearest[row["row_key"], kind] = [int(papers[index]["doc"]) for index in best]
    return nearest


def _fused(
    hits: Sequence[Found],
    near: Mapping[tuple[str, str], list[int]],
    shown: Mapping[int, Mapping[str, Any]],
    most: int,
) -> list[Found]:
    """Blend two rankings by reciprocal rank, `most` for each row and kind; links stay what they are."""
    lists: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for hit in hits:
        lists[hit["row_key"], hit["kind"]].append(hit)
    blend = []
    for key in sorted({*lists, *near}):
        scores: dict[int, float] = defaultdict(float)
        of_row = {hit["doc"]: hit for hit in lists.get(key, [])}
        for ranking in ([hit["doc"] for hit in lists.get(key, [])], near.get(key, [])):
            for rank, doc in enumerate(ranking, start=1):
                scores[doc] += 1 / (RANKS + rank)
        # What names the row is never put out by what merely reads like it.
        order = sorted(scores, key=lambda doc: (doc not in of_row, -scores[doc], doc))[:most]
        blend += [
            {**(of_row.get(doc) or _hit(key, shown[doc])), "score": round(scores[doc], 4)} for doc in order
        ]
    return blend


def _hit(key: tuple[str, str], paper: Mapping[str, Any]) -> Found:
    text = paper["shown"]
    return {
        "row_key": key[0], "kind": key[1], "doc": paper["doc"], "doc_id": paper["doc_id"],
        "at": paper["dated"], "why": CLOSE_IN_MEANING,
        "excerpt": " ".join(text[:WIDTH].split()), "span_start": 0, "span_end": min(WIDTH, len(text)),
    }  # fmt: skip


def _question(row: Mapping[str, Any]) -> str:
    parts = (row["kind"], row["vendor_name"], row["category"], row["description"], row["person_name"])
    return " ".join(str(part) for part in parts if part)


def _names(books: Books) -> Iterable[tuple[str, str]]:
    rows = books.rows(sql("tools.evidence", "name"))
    return [(row["label"], row["name"]) for row in rows if row["name"]]
