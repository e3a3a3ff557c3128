"""Articles ready to be compared: each text is folded once, as long as it is kept at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache

from pipelines.alignment import IndexedText, index_text
from pipelines.folding import U64, fold_texts, fold_words, split
from pipelines.pairing import IndexedArticle
from pipelines.passages import Layout, lay_out
from pipelines.records import ComparedArticle
from pipelines.shingles import digest_all, hash_shingles, select_all

KEPT_WORDS = 16_384  # texts' folded words, about 8 kB each
KEPT_SHINGLES = 8_192  # texts' shingles, as large
KEPT_TEXTS = 4_096  # texts ready to be aligned, about 30 kB each


class Library:
    """Reads articles by their ids with `read` and keeps the latest ones prepared."""

    def __init__(self, read: Callable[[str], ComparedArticle]) -> None:
        self._read = read
        self._words: OrderedDict[str, U64] = OrderedDict()
        self.shingles = lru_cache(maxsize=KEPT_SHINGLES)(self._hash_shingles)
        self.index = lru_cache(maxsize=KEPT_TEXTS)(self._index_text)
        self.lay_out = lru_cache(maxsize=KEPT_TEXTS)(self._lay_out)

    def index_articles(self, article_ids: Sequence[str]) -> list[IndexedArticle]:
        """The fingerprints of each, and what stands for its words."""
        return [indexed for some in split(article_ids) for indexed in self._index_some(some)]

    def _index_some(self, article_ids: Sequence[str]) -> list[IndexedArticle]:
        articles = [self._read(article_id) for article_id in article_ids]
        folded = fold_texts([article.text for article in articles])
        for article_id, words in zip(article_ids, folded, strict=True):
            self._keep(article_id, words)
        return [
            IndexedArticle(
                article.article_id, article.outlet, article.published_latest, digest, len(own), own
            )
            for article, digest, own in zip(articles, digest_all(folded), select_all(folded), strict=True)
        ]

    def _keep(self, article_id: str, words: U64) -> None:
        """The one kept for the longest time makes room."""
        if len(self._words) >= KEPT_WORDS:
            self._words.popitem(last=False)
        self._words[article_id] = words

    def _fold(self, article_id: str) -> U64:
        if article_id not in self._words:
            self._keep(article_id, fold_words(self._read(article_id).text).hashes)
        return self._words[article_id]

    def _hash_shingles(self, article_id: str) -> U64:
        """The hash of each run of five words, in order."""
        return hash_shingles(self._fold(article_id))

    def _index_text(self, article_id: str) -> IndexedText:
        return index_text(self._fold(article_id))

    def _lay_out(self, article_id: str) -> Layout:
        article = self._read(article_id)
        return lay_out(article, fold_words(article.text))
