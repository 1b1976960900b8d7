"""Slows down floods on pages that are open to all, without keeping who the visitor is.

What is counted stands in the same table as other tries, under a keyed hash for a quarter of an
hour. The hash is salted with the window of time, so the same visitor has another one in the next.
"""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from accounts.tries import WINDOW, count_try
from core import clock

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# From where a proxy of this service speaks: the machine itself, and private networks.
PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def address_of(request: HttpRequest) -> str:
    """Return the network address a request came from, coarsened; empty if there is none.

    Behind a proxy (which speaks from a private address) it is the one that the proxy itself
    added, the last; what stands before it was sent by the visitor and could be anything. Of IPv6
    the first 64 bits stand for one connection.
    """
    given = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    near = _read(given)
    far = _read(forwarded) if near is not None and _is_a_proxy_s(near) else None
    found = far or near
    if found is None:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False).network_address)
    return str(found)


def _is_a_proxy_s(address: Address) -> bool:
    return any(address in network for network in PRIVATE)


def _read(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def may_go_on(kind: str, request: HttpRequest, *where: str) -> bool:
    """Count one more try of this kind by this visitor at ``where``; say whether it may go on.

    Raises KeyError for a kind that accounts/tries.py does not know.
    """
    salt = str(int(clock.now().timestamp() // WINDOW.total_seconds()))
    return count_try(kind, salt, address_of(request), *where)
