"""Users of the desk."""

from __future__ import annotations

from typing import ClassVar, Self, override

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from depesa.core.edits import Editable, Rows
from depesa.core.languages import choices
from depesa.core.records import Recorded
from depesa.staff.rules import Right, Role, may


class Theme(models.TextChoices):
    """How the pages look for this user."""

    AUTO = "auto", _("as the device")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class UserManager(BaseUserManager["User"]):
    """Makes users with a hashed password."""

    @override
    def get_queryset(self) -> Rows[User]:
        return Rows(self.model, using=self._db)

    def create_user(self, username: str, *, password: str | None = None, **fields: object) -> User:
        """A user who can sign in with the password; without one, nobody can."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(Recorded, AbstractBaseUser, Editable):
    """A person at the desk."""

    record_kind = "user"
    unseen = frozenset({"last_login"})

    ROLES = [
        (Role.ADMIN.value, _("administrator")),
        (Role.MANAGER.value, pgettext_lazy("role", "manager")),
        (Role.CLERK.value, _("clerk")),
        (Role.READER.value, _("reader")),
        (Role.NONE.value, _("no access")),
    ]

    username = models.CharField(_("sign-in name"), max_length=150, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    role = models.CharField(_("role"), max_length=10, choices=ROLES, default=Role.READER.value)
    language = models.CharField(_("language"), max_length=2, choices=choices, blank=True)
    theme = models.CharField(_("look"), max_length=5, choices=Theme, default=Theme.AUTO)
    signature = models.TextField(_("signature"), blank=True)
    signature_html = models.TextField(_("signature as HTML"), blank=True)  # cleaned; empty: made from the text
    is_active = models.BooleanField(_("may sign in"), default=True)
    has_one_time_password = models.BooleanField(default=False, editable=False)  # to be changed at the next sign-in
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        ordering = ["username"]

    @override
    def __str__(self) -> str:
        return self.name or self.username

    def may(self, right: Right) -> bool:
        """Whether this user has the right now."""
        return self.is_active and may(self.role, right)

    # The permission questions that Django's own parts ask; the policy is `may`.
    @property
    def is_staff(self) -> bool:
        """Django's admin is not part of the product."""
        return False

    is_superuser = False


class Attempt(models.Model):
    """Something that may be tried only so often: signing in, asking for a letter, using the API."""

    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=64)  # hash of an address of mail or machine
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("attempt")
        indexes = [models.Index(fields=["kind", "key", "at"], name="attempt_by_key")]


class DeskSession(models.Model):
    """A user's stay at the desk, from signing in to the end; it goes with the session of the browser."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="sessions")
    machine = models.CharField(max_length=45)
    device = models.CharField(max_length=60)
    began_at = models.DateTimeField()
    used_at = models.DateTimeField()  # not written more often than every few minutes

    class Meta:
        verbose_name = _("session")
        ordering = ["-used_at", "-pk"]


class Visible[M: models.Model](Rows[M]):
    """Rows that everybody sees who may look."""

    def visible_to(self, user: User) -> Self:
        """All of them for anybody who may look, none for others."""
        return self if user.may(Right.SEE) else self.none()
