"""Where webhooks may go: to the internet, not into the house."""

import ipaddress
from urllib.parse import urlsplit


def fault_of(url: str, *, may_be_private: bool) -> str:
    """What is wrong with the address as a word (scheme, host, user, port); empty if nothing is."""
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
    return "port" if port == 0 else ""


def is_public(address: str) -> bool:
    """Whether this IP address is one of the internet: not private, of this machine, of a link or reserved."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    if inner is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast
