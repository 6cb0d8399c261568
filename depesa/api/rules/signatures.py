"""How tokens are recognised and calls are signed."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

START: Final = "depesa_"
SHOWN: Final = 12  # characters of a token by which people tell it from others
HEADER: Final = "Depesa-Signature"


def new_secret() -> str:
    """Something that nobody guesses."""
    return secrets.token_urlsafe(32)


def new_token() -> str:
    """A token for a program; its beginning says what it is to whoever finds it."""
    return START + new_secret()


def base64_hmac(secret: str, body: bytes) -> str:
    """HMAC-SHA256 in base64, as WooCommerce and Shopify sign."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(secret: str, body: bytes, signature: str) -> bool:
    """Whether the signature in base64 is that of the body."""
    return hmac.compare_digest(base64_hmac(secret, body).encode(), signature.encode("ascii", "replace"))


def signature(secret: str, body: bytes, timestamp: int) -> str:
    """The header of our own calls: t=<seconds>,v1=<hex of HMAC-SHA256 over "seconds.body">."""
    digest = hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
