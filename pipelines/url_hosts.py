"""Hosts of web addresses, in the one spelling that browsers reduce all others to."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import unquote_to_bytes

import idna

FORBIDDEN = re.compile(r"[\x00-\x20#%/:<>?@\[\\\]^|\x7f]")
NUMBER = re.compile(r"0[xX][0-9a-fA-F]*|[0-9]+")
MAX_IPV4 = 2**32


def parse_host(text: str) -> str:
    """A host in lower-case ASCII; an IPv4 address with dots, however it was written, IPv6 in brackets.

    Raises:
        ValueError: no host that a browser would take.
    """
    if text.startswith("["):
        if not text.endswith("]"):
            raise ValueError(f"a bracket without its other half: {text[:100]!r}")
        return _parse_ipv6(text[1:-1])
    host = unquote_to_bytes(text).decode("utf-8", "replace") if "%" in text else text
    folded = host.lower() if host.isascii() else _to_ascii(host)
    if not folded or FORBIDDEN.search(folded):
        raise ValueError(f"a host that no name server knows: {text[:100]!r}")
    return _parse_ipv4(folded) if _ends_in_number(folded) else folded


def _to_ascii(host: str) -> str:
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        return ".".join(map(_label_to_ascii, mapped.split(".")))
    except (idna.IDNAError, UnicodeError) as error:
        raise ValueError(f"a host name that cannot be encoded: {host[:100]!r}") from error


def _label_to_ascii(label: str) -> str:
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


def _ends_in_number(host: str) -> bool:
    labels = host.split(".")
    last = labels[-2] if labels[-1] == "" and len(labels) > 1 else labels[-1]
    return last.isdecimal() or re.fullmatch(r"0[xX][0-9a-fA-F]*", last) is not None


def _parse_ipv4(host: str) -> str:
    labels = host.removesuffix(".").split(".")
    if len(labels) > 4 or not all(map(NUMBER.fullmatch, labels)):
        raise ValueError(f"a host that ends in a number and is no address: {host[:100]!r}")
    numbers = [_parse_number(label) for label in labels]
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError(f"an address with a part out of range: {host[:100]!r}")
    value = numbers[-1] + sum(number * 256 ** (3 - place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _parse_number(label: str) -> int:
    """Decimal, hexadecimal after 0x, octal after 0."""
    if label[:2].lower() == "0x":
        return int(label[2:] or "0", 16)
    if len(label) > 1 and label.startswith("0"):
        return int(label, 8)  # raises ValueError for the digits 8 and 9
    return int(label) if len(label) <= 20 else MAX_IPV4


def _parse_ipv6(text: str) -> str:
    if "%" in text:
        raise ValueError(f"an address with a zone: {text[:100]!r}")
    groups = ipaddress.IPv6Address(text).exploded.split(":")
    short = ":".join(group.lstrip("0") or "0" for group in groups)
    runs = [found[0] for found in re.finditer(r"(?:^|(?<=:))0(?::0)+(?=:|$)", short)]
    if not runs:
        return f"[{short}]"
    before, _, after = short.partition(max(runs, key=len))
    return f"[{before.removesuffix(':')}::{after.removeprefix(':')}]"
