from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.sessions.models import Session
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Without a password the user signs in by e-mailed code."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """Rights follow from teams, juries and editions."""

    email = models.EmailField(_("adresse e-mail"), unique=True)
    name = models.CharField(_("prénom et nom"), max_length=120, blank=True)
    # Given by the person for the organizers of their editions, and shown on the team's sheet only.
    phone = models.CharField(_("téléphone"), max_length=30, blank=True)
    is_staff = models.BooleanField(_("accès à l’administration"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    date_joined = models.DateTimeField(_("inscrit le"), default=timezone.now, editable=False)
    # Incremented to end all sessions of this user.
    sign_outs = models.PositiveIntegerField(_("déconnexions forcées"), default=0, editable=False)

    # Incremented for another secret address of their calendar.
    calendar_renewals = models.PositiveIntegerField(default=0, editable=False)
    # Scheduled erasure of an unused account (`privacy.services.unused`); null: not scheduled.
    closing_at = models.DateTimeField(_("sera effacé le"), null=True, editable=False)
    # By its owner. The row stays: deposits, marks and the journal refer to it.
    deleted_at = models.DateTimeField(_("supprimé le"), null=True, editable=False)

    objects = UserManager()

    # Of a caller: whether the session or token is enough for the rights of organizers and
    # superusers. It is set where callers are authenticated; who is only read from the database has
    # all their rights.
    suffices: Callable[["User"], bool] | None = None

    # Of a caller: the roles of colleagues that count as an organizer's in this request, and the one
    # that gave them the right they asked for last. Empty: an organizer's.
    counted_roles: Callable[[], frozenset[str]] = frozenset
    granted_as: str | None = None

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
        """A session with another hash is invalid: it changes with the password and `sign_outs`."""
        return self._with_sign_outs(super().get_session_auth_hash(), settings.SECRET_KEY)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        hashes = super().get_session_auth_fallback_hash()
        for auth_hash, secret in zip(hashes, settings.SECRET_KEY_FALLBACKS, strict=True):
            yield self._with_sign_outs(auth_hash, secret)

    def _with_sign_outs(self, auth_hash: str, secret: str) -> str:
        value = f"{auth_hash}:{self.sign_outs}"
        return salted_hmac("accounts.sessions", value, secret, algorithm="sha256").hexdigest()

    @cached_property
    def may_organize(self) -> bool:
        """Whether the person may use the rights of an organizer or superuser that they have. To be
        asked last, of them only: it may cost a query, and `is_held_back` follows from it.
        """
        return self.suffices is None or self.suffices(self)

    @property
    def is_held_back(self) -> bool:
        """A right was asked for, which the person has, but not with this session or token."""
        return self.__dict__.get("may_organize") is False

    @property
    def administers(self) -> bool:
        return self.is_superuser and self.may_organize

    @property
    def display_name(self) -> str:
        return shown_name(self.pk, self.name, self.email, is_deleted=self.deleted_at is not None)


def shown_name(pk: int, name: str, email: str, *, is_deleted: bool) -> str:
    """For lists of many people, which read columns instead of accounts."""
    if is_deleted:
        return gettext("Compte supprimé n° %(number)s") % {"number": pk}
    return name or email.split("@")[0]


def is_session_hash_of(user: User, session_hash: str) -> bool:
    """No longer after a new password or a sign-out everywhere."""
    hashes = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(session_hash, valid) for valid in hashes)


class ApiToken(models.Model):
    """Lets a program act for a person. `digest` is the SHA-256 of the token."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("nom"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    session_hash = models.CharField(max_length=64)  # of the user, when it was created
    scopes = models.JSONField(default=list)  # values of `core.scopes.Scope`
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("jeton d’API")

    def __str__(self) -> str:
        return f"{self.name} ({self.user})"


class EntryCode(models.Model):
    """Signs a person in once. `digest` is the SHA-256 of the code. `is_mailed`: strangers can have
    such a code made, so it ends no code that an organizer or an own device has shown.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="entry_codes")
    is_mailed = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    sign_outs = models.PositiveIntegerField()  # of the user, when it was made

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "is_mailed"], name="one_entry_code_of_a_kind")
        ]
        verbose_name = _("code d’entrée")

    def __str__(self) -> str:
        return str(self.user)


class SignIn(models.Model):
    """An open session of a person, for their list. It is deleted with the session."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sign_in")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField()
    device = models.CharField(max_length=60, blank=True)  # browser and system
    # Digest of the session's id at the identity provider, for its single logout.
    ticket = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("connexion")

    def __str__(self) -> str:
        return f"{self.user_id} {self.device}"


class UsedLogoutToken(models.Model):
    """A logout token of the provider of OpenID Connect. `digest` is the SHA-256 of its `jti`."""

    digest = models.CharField(max_length=64, unique=True)
    used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest
