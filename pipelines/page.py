"""From an archived response to a clean article, or the reason why it is none."""

from __future__ import annotations

from dataclasses import replace

from pipelines.agencies import AgencyTable, default_agencies
from pipelines.blocks import read_blocks
from pipelines.boilerplate import PageFacts
from pipelines.decoding import decode_body
from pipelines.extraction import Body, BodyHints, extract_body
from pipelines.live_blog import with_posts
from pipelines.metadata import PageMetadata, read_metadata
from pipelines.page_article import build_article
from pipelines.page_kind import ParsedPage, reject_page
from pipelines.page_text import read_flattened
from pipelines.page_times import latest_believable
from pipelines.parsing import ExcessiveDepth, excess_of_markup, parse_html
from pipelines.people import split_names
from pipelines.printable import printable_article
from pipelines.records import Article, Capture, Reason, Rejected
from pipelines.site_rules import apply_to_article, find_body, prune, with_pruned
from pipelines.story import SiteRule
from pipelines.urls import canonicalize_url

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml", ""})


def read_page(
    capture: Capture, rule: SiteRule | None = None, agencies: AgencyTable | None = None
) -> Article | Rejected:
    """The article in a response, or a rejection with its reason. Never raises for what a page holds.

    `rule` is what the user knows about the site; credits are read with `agencies`, else with the package's.
    """
    result = _read(capture, rule, agencies or default_agencies())
    if isinstance(result, Rejected):
        return result
    if rule is not None:
        result = apply_to_article(result, rule, latest_believable(capture.fetched_at))
    return printable_article(result)


def _read(capture: Capture, rule: SiteRule | None, agencies: AgencyTable) -> Article | Rejected:
    try:
        canonicalize_url(capture.final_url)
    except ValueError as error:
        return Rejected(capture.url, Reason.BAD_URL, str(error))
    decoded = decode_body(capture.body, capture.charset)
    if not isinstance(decoded, str):
        return Rejected(capture.url, *decoded)
    if capture.media_type == "text/plain":
        return read_flattened(capture, decoded, agencies)
    if capture.media_type not in HTML_TYPES:
        return Rejected(capture.url, Reason.NOT_TEXT, capture.media_type)
    excess = excess_of_markup(decoded)
    if excess is not None:
        return Rejected(capture.url, Reason.TOO_LARGE, excess)
    return _read_html(capture, decoded, rule, agencies)


def _read_html(
    capture: Capture, html: str, rule: SiteRule | None, agencies: AgencyTable
) -> Article | Rejected:
    try:
        tree = parse_html(html)
    except ExcessiveDepth as error:
        return Rejected(capture.url, Reason.TOO_LARGE, str(error))
    if tree is None:
        return Rejected(capture.url, Reason.NOT_ARTICLE, "no HTML document")
    pruned = prune(tree, rule) if rule is not None else ()
    blocks = read_blocks(tree)
    metadata = read_metadata(tree, blocks, capture.final_url)
    facts = PageFacts(metadata.title_variants, metadata.authors)
    article = metadata.article
    hints = BodyHints(
        facts,
        metadata.description,
        data_body=article.body if article else None,
        is_live_blog=article is not None and article.is_live_blog,
    )
    told = find_body(tree, rule) if rule is not None else None
    body = told or with_posts(extract_body(tree, blocks, hints), tree, is_declared=hints.is_live_blog)
    body = with_pruned(body, tree, pruned)
    metadata = _with_cut_byline(metadata, body)
    page = ParsedPage(capture, tree, blocks, metadata, body)
    rejected = reject_page(page)
    return rejected if rejected is not None else build_article(page, agencies)


def _with_cut_byline(metadata: PageMetadata, body: Body) -> PageMetadata:
    """The metadata with a byline that stood in the body, where the page states none elsewhere."""
    cut = next((block.text for block in body.removed if block.rule == "byline"), None)
    if metadata.byline_raw is not None or cut is None:
        return metadata
    return replace(metadata, byline_raw=cut, authors=tuple(split_names(cut)))
