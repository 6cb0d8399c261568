"""Secrets: those that have to be read again, and those that only have to be recognised."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from depesa.core.errors import DomainError


class UnreadableSecret(DomainError):
    """The secret cannot be read with this installation's key. Make a new one."""


def lock(secret: str, purpose: str) -> str:
    """The secret as it is kept: encrypted with a key that is not in the database, another one for each purpose."""
    return _fernet(purpose).encrypt(secret.encode()).decode()


def unlock(kept: str, purpose: str, refusal: type[DomainError] = UnreadableSecret) -> str:
    """The secret itself; the refusal when the installation's key is another one."""
    try:
        return _fernet(purpose).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise refusal from None


def _fernet(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def digest_of(token: str) -> str:
    """What is kept of a token: it is long and random, so that one SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
