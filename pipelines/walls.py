"""What stands in place of an article: bot check, consent, log-in, paywall, missing page, bare script."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlsplit

from pipelines.lexicon import as_strings, as_table, fold, read_data
from pipelines.records import Reason
from pipelines.text_shape import UNSPACED

MAX_WALL_WORDS = 120  # a page with wall words and a body this short is the wall itself
MAX_TINY_WORDS = 25  # of a body in which one phrase, or the markup, suffices: no article is that short
MAX_TEASER_WORDS = 40  # of a page that declares itself paid for: less is the lead alone
MAX_SHELL_WORDS = 40  # what a page of scripts shows until they run: a name, a menu, "loading"
SEGMENT = re.compile(r"\s+[-–—|:·]\s+|[|·!?.]+")  # between the parts of a title
SOURCE_CHARS = 300_000  # of the page's source that markup is looked for in
PASSWORD_FIELD = re.compile(r"""<input\b[^>]{0,500}\btype\s*=\s*["']?password\b""", re.IGNORECASE)
SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
MOUNT = re.compile(r"""<(?:div|main|section)\b[^>]{0,200}\bid\s*=[^>]{1,200}>\s*</""", re.IGNORECASE)
PLAIN_REFUSALS = ("access denied", "zugriff verweigert", "acces refuse", "acceso denegado", "accesso negato")
# Where several fit: what the server did to us comes before what the page would ask a reader for.
ORDER = (
    Reason.BOT_CHECK,
    Reason.SOFT_404,
    Reason.CONSENT_WALL,
    Reason.LOGIN_WALL,
    Reason.PAYWALL,
    Reason.SCRIPT_ONLY,
)


@dataclass(frozen=True, slots=True)
class WallSigns:
    """What a kind of wall shows of itself."""

    phrases: re.Pattern[str] | None
    markup: tuple[str, ...]
    addresses: frozenset[str]


@dataclass(frozen=True, slots=True)
class PageView:
    """What is known of a page that may be a wall: words of its body, and of all that it shows.

    `text` is the body, or all that the page shows where that is next to nothing.
    """

    url: str
    final_url: str
    title: str
    text: str
    words: int
    shown_words: int
    source: str = ""
    is_paywalled: bool = False
    body: str = ""


@cache
def load_walls() -> Mapping[Reason, WallSigns]:
    """The signs of `walls.toml`, read once."""
    tables = {Reason(name): as_table(table) for name, table in read_data("walls.toml").items()}
    return {
        reason: WallSigns(
            phrases=_any_of(as_strings(table.get("phrases", []))),
            markup=tuple(as_strings(table.get("markup", []))),
            addresses=frozenset(as_strings(table.get("addresses", []))),
        )
        for reason, table in ((reason, tables[reason]) for reason in ORDER)
    }


def find_wall(page: PageView) -> tuple[Reason, str] | None:
    """Which wall a page is, and what gives it away; None if it may be an article.

    Only a short body is judged. Its title, its address or its markup suffices; in the body
    it takes two phrases, since a brief may well report that access was denied.
    """
    if page.words > MAX_WALL_WORDS:
        return None
    for reason, signs in load_walls().items():
        # an article however short may have a cookie notice beside it
        is_notice = reason is Reason.CONSENT_WALL and page.body
        sign = _sign_of(replace(page, text=page.body) if is_notice else page, signs)
        if sign is not None:
            return reason, sign
    if page.is_paywalled and page.words < MAX_TEASER_WORDS:
        return Reason.PAYWALL, "declares itself paid for, and shows little"
    return _empty_shell(page) if max(page.shown_words, page.words) <= MAX_SHELL_WORDS else None


def is_challenge(source: str) -> bool:
    """Whether the body of an error answer is a bot check rather than a plain refusal."""
    signs = load_walls()[Reason.BOT_CHECK]
    in_title = _title_phrase(_title_of(source), signs)
    return in_title not in (None, *PLAIN_REFUSALS) or _markup_in(source, signs) is not None


def _sign_of(page: PageView, signs: WallSigns) -> str | None:
    in_title = _title_phrase(page.title, signs)
    if in_title is not None:
        return f"its title says {in_title!r}"
    address = _telling_address(page, signs)
    if address is not None:
        return f"sent on to {address}"
    in_body = _phrases_in(page.text, signs)
    is_tiny = page.words <= MAX_TINY_WORDS
    if len(in_body) > 1 or (in_body and is_tiny):
        return f"its text says {min(in_body)!r}"
    markup = _markup_in(page.source, signs) if is_tiny else None
    return f"holds {markup}" if markup is not None else None


def _telling_address(page: PageView, signs: WallSigns) -> str | None:
    """The address that a redirect ended at, if it is that of such a wall."""
    if page.final_url == page.url or not signs.addresses:
        return None
    asked, reached = urlsplit(page.url), urlsplit(page.final_url)
    if asked.path == reached.path and asked.hostname == reached.hostname:
        return None
    parts = re.split(r"[/.]", f"{(reached.hostname or '').lower()}{reached.path.lower()}")
    return page.final_url if signs.addresses & set(parts) else None


def _title_phrase(title: str, signs: WallSigns) -> str | None:
    """The phrase that makes up a part of a title, or nearly: a headline may well hold one among others."""
    if signs.phrases is None:
        return None
    for segment in SEGMENT.split(title):
        found = signs.phrases.search(fold(segment))
        if found is not None and len(segment.split()) <= len(found[0].split()) + 1:
            return found[0]
    return None


def _empty_shell(page: PageView) -> tuple[Reason, str] | None:
    if PASSWORD_FIELD.search(page.source) and page.words <= MAX_TINY_WORDS:
        return Reason.LOGIN_WALL, "asks for a password and shows nothing else"
    if SCRIPT.search(page.source) and (MOUNT.search(page.source) or not page.words):
        return Reason.SCRIPT_ONLY, "its text is written by scripts; [fetch] render names sources to render"
    return None


def _phrases_in(text: str, signs: WallSigns) -> set[str]:
    return set(signs.phrases.findall(fold(text))) if signs.phrases is not None else set()


def _markup_in(source: str, signs: WallSigns) -> str | None:
    lower = source[:SOURCE_CHARS].lower()
    return next((mark for mark in signs.markup if mark in lower), None)


def _title_of(source: str) -> str:
    found = re.search(r"<title[^>]*>([^<]{1,300})", source[:SOURCE_CHARS], re.IGNORECASE)
    return found[1] if found else ""


def _any_of(phrases: list[str]) -> re.Pattern[str] | None:
    """A pattern for any of the phrases as whole words; anywhere in scripts without spaces."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=len, reverse=True)
    parts = [re.escape(phrase) for phrase in folded if UNSPACED.search(phrase)]
    spaced = [re.escape(phrase) for phrase in folded if not UNSPACED.search(phrase)]
    parts += [rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"] if spaced else []
    return re.compile("|".join(parts)) if parts else None
