"""Compile the loops that compare texts: `python -m flows.warm_up`, once after an installation.

They are kept on disk, so that no run has to wait for the compiler; without it, the first run does it.
"""

from __future__ import annotations

from pipelines.copies import compare_articles
from pipelines.records import ComparedArticle

LETTERS = ("a", "я", "語", "\N{SHIP}", "\N{GRINNING FACE}")  # texts of each width of character
WORDS = 120


def warm_up() -> None:
    """Compare a few made-up texts in all ways that texts are compared."""
    for letter in LETTERS:
        words = [f"{letter}{number}" for number in range(WORDS)]
        changed = [*words[: WORDS // 3], "one", "more", *words[WORDS // 3 + 1 :]]
        texts = (" ".join(words), " ".join(changed), " ".join(words[: WORDS // 2]))
        compare_articles(
            [
                ComparedArticle(f"{letter}-{number}", f"{number}.example", text, (0,), None, None, ())
                for number, text in enumerate(texts)
            ]
        )


if __name__ == "__main__":
    warm_up()
