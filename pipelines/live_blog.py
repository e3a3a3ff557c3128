"""Live blogs: the dated entries of a page that is written on as things happen.

They are told by their structure, several neighbours that each carry a time and prose of their own, or by
the entries that the page's JSON-LD lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lxml.html import HtmlElement

from pipelines.blocks import squash
from pipelines.dates import read_time
from pipelines.extraction import Body
from pipelines.jsonld import load_script
from pipelines.records import Paragraph, ParagraphKind, Precision, RemovedBlock
from pipelines.text_shape import count_words

MIN_POSTS = 4  # fewer neighbours with times are teasers or a byline
MIN_POST_WORDS = 12  # mean of the posts: lists of headlines have fewer
MIN_BLOCK_WORDS = 5  # of a block that the reading lost
MAX_LINK_SHARE = 0.4  # of a post's characters; a teaser is a link as a whole
MAX_SPAN = timedelta(days=10)  # from first to last post; archives of headlines go back further
MIN_READ_SHARE = 0.5  # of the posts that the reading holds something of: comments it leaves out
MAX_TIMES = 3_000
MAX_LEVELS = 40  # from a time up to the list of posts
MIN_KEY_CHARS = 20  # shorter texts stand in many posts
TIME_TAGS = ("time", "relative-time")
TEXT_TAGS = frozenset({"p", "li", "blockquote", "h2", "h3", "h4", "h5"})
FOREIGN_HINTS = ("comment", "reply", "replies", "related", "tweet", "sidebar", "recommend")
CLOCK_TIMES = (Precision.SECOND, Precision.MINUTE)
NEVER_MOVED = (ParagraphKind.LEAD, ParagraphKind.CAPTION)


@dataclass(frozen=True, slots=True)
class Post:
    """An entry: when it was written, its text without white space, the blocks of it that are prose."""

    at: datetime
    squashed: str
    blocks: tuple[str, ...]


def with_posts(body: Body, tree: HtmlElement, *, is_declared: bool) -> Body:
    """The body with the entries of a live blog as dated posts; as it is where the page is none.

    `is_declared`: the page says of itself that it is one. Entries that the reading lost are put in.
    """
    listed, shown = _listed_posts(tree), find_posts(tree)
    posts = shown or listed
    if len(posts) < MIN_POSTS:
        return body
    homes = [_home(paragraph, posts) for paragraph in body.paragraphs]
    read = {home for home in homes if home is not None}
    if not (is_declared or listed) and len(read) < MIN_READ_SHARE * len(posts):
        return body
    # a list in the page's data may repeat or sum up what the article says: it only fills in for a lost body
    is_whole = not shown and _length(body.paragraphs) >= MIN_READ_SHARE * sum(len(p.squashed) for p in posts)
    if is_whole and not read:
        return body
    lost = frozenset[int]() if is_whole else frozenset(range(len(posts))) - read
    paragraphs = tuple(_merged(body.paragraphs, homes, lost, posts))
    return replace(body, paragraphs=paragraphs, removed=_still_removed(body, paragraphs))


def find_posts(tree: HtmlElement) -> tuple[Post, ...]:
    """The entries of a page by its structure, in page order; empty if it has no such list."""
    best: tuple[Post, ...] = ()
    for entries in _timed_lists(tree):
        posts = tuple(post for entry, at in entries if (post := _read_post(entry, at)) is not None)
        if _are_posts(posts) and _words(posts) > _words(best):
            best = posts
    return best


def _timed_lists(tree: HtmlElement) -> Iterator[list[tuple[HtmlElement, datetime]]]:
    """Elements of which several children carry a time: these children, each with its first time."""
    children: defaultdict[HtmlElement, dict[HtmlElement, datetime]] = defaultdict(dict)
    for number, element in enumerate(tree.iter(*TIME_TAGS)):
        if number == MAX_TIMES:
            break
        at = _time_of(element)
        child = element
        for _, parent in zip(range(MAX_LEVELS), element.iterancestors(), strict=False):
            if at is None:
                break
            children[parent].setdefault(child, at)
            child = parent
    for found in children.values():
        if len(found) >= MIN_POSTS:
            yield list(found.items())


def _time_of(element: HtmlElement) -> datetime | None:
    raw = element.get("datetime") or ""
    signal = read_time(raw, "time") if raw else None
    return signal.value if signal is not None and signal.precision in CLOCK_TIMES else None


def _read_post(entry: HtmlElement, at: datetime) -> Post | None:
    hints = f"{entry.get('class') or ''} {entry.get('id') or ''}".lower()
    squashed = squash("".join(entry.itertext()))
    linked = sum(len(squash("".join(link.itertext()))) for link in entry.iter("a"))
    if any(hint in hints for hint in FOREIGN_HINTS) or linked > MAX_LINK_SHARE * len(squashed):
        return None
    return Post(at, squashed, tuple(_prose_blocks(entry)))


def _prose_blocks(entry: HtmlElement) -> Iterator[str]:
    for element in entry.iter(*TEXT_TAGS):
        text = " ".join("".join(element.itertext()).split())
        is_inner = not any(True for _ in element.iterdescendants(*TEXT_TAGS))
        linked = sum(len("".join(link.itertext())) for link in element.iter("a"))
        if is_inner and count_words(text) >= MIN_BLOCK_WORDS and linked <= MAX_LINK_SHARE * len(text):
            yield text


def _are_posts(posts: Sequence[Post]) -> bool:
    if len(posts) < MIN_POSTS or _words(posts) < MIN_POST_WORDS * len(posts):
        return False
    moments = [post.at for post in posts]
    return len(set(moments)) > len(moments) // 2 and max(moments) - min(moments) <= MAX_SPAN


def _words(posts: Sequence[Post]) -> int:
    return sum(count_words(" ".join(post.blocks)) for post in posts)


def _listed_posts(tree: HtmlElement) -> tuple[Post, ...]:
    """The entries that the page's JSON-LD lists."""
    scripts = (script.text or "" for script in tree.iter("script"))
    listed = (load_script(script) for script in scripts if "liveBlogUpdate" in script)
    return tuple(post for value in listed for entry in _updates(value) for post in _listed_post(entry))


