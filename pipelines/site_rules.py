"""Rules for single sites, given by the user as data: the body, what goes, the zone, the outlet's name.

None is needed; where one is given, it goes before what the page says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

import pytz
from lxml.cssselect import CSSSelector
from lxml.html import HtmlElement

from pipelines.blocks import HEADING_TAGS, SourceBlock, read_blocks, squash
from pipelines.date_choice import choose_modified, choose_published
from pipelines.extraction import Body
from pipelines.records import Article, Paragraph, ParagraphKind, Precision, RemovedBlock, TimeSignal
from pipelines.story import SiteRule
from pipelines.urls import host_of

RULE = "site_prune"
BODY_RULE = "site_body"  # for what stands outside of the body that a rule names
CLOCK_TIMES = (Precision.SECOND, Precision.MINUTE)
KIND_OF_TAG = {
    **dict.fromkeys(HEADING_TAGS, ParagraphKind.HEADING),
    "figcaption": ParagraphKind.CAPTION,
    "blockquote": ParagraphKind.QUOTE,
    "li": ParagraphKind.LIST,
}


@dataclass(frozen=True, slots=True)
class PrunedText:
    """Text that a rule took out of a page, and how much of the page's text stood before it."""

    text: str
    chars_before: int


def rule_for(rules: Sequence[SiteRule], url: str) -> SiteRule | None:
    """The rule of the closest host or domain; None if there is none for this URL."""
    host = host_of(url)
    fitting = [rule for rule in rules if host == rule.host or host.endswith(f".{rule.host}")]
    return max(fitting, key=lambda rule: len(rule.host), default=None)


def prune(tree: HtmlElement, rule: SiteRule) -> tuple[PrunedText, ...]:
    """Take the rule's elements out of the tree, which changes; their texts in page order."""
    doomed = {element for selector in rule.prune for element in _compiled(selector)(tree)}
    pruned: list[PrunedText] = []
    for element in [one for one in tree.iter() if one in doomed]:
        if element.getparent() is None or any(outer in doomed for outer in element.iterancestors()):
            continue
        before = sum(len(squash(text)) for text in _texts_before(element))
        pruned += [PrunedText(block.text, before) for block in _blocks_of(element)]
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()
    return tuple(pruned)


def find_body(tree: HtmlElement, rule: SiteRule) -> Body | None:
    """All text of the rule's body elements, in page order; None if the page has none of them.

    Every other block of the page is a removed one.
    """
    wanted = {element for selector in rule.body for element in _compiled(selector)(tree)}
    outermost = [
        element
        for element in tree.iter()
        if element in wanted and not any(outer in wanted for outer in element.iterancestors())
    ]
    found = (block for element in outermost for block in _blocks_of(element))
    paragraphs = tuple(Paragraph(_kind_of(block), block.text) for block in found)
    return Body(paragraphs, tuple(_left_out(tree, paragraphs)), None) if paragraphs else None


def with_pruned(body: Body, tree: HtmlElement, pruned: Sequence[PrunedText]) -> Body:
    """The body with what was pruned among the removed blocks, at its places."""
    if not pruned:
        return body
    page = squash("".join(tree.itertext()))
    offsets = list(_offsets(body, page))
    gone = 0
    removed = list(body.removed)
    for piece in pruned:
        # the tree no longer has what was pruned before this piece
        before = piece.chars_before - gone
        gone += len(squash(piece.text))
        removed.append(RemovedBlock(sum(offset < before for offset in offsets), piece.text, RULE))
    return replace(body, removed=tuple(sorted(removed, key=lambda block: block.position)))


def apply_to_article(article: Article, rule: SiteRule, not_after: datetime) -> Article:
    """The article with the outlet's name and with its naive times in the site's zone."""
    named = replace(article, outlet_name=rule.name or article.outlet_name)
    if rule.zone is None:
        return named
    times = tuple(_in_zone(time, rule.zone) for time in article.time_signals)
    published = choose_published(times, not_after)
    modified = choose_modified(times, not_after, published)
    return replace(named, time_signals=times, published=published, modified=modified)


def _left_out(tree: HtmlElement, paragraphs: Sequence[Paragraph]) -> Iterator[RemovedBlock]:
    kept = {paragraph.text for paragraph in paragraphs}
    position = 0
    for block in read_blocks(tree).blocks:
        if position < len(paragraphs) and block.text == paragraphs[position].text:
            position += 1
        elif block.text not in kept:
            yield RemovedBlock(position, block.text, BODY_RULE)


def _offsets(body: Body, page: str) -> Iterator[int]:
    """Where each paragraph stands in the page's text without white space; one after the other."""
    end = 0
    for paragraph in body.paragraphs:
        key = squash(paragraph.text)
        found = page.find(key, end)
        yield found if found >= 0 else end
        end = found + len(key) if found >= 0 else end


def _in_zone(time: TimeSignal, zone: str) -> TimeSignal:
    if time.value is None or time.zone is not None or time.precision not in CLOCK_TIMES:
        return time
    local = pytz.timezone(zone).localize(time.value.replace(tzinfo=None))
    return replace(time, value=local, zone=zone)


def _blocks_of(element: HtmlElement) -> tuple[SourceBlock, ...]:
    alone = deepcopy(element)
    alone.tail = None
    return read_blocks(alone).blocks


def _kind_of(block: SourceBlock) -> ParagraphKind:
    kinds = (kind for tag, kind in KIND_OF_TAG.items() if tag == block.tag or tag in block.tags)
    return next(kinds, ParagraphKind.TEXT)


def _texts_before(element: HtmlElement) -> Iterator[str]:
    """All text of the page before an element."""
    child = element
    for parent in element.iterancestors():
        yield parent.text or ""
        for earlier in child.itersiblings(preceding=True):
            yield "".join(earlier.itertext())
            yield earlier.tail or ""
        child = parent


@cache
def _compiled(selector: str) -> CSSSelector:
    return CSSSelector(selector, translator="html")
