"""robots.txt as RFC 9309 reads it: its bytes in, the rules for one crawler out.

Where Google's published parser says more than the RFC (typing errors, lines without a colon,
long lines, `index.html`), we do as it does: site owners test their files with it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

MAX_LINE_BYTES = 2083 * 8 - 1  # Google's bound: eight times the longest URL that browsers take
MAX_SITEMAP_LINES = 100  # large sites list some dozens
MAX_DELAY_SECONDS = 86_400.0  # a larger Crawl-delay is a slip of the pen, not a wish
AGENT_LINES = ("user-agent", "useragent", "user agent")
DISALLOW_LINES = ("disallow", "dissallow", "dissalow", "disalow", "diasllow", "disallaw")
SITEMAP_LINES = ("sitemap", "site-map")
UTF8_MARK = codecs.BOM_UTF8
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
BLANKS = " \t\x00\x0b\x0c"
LINE_END = re.compile(rb"\r\n|\r|\n")
PRODUCT_TOKEN = re.compile(r"[a-z_-]+", re.IGNORECASE)
ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
INDEX_PAGE = "/index.htm"
RAW_OCTET_BASE = 0xDC00  # Python's `surrogateescape`: an octet that is no UTF-8, kept as one character
RAW_OCTETS = frozenset(map(chr, range(RAW_OCTET_BASE + 0x80, RAW_OCTET_BASE + 0x100)))
UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line; `pattern` may hold `*`, and `$` at its end."""

    is_allow: bool
    pattern: str

    @property
    def weight(self) -> int:
        """What decides between rules that match: the longer one, in octets."""
        return len(self.pattern)

    def matches(self, path: str) -> bool:
        """Whether the pattern matches the beginning of a path, or all of it where it ends in `$`.

        Each part between stars is looked for once, leftmost, so no pattern can make it slow.
        """
        is_anchored = self.pattern.endswith("$")
        first, *others = self.pattern.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        if not others:
            return not is_anchored or len(path) == len(first)
        end = len(first)
        for part in others[:-1]:
            found = path.find(part, end)
            if found < 0:
                return False
            end = found + len(part)
        if is_anchored:
            return path.endswith(others[-1]) and len(path) - len(others[-1]) >= end
        return path.find(others[-1], end) >= 0


@dataclass(slots=True)
class _Group:
    """What the file says to one kind of crawler: all its groups taken together."""

    is_named: bool = False
    rules: list[Rule] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    signals: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RobotsTxt:
    """What a robots.txt says to one crawler."""

    rules: tuple[Rule, ...] = ()
    plain_rules: tuple[Rule, ...] = ()  # the same without needless escapes
    crawl_delay_seconds: float | None = None
    content_signals: tuple[str, ...] = ()  # stated for this crawler, for all, or outside of any group
    sitemaps: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether a URL may be asked for.

        The RFC undoes the escapes of unreserved characters before it compares, Google's
        parser does not: a URL that either reading forbids is forbidden.
        """
        path = escape_octets(path_of(url))
        if not is_allowed(path, self.rules):
            return False
        plain = _undo_needless_escapes(path)
        return (plain, self.plain_rules) == (path, self.rules) or is_allowed(plain, self.plain_rules)


def is_allowed(path: str, rules: tuple[Rule, ...]) -> bool:
    """Whether an escaped path is allowed: the longest rule that matches decides, Allow where both are."""
    allowed = max((_weight_of(rule, path) for rule in rules if rule.is_allow), default=0)
    forbidden = max((_weight_of(rule, path) for rule in rules if not rule.is_allow), default=0)
    return forbidden <= allowed


def read_robots_txt(body: bytes, product_token: str) -> RobotsTxt:
    """The rules for the crawler that calls itself `product_token`; never raises.

    Its own groups count if there is one, those for `*` else. Lines that are no rules are
    read over, as are byte order marks, even half ones.
    """
    own, everyone, ungrouped = _Group(), _Group(), _Group()
    sitemaps: list[str] = []
    open_groups: list[_Group] = [ungrouped]
    is_heading = False
    for name, value in _read_lines(body):
        if name in AGENT_LINES:
            if not is_heading:
                open_groups, is_heading = [], True
            group = _addressed(value, product_token, own, everyone)
            if group is not None:
                group.is_named = True
                open_groups.append(group)
        elif name in SITEMAP_LINES:
            sitemaps.append(_shown(value))
        else:
            is_heading = is_heading and name not in ("allow", *DISALLOW_LINES)
            for group in open_groups:
                _note(group, name, value)
    chosen = own if own.is_named else everyone
    signals = [*ungrouped.signals, *everyone.signals, *own.signals]
    rules = tuple(dict.fromkeys(chosen.rules))
    return RobotsTxt(
        rules=rules,
        plain_rules=tuple(Rule(rule.is_allow, _undo_needless_escapes(rule.pattern)) for rule in rules),
        crawl_delay_seconds=max(chosen.delays, default=None),
        content_signals=tuple(dict.fromkeys(signals)),
        sitemaps=tuple(dict.fromkeys(sitemaps))[:MAX_SITEMAP_LINES],
    )


def path_of(url: str) -> str:
    """What rules are compared with: path and query, without the fragment; `/` if there is none."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def escape_octets(text: str) -> str:
    """Octets beyond ASCII percent-encoded, the digits of escapes in upper case."""
    escaped = text if text.isascii() else "".join(map(_escape_char, text))
    return ESCAPE.sub(lambda match: match[0].upper(), escaped)