def _updates(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    if isinstance(value, list):
        for entry in value:
            yield from _updates(entry, depth + 1)
    elif isinstance(value, dict):
        found = value.get("liveBlogUpdate")
        entries = found if isinstance(found, list) else [found]
        yield from (entry for entry in entries if isinstance(entry, dict))
        yield from _updates(value.get("@graph", []), depth + 1)


def _listed_post(entry: dict[str, object]) -> Iterator[Post]:
    raw = entry.get("datePublished") or entry.get("dateCreated")
    signal = read_time(raw, "jsonld") if isinstance(raw, str) else None
    texts = [text for name in ("headline", "articleBody") if isinstance(text := entry.get(name), str)]
    if signal is not None and signal.value is not None and signal.precision in CLOCK_TIMES and texts:
        lines = (" ".join(line.split()) for text in texts for line in text.splitlines())
        yield Post(signal.value, squash("".join(texts)), tuple(line for line in lines if line))


def _home(paragraph: Paragraph, posts: Sequence[Post]) -> int | None:
    """The post that a paragraph stands in."""
    key = squash(paragraph.text)
    if paragraph.kind in NEVER_MOVED or len(key) < MIN_KEY_CHARS:
        return None
    return next((number for number, post in enumerate(posts) if key in post.squashed), None)


def _merged(
    paragraphs: Sequence[Paragraph], homes: Sequence[int | None], lost: Set[int], posts: Sequence[Post]
) -> Iterator[Paragraph]:
    """The paragraphs in their order, posts marked, posts that were lost put before the next one read."""
    due = 0
    for paragraph, home in zip(paragraphs, homes, strict=True):
        if home is None:
            is_marked = paragraph.kind is ParagraphKind.POST
            yield replace(paragraph, kind=ParagraphKind.TEXT) if is_marked and not due else paragraph
            continue
        yield from _posts_between(due, home, lost, posts)
        due = max(due, home + 1)
        is_heading = paragraph.kind is ParagraphKind.HEADING
        kind = ParagraphKind.HEADING if is_heading else ParagraphKind.POST
        yield Paragraph(kind, paragraph.text, posts[home].at)
    yield from _posts_between(due, len(posts), lost, posts)


def _posts_between(start: int, end: int, lost: Set[int], posts: Sequence[Post]) -> Iterator[Paragraph]:
    """The blocks of the lost posts from `start` on and before `end`."""
    for number in range(start, end):
        if number in lost:
            yield from (
                Paragraph(ParagraphKind.POST, text, posts[number].at) for text in posts[number].blocks
            )


def _length(paragraphs: Sequence[Paragraph]) -> int:
    return sum(len(paragraph.text) for paragraph in paragraphs)


def _still_removed(body: Body, paragraphs: Sequence[Paragraph]) -> tuple[RemovedBlock, ...]:
    """What stays removed now that posts came back, at the places of the paragraphs that it stood before."""
    kept = {squash(paragraph.text) for paragraph in paragraphs}
    places: list[int] = []
    for paragraph in body.paragraphs:
        start = places[-1] + 1 if places else 0
        places.append(
            next(at for at in range(start, len(paragraphs)) if paragraphs[at].text == paragraph.text)
        )
    places.append(len(paragraphs))
    return tuple(
        replace(block, position=places[min(block.position, len(places) - 1)], text="\n".join(lines))
        for block in body.removed
        if (lines := [line for line in block.text.split("\n") if squash(line) not in kept])
    )
