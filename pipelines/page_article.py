"""From a parsed page and its body to the article: address, times, credits, language."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from pipelines.agencies import AgencyTable
from pipelines.credit_forms import source_label
from pipelines.credits import CreditSources, agencies_of, read_credits
from pipelines.date_choice import choose_modified, choose_published
from pipelines.language import detect_language
from pipelines.metadata import PageMetadata
from pipelines.page_kind import ParsedPage
from pipelines.page_parts import hint_times, outlet_for, running_text_of, texts_of
from pipelines.page_times import latest_believable, read_fallback_time, read_page_times
from pipelines.records import Article, TimeSignal
from pipelines.urls import canonicalize_url, is_same_site, outlet_of

MAX_SOURCE_LINE_CHARS = 120
OTHER_PLACES = frozenset({"footer", "figure", "figcaption"})  # a source named there is not the text's
MAY_BE_LABEL = re.compile(r"[:：]|- ")
CREDIT_RULES = frozenset({"credit", "byline", "plea", "bio"})


def build_article(page: ParsedPage, agencies: AgencyTable) -> Article:
    """The article of a page that holds one; its credits are read with a table of agencies."""
    capture, metadata = page.capture, page.metadata
    url, canonical = _address(page)
    outlet = outlet_for(capture, url, canonical)
    times = _times(page, url)
    not_after = latest_believable(capture.fetched_at)
    published = choose_published(times, not_after)
    credits = read_credits(_credit_sources(page, outlet, canonical), agencies)
    text = "\n".join(texts_of(page.body.paragraphs))
    return Article(
        url=url,
        canonical_url=canonical,
        outlet=outlet,
        outlet_name=metadata.site_name or capture.hints.outlet,
        title=metadata.title or capture.hints.title,
        subtitle=page.body.subtitle,
        byline_raw=metadata.byline_raw,
        authors=metadata.authors,
        agencies=agencies_of(credits),
        published=published,
        modified=choose_modified(times, not_after, published),
        language=detect_language(text, metadata.declared_languages),
        section=metadata.section,
        tags=metadata.tags,
        image_url=metadata.image_url,
        is_paywalled=_is_paywalled(metadata),
        paragraphs=page.body.paragraphs,
        removed=page.body.removed,
        time_signals=times,
        credit_signals=credits,
    )


def _address(page: ParsedPage) -> tuple[str, str | None]:
    """The URL to file the article under, and the one that the page declares."""
    own = canonicalize_url(page.capture.final_url)
    declared = [_canonical_or_none(raw) for raw in (page.metadata.canonical_url, page.metadata.og_url)]
    usable = [url for url in declared if url is not None and urlsplit(url).path.strip("/")]
    canonical = usable[0] if usable else None
    same_site = [url for url in usable if not own.startswith("file:") and is_same_site(url, own)]
    return (same_site[0] if same_site else own), canonical


def _canonical_or_none(raw: str | None) -> str | None:
    if raw is None:
        return None
    try:
        return canonicalize_url(raw)
    except ValueError:  # a page may declare anything
        return None


def _times(page: ParsedPage, url: str) -> tuple[TimeSignal, ...]:
    not_after = latest_believable(page.capture.fetched_at)
    signals = (
        *read_page_times(page.tree, page.blocks, page.metadata, url, page.body.removed),
        *hint_times(page.capture),
    )
    if choose_published(signals, not_after) is None:
        guess = read_fallback_time(page.tree, url, not_after)
        signals = (*signals, guess) if guess is not None else signals
    return tuple(dict.fromkeys(signals))


def _credit_sources(page: ParsedPage, outlet: str, canonical: str | None) -> CreditSources:
    article, metadata = page.metadata.article, page.metadata
    is_foreign = canonical is not None and outlet_of(canonical) != outlet
    return CreditSources(
        byline_raw=metadata.byline_raw,
        authors=article.authors if article else (),
        organizations=article.author_organizations if article else (),
        publisher=article.publisher if article else None,
        jsonld_credits=article.credits if article else (),
        meta_authors=metadata.meta_authors,
        paragraphs=texts_of(running_text_of(page.body.paragraphs)),
        removed=(
            *(block.text for block in page.body.removed if block.rule in CREDIT_RULES),
            *_source_lines(page),
        ),
        captions=tuple(
            block.text for block in page.blocks.blocks if "figcaption" in block.tags or "figure" in block.tags
        )[:20],
        canonical_outlet=outlet_of(canonical) if is_foreign and canonical else None,
        own_names=tuple(name for name in (metadata.site_name, outlet, page.capture.hints.outlet) if name),
    )


def _source_lines(page: ParsedPage) -> tuple[str, ...]:
    """Short lines outside of the body that name a source: "Source: Agency"."""
    return tuple(
        block.text
        for block in page.blocks.blocks
        if len(block.text) <= MAX_SOURCE_LINE_CHARS
        and MAY_BE_LABEL.search(block.text)
        and source_label().search(block.text)
        and not OTHER_PLACES & block.tags
    )[:5]


def _is_paywalled(metadata: PageMetadata) -> bool | None:
    article = metadata.article
    if article is None or article.is_accessible_for_free is None:
        return None
    return not article.is_accessible_for_free
