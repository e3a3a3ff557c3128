"""Web addresses read as browsers read them, by the WHATWG URL Standard, as far as http and https go."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.url_hosts import parse_host

DEFAULT_PORTS = {"http": 80, "https": 443}
MAX_PORT = 65535
PORT = re.compile(r"[0-9]{1,5}")
C0_AND_SPACE = "".join(map(chr, range(0x21)))
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)", re.DOTALL)
# an ordinary address that reads the same in any parser, so that the whole way is spared
PLAIN = re.compile(
    r"(?!.*%2[eE])(?!.*/\.\.?(?:[/?]|$))(https?)://((?:[a-z0-9_-]+\.)*[a-z][a-z0-9-]*)"
    r"(/[A-Za-z0-9._~!$&()*+,;=:@%/-]*)(?:\?([A-Za-z0-9._~!$&()*+,;=:@%/?-]+))?"
)
PATH_ENCODED = re.compile(r"""[^!$%&'()*+,\-./0-9:;=@A-Z\[\\\]_a-z|~]""")
QUERY_ENCODED = re.compile(r"""[^!$%&()*+,\-./0-9:;=?@A-Z\[\\\]^_`a-z{|}~]""")
DOTS = re.compile(r"(\.|%2e){1,2}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class WebUrl:
    """An http(s) address in its parts, as they are sent; without user name, password and fragment."""

    scheme: str
    host: str  # lower case, ASCII; an IPv6 address in brackets
    port: int | None  # None: the scheme's own
    path: str  # starts with a slash; percent-encoded
    query: str | None

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{self.scheme}://{self.host}{port}{self.path}{query}"


def parse_url(text: str, base: WebUrl | None = None) -> WebUrl:
    """Read an address, relative to `base` if it isn't absolute.

    Raises:
        ValueError: a browser would refuse it, or it is no http(s) address.
    """
    plain = PLAIN.fullmatch(text)
    if plain is not None:
        return WebUrl(plain[1], plain[2], None, plain[3], plain[4])
    cleaned = re.sub(r"[\t\n\r]", "", _whole(text).strip(C0_AND_SPACE)).partition("#")[0]
    found = SCHEME.fullmatch(cleaned)
    if found is None:
        if base is None:
            raise ValueError(f"only http and https URLs can be fetched: {text[:200]!r}")
        return _parse_relative(cleaned, base)
    scheme, rest = found[1].lower(), found[2]
    if scheme not in DEFAULT_PORTS:
        raise ValueError(f"only http and https URLs can be fetched: {text[:200]!r}")
    if base is not None and base.scheme == scheme and not rest.startswith("//"):
        return _parse_relative(rest, base)
    return _parse_authority(scheme, rest.lstrip("/\\"))


def _parse_relative(rest: str, base: WebUrl) -> WebUrl:
    if not rest:
        return base
    if rest[0] in "/\\":
        if rest[1:2] in ("/", "\\"):
            return _parse_authority(base.scheme, rest.lstrip("/\\"))
        return _with_path(base, [], rest[1:])
    if rest[0] == "?":
        return replace(base, query=_encode(rest[1:], QUERY_ENCODED))
    return _with_path(base, base.path.split("/")[1:-1], rest)


def _parse_authority(scheme: str, rest: str) -> WebUrl:
    end = next((place for place, letter in enumerate(rest) if letter in "/\\?"), len(rest))
    authority, tail = rest[:end], rest[end:]
    host, port = _split_port(authority.rpartition("@")[2])
    if not host:
        raise ValueError(f"a URL without a host: {scheme}://{rest[:200]!r}")
    found = WebUrl(scheme, parse_host(host), None if port == DEFAULT_PORTS[scheme] else port, "/", None)
    return _with_path(found, [], tail[1:] if tail[:1] in ("/", "\\") else tail)


def _split_port(authority: str) -> tuple[str, int | None]:
    host, colon, digits = authority.rpartition(":")
    if not colon or "]" in digits:
        return authority, None
    if not digits:
        return host, None
    number = digits.lstrip("0") or "0"
    if not PORT.fullmatch(number) or int(number) > MAX_PORT:
        raise ValueError(f"a port that is no port: {digits[:50]!r}")
    return host, int(number)


def _with_path(url: WebUrl, above: list[str], rest: str) -> WebUrl:
    """The address with another path: the segments `above`, then those of `rest`."""
    written, mark, query = rest.partition("?")
    segments = list(above)
    parts = re.split(r"[/\\]", written)
    for place, part in enumerate(parts):
        is_last = place == len(parts) - 1
        dots = len(part.lower().replace("%2e", ".")) if DOTS.fullmatch(part) else 0
        if dots == 2:
            segments = segments[:-1]
        if not dots:
            segments.append(_encode(part, PATH_ENCODED))
        elif is_last:
            segments.append("")
    return replace(url, path="/" + "/".join(segments), query=_encode(query, QUERY_ENCODED) if mark else None)


def _encode(text: str, encoded: re.Pattern[str]) -> str:
    return encoded.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), text)


def _whole(text: str) -> str:
    """Text without halves of surrogate pairs, which no encoding can hold."""
    if text.isascii():
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
