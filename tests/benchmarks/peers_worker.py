"""Answers for the tools of peers-requirements.txt: a question a line on stdin, an answer a line on stdout.

A question is an object with the tool's name and its input: `html` and `url`, or `texts`. The answer has
`text` or `languages`, and the CPU `seconds` it took. It runs under the peers' own Python and imports
nothing of ours.
"""

from __future__ import annotations

import json
import socket
import sys
import time
from typing import Any

Question = dict[str, Any]
# What the tools raise at a page they can't read (or at a language whose data they would have to fetch):
# a page without text.
FAILURES = (AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


def refuse(*_: object) -> None:
    """Stands in for a connection: no tool may fetch anything."""
    raise OSError("no network in a benchmark")


def read_with_newspaper(question: Question) -> str:
    from newspaper import Article, Config
    from newspaper.exceptions import ArticleException

    config = Config()
    config.fetch_images = False  # it fetches them by default
    config.memorize_articles = False
    article = Article(question["url"] or "http://pages.example/page", config=config)
    try:
        article.download(input_html=question["html"])
        article.parse()
    except ArticleException:
        return ""
    return article.text or ""


def read_with_news_please(question: Question) -> str:
    from newsplease import NewsPlease

    article = NewsPlease.from_html(question["html"], url=question["url"] or None, fetch_images=False)
    return article.maintext or ""


def read_with_readability(question: Question) -> str:
    from html_text import extract_text
    from readability import Document

    return extract_text(Document(question["html"]).summary()) or ""


def read_with_resiliparse(question: Question) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return extract_plain_text(
        question["html"], main_content=True, preserve_formatting=True, list_bullets=False, alt_texts=False
    )


def detect_with_py3langid(question: Question) -> list[str]:
    import py3langid

    return [py3langid.classify(text)[0] for text in question["texts"]]


def detect_with_lingua(question: Question) -> list[str]:
    detector = _lingua()
    found = [detector.detect_language_of(text) for text in question["texts"]]
    return [language.iso_code_639_1.name.lower() if language else "und" for language in found]


def _lingua() -> Any:
    global _detector
    if _detector is None:
        from lingua import LanguageDetectorBuilder

        _detector = LanguageDetectorBuilder.from_all_languages().with_preloaded_language_models().build()
    return _detector


_detector: Any = None
TEXT_TOOLS = {
    "newspaper4k": read_with_newspaper,
    "news-please": read_with_news_please,
    "readability-lxml": read_with_readability,
    "resiliparse": read_with_resiliparse,
}
LANGUAGE_TOOLS = {"py3langid": detect_with_py3langid, "lingua": detect_with_lingua}


def answer(question: Question) -> dict[str, Any]:
    """The answer of one tool to one question with its CPU time, or the library that is missing."""
    name = question["tool"]
    started = time.process_time()
    try:
        if name in LANGUAGE_TOOLS:
            found: dict[str, Any] = {"languages": LANGUAGE_TOOLS[name](question)}
        else:
            found = {"text": TEXT_TOOLS[name](question)}
    except ImportError as error:
        return {"error": str(error)}
    except FAILURES:
        found = {"text": ""}
    return found | {"seconds": time.process_time() - started}


def main() -> None:
    socket.socket.connect = refuse  # type: ignore[method-assign,assignment]
    answers, sys.stdout = sys.stdout, sys.stderr  # what a library prints is no answer
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
