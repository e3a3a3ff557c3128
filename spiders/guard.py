"""Keeps the crawler off addresses that no public page has reason to name, where names are resolved."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

ALLOW_PRIVATE_SETTING = "WIRECOPY_ALLOW_PRIVATE_HOSTS"
PRIVATE_HOSTS_SETTING = "WIRECOPY_PRIVATE_HOSTS"
RESOLVE_SETTING = "WIRECOPY_RESOLVE"

GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
# 6to4 and Teredo carry an IPv4 address inside, so a public-looking one leads to a private host.
TUNNELS = tuple(ipaddress.IPv6Network(network) for network in ("2001::/23", "2002::/16"))
# protocol assignments, and the relay of 6to4: public by the book, no place for a web server
SPECIAL_V4 = tuple(ipaddress.IPv4Network(network) for network in ("192.0.0.0/24", "192.88.99.0/24"))


def is_public_address(address: str) -> bool:
    """Whether an address is one that a public web server can have.

    `ipaddress.is_global` alone is not enough: it passes multicast, 6to4, NAT64 and
    IPv4-compatible addresses.

    Raises:
        ValueError: `address` is no IP address.
    """
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return is_public_address(str(parsed.ipv4_mapped))
        in_tunnel = any(parsed in network for network in TUNNELS)
        return parsed in GLOBAL_UNICAST and not in_tunnel and parsed.is_global
    is_special = parsed.is_multicast or any(parsed in network for network in SPECIAL_V4)
    return parsed.is_global and not is_special


@implementer(IHostnameResolver)
class GuardResolver:
    """A resolver that hands on public addresses only, so that no other is ever connected to.

    Literal addresses come through here too, in any spelling. `refused` has what a host
    resolved to where nothing was left. Hosts of `private` may lead anywhere: the story names them.
    """

    def __init__(
        self, reactor: Any, *, allow_private: bool, fixed: Mapping[str, str], private: Collection[str] = ()
    ) -> None:
        self._reactor = reactor
        self._allow_private = allow_private
        self._fixed = fixed
        self._private = frozenset(private)
        self._system: Any = reactor.nameResolver
        self.refused: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> GuardResolver:
        settings = crawler.settings
        return cls(
            reactor,
            allow_private=settings.getbool(ALLOW_PRIVATE_SETTING),
            fixed=settings.getdict(RESOLVE_SETTING),
            private=settings.getlist(PRIVATE_HOSTS_SETTING),
        )

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> Any:
        host = hostName.lower().rstrip(".")
        may_be_private = self._allow_private or host in self._private
        receiver = resolutionReceiver if may_be_private else _Filter(resolutionReceiver, host, self.refused)
        target = self._fixed.get(host, hostName)
        return self._system.resolveHostName(receiver, target, portNumber, addressTypes, transportSemantics)


@implementer(IResolutionReceiver)
class _Filter:
    """Stands between the system's resolver and whoever connects."""

    def __init__(self, receiver: Any, host: str, refused: dict[str, str]) -> None:
        self._receiver = receiver
        self._host = host
        self._refused = refused
        self._withheld: list[str] = []
        self._has_passed = False

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:  # noqa: N802, N803
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        if is_public_address(address.host):
            self._has_passed = True
            self._receiver.addressResolved(address)
        else:
            self._withheld.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        if self._withheld and not self._has_passed:
            self._refused[self._host] = self._withheld[0]
        self._receiver.resolutionComplete()