def _escape_char(char: str) -> str:
    if char.isascii():
        return char
    if char in RAW_OCTETS:
        return f"%{ord(char) - RAW_OCTET_BASE:02X}"
    return "".join(f"%{octet:02X}" for octet in char.encode("utf-8", "surrogatepass"))


def _read_lines(body: bytes) -> Iterator[tuple[str, str]]:
    """Name, in lower case, and value of each line that has both."""
    for line in LINE_END.split(_without_mark(body)):
        text = line[:MAX_LINE_BYTES].partition(b"#")[0].decode("utf-8", "surrogateescape").strip(BLANKS)
        name, colon, value = text.partition(":")
        if not colon:
            words = text.split()
            name, value = (words[0], words[1]) if len(words) == 2 else ("", "")
        if name:
            yield name.strip(" \t").lower(), value.strip(" \t")


def _without_mark(body: bytes) -> bytes:
    if body.startswith(UTF16_MARKS):
        return body.decode("utf-16", "replace").encode("utf-8", "surrogatepass")
    for length in range(len(UTF8_MARK), 0, -1):
        if body.startswith(UTF8_MARK[:length]):
            return body[length:]
    return body


def _addressed(value: str, product_token: str, own: _Group, everyone: _Group) -> _Group | None:
    """The group that a User-agent line begins: ours, everyone's, or None: another crawler's."""
    if value == "*" or value.startswith(("* ", "*\t")):
        return everyone
    token = PRODUCT_TOKEN.match(value)
    return own if token is not None and token[0].lower() == product_token.lower() else None


def _note(group: _Group, name: str, value: str) -> None:
    if name == "allow" or name in DISALLOW_LINES:
        if value:
            group.rules.append(Rule(name == "allow", escape_octets(value)))
    elif name == "crawl-delay":
        group.delays += _read_delay(value)
    elif name == "content-signal" and value:
        group.signals.append(_shown(value))


def _shown(value: str) -> str:
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _read_delay(value: str) -> list[float]:
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", value):
        return []
    return [float(value)] if float(value) <= MAX_DELAY_SECONDS else []


def _weight_of(rule: Rule, path: str) -> int:
    if rule.matches(path):
        return rule.weight
    folder = _folder_of_index(rule)
    return folder.weight if folder is not None and folder.matches(path) else 0


def _folder_of_index(rule: Rule) -> Rule | None:
    """The rule for the folder, where an Allow line names the folder's index page."""
    at = rule.pattern.rfind("/")
    if not rule.is_allow or at < 0 or not rule.pattern.startswith(INDEX_PAGE, at):
        return None
    return Rule(True, rule.pattern[: at + 1] + "$")


def _undo_needless_escapes(text: str) -> str:
    def undo(match: re.Match[str]) -> str:
        char = chr(int(match[0][1:], 16))
        return char if char in UNRESERVED else match[0]

    return ESCAPE.sub(undo, text)
