"""Articles ready to be compared: each text is folded once, as long as it is kept at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from pipelines.alignment import IndexedText, index_text
from pipelines.folding import TEXTS_AT_ONCE, U64, Hashed, fold_together, fold_words, split
from pipelines.pairing import IndexedArticle
from pipelines.passages import Layout, lay_out
from pipelines.records import ComparedArticle
from pipelines.shingles import digest_together, hash_together, select_together

KEPT_WORDS = 16_384  # texts' folded words, about 8 kB each
KEPT_TEXTS = 4_096  # texts ready to be aligned, about 30 kB each


class Together(NamedTuple):
    """Some articles, indexed; their words and their shingles."""

    entries: list[IndexedArticle]
    words: Hashed
    shingles: Hashed


def index_together(articles: Iterable[ComparedArticle]) -> Iterator[Together]:
    """The fingerprints of each and what stands for its words, some articles at a time."""
    left = iter(articles)
    while some := list(islice(left, TEXTS_AT_ONCE)):
        for texts in split([article.text for article in some]):
            words = fold_together(texts)
            shingles = hash_together(words)
            entries = [
                IndexedArticle(
                    article.article_id, article.outlet, article.published_latest, digest, len(own), own
                )
                for article, digest, own in zip(
                    some, digest_together(words), select_together(shingles), strict=False
                )
            ]
            del some[: len(entries)]
            yield Together(entries, words, shingles)


class Library:
    """Reads articles by their ids with `read` and keeps the latest ones prepared."""

    def __init__(self, read: Callable[[str], ComparedArticle]) -> None:
        self._read = read
        self._words: OrderedDict[str, U64] = OrderedDict()
        self.index = lru_cache(maxsize=KEPT_TEXTS)(self._index_text)
        self.lay_out = lru_cache(maxsize=KEPT_TEXTS)(self._lay_out)

    def index_articles(self, article_ids: Sequence[str]) -> list[IndexedArticle]:
        """The fingerprints of each, and what stands for its words."""
        indexed: list[IndexedArticle] = []
        for some in index_together(map(self._read, article_ids)):
            for entry, words in zip(some.entries, some.words.each(), strict=True):
                self._keep(entry.article_id, words)
            indexed += some.entries
        return indexed

    def _keep(self, article_id: str, words: U64) -> None:
        """The one kept for the longest time makes room."""
        if len(self._words) >= KEPT_WORDS:
            self._words.popitem(last=False)
        self._words[article_id] = words

    def _fold(self, article_id: str) -> U64:
        if article_id not in self._words:
            self._keep(article_id, fold_words(self._read(article_id).text).hashes)
        return self._words[article_id]

    def _index_text(self, article_id: str) -> IndexedText:
        return index_text(self._fold(article_id))

    def _lay_out(self, article_id: str) -> Layout:
        article = self._read(article_id)
        return lay_out(article, fold_words(article.text))
