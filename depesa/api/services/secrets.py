"""Secrets that have to be read again: encrypted with a key that is not in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from depesa.core.errors import DomainError


class UnreadableSecret(DomainError):
    """The secret cannot be read with this installation's key. Make a new one."""


def _lock() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"api:{settings.SECRET_KEY}".encode()).digest()))


def closed(secret: str) -> str:
    """The secret as it is kept."""
    return _lock().encrypt(secret.encode()).decode()


def opened(kept: str) -> str:
    """The secret itself; UnreadableSecret when the installation's key is another one."""
    try:
        return _lock().decrypt(kept.encode()).decode()
    except InvalidToken:
        raise UnreadableSecret from None
