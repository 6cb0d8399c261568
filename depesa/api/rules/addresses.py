"""Where webhooks may go: to the internet, not into the house."""

import ipaddress
from socket import AI_NUMERICHOST, getaddrinfo
from typing import Final
from urllib.parse import urlsplit

_HANDED_OUT: Final = ipaddress.IPv6Network("2000::/3")
_SPECIAL: Final = ipaddress.IPv6Network("2001::/23")
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")


def fault_of(url: str, *, may_be_private: bool) -> str:
    """What is wrong with the address as a word (scheme, host, user, inside, port); empty if nothing is.

    A name is looked up only by who calls it; a number is known to be private already here, however it is written.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "port"
    if parts.scheme != "https" and not (may_be_private and parts.scheme == "http"):
        return "scheme"
    if not parts.hostname or not parts.hostname.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        return "host"
    if parts.username or parts.password:
        return "user"
    if not may_be_private and _is_inside(parts.hostname):
        return "inside"
    return "port" if port == 0 else ""


def _is_inside(host: str) -> bool:
    """Whether it is this machine's name, or a number that is not public: 127.0.0.1, 127.1, 0x7f.1, 2130706433."""
    if f".{host.rstrip('.')}".endswith(".localhost"):
        return True
    try:
        found = getaddrinfo(host, None, flags=AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return False
    return not all(is_public(str(each[4][0])) for each in found)


def is_public(address: str) -> bool:
    """Whether this IP address is one of the internet: not private, of this machine, of a link or reserved.

    Addresses that carry one of the older kind inside (mapped, 6to4, NAT64) are judged by that one. Of IPv6 only what
    is handed out counts (RFC 4291, 2000::/3), without Teredo and the like (2001::/23).
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if ip.version == 4:
        return ip.is_global and not ip.is_multicast
    inner = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(ip.packed[-4:]) if ip in _NAT64 else None)
    if inner is not None:
        return is_public(str(inner))
    return ip in _HANDED_OUT and ip not in _SPECIAL and ip.is_global
