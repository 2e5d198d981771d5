"""People. The e-mail address is the login; what somebody may do follows from teams and juries."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is kept in lower case so that it can be found as it is typed."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user; without a password they sign in by e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with every right, for the admin."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Found whatever the case they typed."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """A person: student, organizer or juror, often not the same from one edition to the next."""

    email = models.EmailField(_("adresse e-mail"), unique=True)
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    is_staff = models.BooleanField(_("accès à l’administration"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    date_joined = models.DateTimeField(_("inscrit le"), default=timezone.now, editable=False)
    # How often everybody who was signed in as this person has been signed out.
    sign_outs = models.PositiveIntegerField(_("déconnexions forcées"), default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("compte")
        verbose_name_plural = _("comptes")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def get_session_auth_hash(self) -> str:
        """What a session of this person holds: another password, or `sign_outs`, and it is void."""
        return self._and_sign_outs(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by secret keys that held before."""
        for found in super().get_session_auth_fallback_hash():
            yield self._and_sign_outs(found)

    def _and_sign_outs(self, found: str) -> str:
        said = f"{found}:{self.sign_outs}"
        return salted_hmac("accounts.sessions", said, algorithm="sha256").hexdigest()

    @property
    def display_name(self) -> str:
        """The name to show; before one is given, the address up to the @."""
        return self.name or self.email.split("@")[0]
