"""Articles ready to be compared: each text is folded once, as long as it is kept at hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from pipelines.alignment import IndexedText, index_text
from pipelines.folding import U64, fold_words
from pipelines.pairing import IndexedArticle
from pipelines.passages import Layout, lay_out
from pipelines.records import ComparedArticle
from pipelines.shingles import digest_words, select_fingerprints

KEPT_WORDS = 16_384  # texts' folded words, about 8 kB each
KEPT_TEXTS = 4_096  # texts ready to be aligned, about 30 kB each


class Library:
    """Reads articles by their ids with `read` and keeps the latest ones prepared."""

    def __init__(self, read: Callable[[str], ComparedArticle]) -> None:
        self._read = read
        self._fold = lru_cache(maxsize=KEPT_WORDS)(self._fold_article)
        self.index = lru_cache(maxsize=KEPT_TEXTS)(self._index_text)
        self.lay_out = lru_cache(maxsize=KEPT_TEXTS)(self._lay_out)

    def index_article(self, article_id: str) -> IndexedArticle:
        """Its fingerprints, and what stands for its words."""
        article, words = self._read(article_id), self._fold(article_id)
        fingerprints = select_fingerprints(words)
        return IndexedArticle(
            article_id,
            article.outlet,
            article.published_latest,
            digest_words(words),
            len(fingerprints),
            fingerprints,
        )

    def _fold_article(self, article_id: str) -> U64:
        return fold_words(self._read(article_id).text).hashes

    def _index_text(self, article_id: str) -> IndexedText:
        return index_text(self._fold(article_id))

    def _lay_out(self, article_id: str) -> Layout:
        article = self._read(article_id)
        return lay_out(article, fold_words(article.text))
