"""Whether a page is an article: no wall, no front page, no list of headlines, not too short."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from pipelines.blocks import PageBlocks
from pipelines.extraction import Body
from pipelines.metadata import PageMetadata
from pipelines.page_parts import MIN_WORDS, texts_of
from pipelines.records import Capture, ParagraphKind, Reason, Rejected
from pipelines.text_shape import count_words
from pipelines.walls import MAX_TINY_WORDS, MAX_WALL_WORDS, SOURCE_CHARS, PageView, find_wall

ENOUGH_CHARS = 20 * MAX_WALL_WORDS  # of a body: more words than a wall has, in nearly every text
MIN_PROSE_SHARE = 0.25  # of the body's words in running text: a list of headlines has less
MIN_TEASERS = 8  # linked headlines; an article page has as many in its sidebar, but more prose
TEASER_WORDS = 3  # of prose per linked headline: a page with less lists articles …
SECTION_TEASER_WORDS = 40  # … or with less than this, where the address too is that of a section
SECTION_PATH = re.compile(
    r"[a-z_]+(?:-[a-z_]+)?(?:/[a-z_]+(?:-[a-z_]+)?){0,2}(?:/page/\d+)?(?:/index\.\w+)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """A parsed HTML page while it is read."""

    capture: Capture
    tree: HtmlElement
    blocks: PageBlocks
    metadata: PageMetadata
    body: Body


def reject_page(page: ParsedPage) -> Rejected | None:
    """Why a page is no article; None if it is one."""
    url, paragraphs = page.capture.url, page.body.paragraphs
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    words = count_words(text[:ENOUGH_CHARS])
    if words <= MAX_WALL_WORDS:
        words = count_words(text)
    wall = find_wall(_view_of(page, words)) if words <= MAX_WALL_WORDS else None
    if wall is not None:
        return Rejected(url, *wall)
    if _is_front(page):
        return Rejected(url, Reason.NOT_ARTICLE, "a front or section page")
    if words == 0 and not 0 < _words_below_title(page) < MIN_WORDS:
        return Rejected(url, Reason.NOT_ARTICLE, "no body text")
    if words < MIN_WORDS:
        return Rejected(url, Reason.TOO_SHORT, f"{words} words, the least is {MIN_WORDS}")
    return None


def _words_below_title(page: ParsedPage) -> int:
    return sum(count_words(block.text) for block in page.blocks.blocks if block.tag != "h1")


def _view_of(page: ParsedPage, words: int) -> PageView:
    """The page as the judge of walls looks at it."""
    article = page.metadata.article
    shown = [block.text for block in page.blocks.blocks]
    shown_words = sum(map(count_words, shown))
    is_bare = words <= MAX_TINY_WORDS and shown_words <= MAX_WALL_WORDS
    return PageView(
        url=page.capture.url,
        final_url=page.capture.final_url,
        title=page.metadata.title or "",
        text=" ".join(shown if is_bare else texts_of(page.body.paragraphs)),
        words=words,
        shown_words=shown_words,
        source=page.capture.body[:SOURCE_CHARS].decode("latin-1"),  # what is looked for is ASCII
        is_paywalled=article is not None and article.is_accessible_for_free is False,
        body=" ".join(texts_of(page.body.paragraphs)),
    )


def _is_front(page: ParsedPage) -> bool:
    """Whether the page lists articles rather than being one."""
    article = page.metadata.article
    if (article is not None and article.is_article) or (page.metadata.og_type or "").lower() == "article":
        return False
    final_url = page.capture.final_url
    path = urlsplit(final_url).path.strip("/")
    if not path and final_url.startswith("http"):
        return True
    prose = _prose_words(page)
    total = sum(count_words(paragraph.text) for paragraph in page.body.paragraphs)
    if total >= MIN_WORDS and prose < MIN_PROSE_SHARE * total:
        return True
    teasers = _teaser_links(page)
    words_per_teaser = SECTION_TEASER_WORDS if SECTION_PATH.fullmatch(path) else TEASER_WORDS
    return teasers >= MIN_TEASERS and prose < words_per_teaser * teasers


def _prose_words(page: ParsedPage) -> int:
    """Words of the body in running text: sentences that are not links."""
    count = 0
    for paragraph in page.body.paragraphs:
        source = page.blocks.find(paragraph.text)
        is_linked = source is not None and source.link_share > 0.5
        words = count_words(paragraph.text)
        if not is_linked and paragraph.kind is not ParagraphKind.HEADING and words >= 12:
            count += words
    return count


def _teaser_links(page: ParsedPage) -> int:
    """Headlines on the page that are links to other pages, outside of navigation."""
    return sum(
        block.tag in ("h1", "h2", "h3", "h4", "article", "li")
        and block.link_share > 0.8
        and count_words(block.text) >= 4
        for block in page.blocks.blocks
        if not {"nav", "footer", "aside", "header"} & block.tags
    )
