"""Which of a page's titles is the article's, without the name of the site."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipelines.lexicon import fold
from pipelines.text_shape import folded_key
from pipelines.urls import outlet_of

SEPARATOR = re.compile(r"\s+[|–—·•:»«-]{1,2}\s+|\s*[|｜]\s*|_(?=[^_]+$)")
MAX_SITE_NAME_WORDS = 5
MIN_AGREEMENT = 0.6  # of the words of the shorter title: below it, a heading says something else
MAX_TITLE_CHARS = 400
MIN_CLAIM_LETTERS = 20  # a shorter claim may be a part of a title by chance
MAX_KICKER_LETTERS = 30  # of a word or two over the headline


def choose_title(
    claims: Sequence[str], headings: Sequence[str], site_name: str | None, url: str
) -> tuple[str | None, tuple[str, ...]]:
    """The title and all its variants, the title first.

    `claims` are what the page's head states, most trusted first; `headings` what readers see. A heading that
    agrees with a claim wins, since claims are often shortened or carry the site's name.
    """
    bare = [strip_site_name(claim, site_name, url) for claim in claims if len(claim) <= MAX_TITLE_CHARS]
    agreeing = [
        (max((_agreement(heading, claim) for claim in bare), default=0.0), heading)
        for heading in headings
        if 0 < len(heading) <= MAX_TITLE_CHARS
    ]
    best = max(agreeing, key=lambda pair: pair[0], default=(0.0, ""))
    key, sites = folded_key(best[1]), _site_keys(site_name, url)
    same = [claim for claim in bare if _says_the_same(key, folded_key(claim), sites)]
    if best[0] >= MIN_AGREEMENT:
        # of two spellings that differ in spaces and marks only, the head's is the one meant to be quoted
        title: str | None = same[0] if same else best[1]
    else:
        title = bare[0] if bare else next((heading for heading in headings if heading.strip()), None)
    variants = dict.fromkeys([*([title] if title else []), *bare, *claims])
    return title, tuple(variants)


def _says_the_same(heading: str, claim: str, sites: set[str]) -> bool:
    """Whether a heading says what a claim does, but for a kicker over it or the site's name behind."""
    if heading == claim:
        return True
    if len(claim) < MIN_CLAIM_LETTERS:
        return False
    has_kicker = heading.endswith(claim) and len(heading) - len(claim) <= MAX_KICKER_LETTERS
    return has_kicker or (heading.startswith(claim) and heading[len(claim) :] in sites)


def strip_site_name(title: str, site_name: str | None, url: str) -> str:
    """A title without the site's name at its end or start; the title itself if that leaves nothing."""
    parts = SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    names = _site_keys(site_name, url)
    last = _cut_end(title, parts, names)
    if last != title:
        return strip_site_name(last, site_name, url)
    if _is_site(parts[0], names):
        return title[len(parts[0]) :].lstrip(" |｜–—·•:»«-_") or title
    return title


def _cut_end(title: str, parts: list[str], names: set[str]) -> str:
    """The title without its last part, if that is the site's name, or a section of it behind a bar."""
    separator = title[: len(title) - len(parts[-1])][-3:]
    is_short = len(parts[-1].split()) <= MAX_SITE_NAME_WORDS and len(parts[-1]) <= 30
    is_named = _is_site(parts[-1], names)
    is_behind_bar = is_short and bool(re.search(r"[|｜]", separator)) and len(parts[0]) > len(parts[-1])
    if not (is_named or is_behind_bar):
        return title
    rest = title[: len(title) - len(parts[-1])].rstrip(" |｜–—·•:»«-_")
    return rest or title


def _site_keys(site_name: str | None, url: str) -> set[str]:
    names = {folded_key(site_name)} if site_name else set()
    if url.startswith("http"):
        label = outlet_of(url).split(".")[0]
        names |= {folded_key(label), folded_key(outlet_of(url))}
    return names - {""}


def _is_site(part: str, names: set[str]) -> bool:
    key = folded_key(re.sub(r"\.(?:com|org|net|[a-z]{2})$", "", part.strip().lower()))
    return (
        bool(key)
        and len(part.split()) <= MAX_SITE_NAME_WORDS
        and (
            key in names
            or any(len(key) >= 4 and (key in name or name in key) and len(name) >= 4 for name in names)
        )
    )


def _agreement(heading: str, claim: str) -> float:
    """How much of the shorter title's words the other one has, 0.0 to 1.0; one inside the other counts 1."""
    first, second = folded_key(heading), folded_key(claim)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    shorter, longer = sorted((first, second), key=len)
    if shorter in longer and len(shorter) >= 12:
        return 0.95
    ours, theirs = set(re.findall(r"\w+", fold(heading))), set(re.findall(r"\w+", fold(claim)))
    return 0.9 * len(ours & theirs) / max(len(ours), len(theirs)) if ours and theirs else 0.0
