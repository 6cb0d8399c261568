"""Passwords that everybody uses, as Django's own check knows them: they are in memory once."""

from django.contrib.auth.password_validation import CommonPasswordValidator, get_default_password_validators


def is_common(password: str) -> bool:
    """Whether the password is one of the 20,000 that are guessed first."""
    checks = (each for each in get_default_password_validators() if isinstance(each, CommonPasswordValidator))
    return any(password.strip().lower() in each.passwords for each in checks)
