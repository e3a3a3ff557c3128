"""The truth about the demo press, against which a run's SQL is compared.

Fates and groups are written down in labels.toml; titles, texts, dates and credits are those of the content.
Who copied whom follows from the origin that the content names for each paragraph: no copy finder had a part
in it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from flows.demo.content import PressArticle, load_press
from flows.demo.copy_labels import LabelledCopy, label_copies
from flows.demo.pages import Address
from pipelines.records import Fate, Paragraph, ParagraphKind, Precision


@dataclass(frozen=True, slots=True)
class Outcome:
    """A fate with its reason, as in `url_fates`."""

    fate: Fate
    reason: str | None


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """What becomes of a URL when an empty warehouse meets the press.

    `tolerated` has further outcomes that are no fault, e.g. where the order of fetching decides.
    """

    url: str
    is_story: bool
    expected: Outcome
    tolerated: tuple[Outcome, ...]

    def allows(self, fate: str, reason: str | None) -> bool:
        """Whether an outcome is the expected one or a tolerated one."""
        return Outcome(Fate(fate), reason) in (self.expected, *self.tolerated)


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """A page of the story, clean. A standfirst is both `subtitle` and the first paragraph, of kind lead.

    `tolerated` are lines that an exact cleaner may keep or cut: photo captions and lines of credit only.
    """

    url: str
    title: str
    subtitle: str | None
    byline: str | None
    language: str
    paragraphs: tuple[Paragraph, ...]
    tolerated: tuple[str, ...]
    published: datetime | None  # a day alone: its midnight, without a zone
    precision: Precision | None
    modified: datetime | None
    agencies: tuple[str, ...]  # credited on the page; a copy that hides its source has none
    is_agency: bool  # the page stands on the agency's own site

    @property
    def text(self) -> str:
        """The paragraphs as `articles.text` joins them."""
        return "\n\n".join(paragraph.text for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class DemoLabels:
    """All that is true of one edition of the press, with the URLs of one port."""

    edition: int
    pages: tuple[LabelledPage, ...]
    articles: Mapping[str, LabelledArticle]  # by URL; the story's pages only
    copies: tuple[LabelledCopy, ...]  # between the story's pages
    off_topic_copies: tuple[LabelledCopy, ...]  # between pages that no story keeps
    groups: tuple[frozenset[str], ...]  # near-identical copies, agency included
    edited_url: str  # the article that the second edition changes


def load_labels(port: int, edition: int = 1) -> DemoLabels:
    """The labels for a press on this port.

    Raises:
        ValueError: no such edition, or a label that is no fate.
    """
    address, articles, written = Address(str(port)), load_press(edition).articles, _read_file()
    urls = {article.id: address.url(article.outlet, article.path) for article in articles}
    story = [article for article in articles if article.is_story]
    story_urls = {urls[article.id] for article in story}
    return DemoLabels(
        edition=edition,
        pages=tuple(_label_page(place, outcomes, port, story_urls) for place, outcomes in written.outcomes),
        articles=MappingProxyType({urls[article.id]: _label_article(article, urls) for article in story}),
        copies=label_copies(story, urls),
        off_topic_copies=label_copies([article for article in articles if not article.is_story], urls),
        groups=tuple(frozenset(urls[name] for name in group) for group in written.groups),
        edited_url=urls[written.edited],
    )


@dataclass(frozen=True, slots=True)
class _LabelFile:
    edited: str  # article id
    groups: tuple[tuple[str, ...], ...]  # article ids
    outcomes: tuple[tuple[str, tuple[Outcome, ...]], ...]  # host and path; the expected one first


@lru_cache(maxsize=1)
def _read_file() -> _LabelFile:
    values = tomllib.loads((files("flows.demo") / "labels.toml").read_text("utf-8"))
    return _LabelFile(
        edited=values["edited"]["article"],
        groups=tuple(tuple(group) for group in values["groups"].values()),
        outcomes=tuple((place, _read_outcomes(label)) for place, label in values["urls"].items()),
    )


def _label_page(place: str, outcomes: tuple[Outcome, ...], port: int, story_urls: Set[str]) -> LabelledPage:
    host, slash, path = place.partition("/")
    url = f"http://{host if ':' in host else f'{host}:{port}'}{slash}{path}"
    return LabelledPage(url, url in story_urls, outcomes[0], outcomes[1:])


def _read_outcomes(label: str | list[str]) -> tuple[Outcome, ...]:
    return tuple(_read_outcome(text) for text in ([label] if isinstance(label, str) else label))


def _read_outcome(text: str) -> Outcome:
    fate, _, reason = text.partition(" ")
    return Outcome(Fate(fate), reason or None)


def _label_article(article: PressArticle, urls: Mapping[str, str]) -> LabelledArticle:
    lead = [Paragraph(ParagraphKind.LEAD, article.subtitle)] if article.subtitle else []
    body = [Paragraph(block.kind, block.text) for block in article.blocks if not block.is_credit]
    credits = [block.text for block in article.blocks if block.is_credit]
    published, precision = _label_time(article.published)
    return LabelledArticle(
        url=urls[article.id],
        title=article.title,
        subtitle=article.subtitle,
        byline=article.byline,
        language=article.language,
        paragraphs=(*lead, *body),
        tolerated=(*credits, *([article.caption] if article.caption else [])),
        published=published,
        precision=precision,
        modified=article.modified,
        agencies=article.agencies,
        is_agency=article.outlet.is_agency,
    )


def _label_time(moment: datetime | date | None) -> tuple[datetime | None, Precision | None]:
    if isinstance(moment, datetime):
        return moment, Precision.SECOND
    if moment is None:
        return None, None
    return datetime.combine(moment, time()), Precision.DAY
