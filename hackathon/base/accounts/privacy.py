from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from hackathon.base.accounts import rules
from hackathon.base.accounts.models import ApiToken, EntryCode, SignIn, UsedLogoutToken, User
from hackathon.base.core.personal_data import (
    ACCOUNT,
    BLANK,
    ENTRY,
    REPLACE,
    STAFF,
    WITH_ACCOUNT,
    Basis,
    Kept,
    Reader,
    registry,
)

UNUSED_YEAR = Kept(
    _("tant que votre compte existe ; s’il n’est d’aucune édition, un an après votre visite"),
    "unused",
)


def admin_log_of(user: Any) -> QuerySet[LogEntry]:
    """What the person did there, and what was done to their account."""
    accounts = ContentType.objects.get_for_model(User)
    return LogEntry.objects.filter(Q(user=user) | Q(content_type=accounts, object_id=str(user.pk)))


registry.declare(
    User,
    "email",
    ACCOUNT,
    _("Votre adresse e-mail"),
    kept=UNUSED_YEAR,
    owner="pk",
    erase=REPLACE,
    neutral=lambda user: rules.neutral_address(user.pk),
)
registry.declare(
    User,
    "name",
    ACCOUNT,
    _("Votre prénom et votre nom"),
    kept=WITH_ACCOUNT,
    owner="pk",
    erase=BLANK,
    readers=(Reader.YOU, Reader.TEAM, Reader.JURY, Reader.ORGANIZERS),
)
registry.declare(
    User,
    "phone",
    ACCOUNT,
    _("Votre numéro de téléphone, si vous l’avez donné"),
    purpose=_("Vous joindre pendant la journée."),
    basis=Basis.CONSENT,
    kept=WITH_ACCOUNT,
    owner="pk",
    erase=BLANK,
)
registry.declare(
    User,
    "date_joined last_login closing_at",
    ACCOUNT,
    _("Quand votre compte a été créé, quand vous êtes entré la dernière fois, et sa fin prévue"),
    kept=WITH_ACCOUNT,
    owner="pk",
    because=_("Une date ne dit pas qui vous êtes."),
)
registry.declare(
    User,
    "password",
    ENTRY,
    _("Votre mot de passe, si vous en avez choisi un, sous une forme que personne ne peut lire"),
    kept=WITH_ACCOUNT,
    owner="pk",
    erase=BLANK,
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    EmailAddress,
    "user email",
    ACCOUNT,
    _("Votre adresse e-mail, et si vous avez montré que vous la lisez"),
    beside="verified",
    kept=WITH_ACCOUNT,
)
registry.declare(
    EmailConfirmation,
    "key",
    ENTRY,
    _("Un code en attente, pour une nouvelle adresse"),
    kept=Kept(_("3 jours"), "credentials"),
    owner="email_address__user",
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    SocialAccount,
    "user provider uid extra_data",
    ENTRY,
    _("Votre compte de l’université, si vous l’avez relié : son identifiant"),
    beside="date_joined last_login",
    kept=WITH_ACCOUNT,
)
registry.declare(
    SocialToken,
    "token token_secret",
    ENTRY,
    _("Le jeton que l’université donne au site quand vous entrez"),
    kept=WITH_ACCOUNT,
    owner="account__user",
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    Authenticator,
    "user",
    ENTRY,
    _("Votre seconde preuve : sa sorte et ses dates"),
    beside="type created_at last_used_at",
    kept=WITH_ACCOUNT,
)
registry.declare(
    Authenticator,
    "data",
    ENTRY,
    _("Ce qui permet de vérifier votre seconde preuve"),
    kept=WITH_ACCOUNT,
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    ApiToken,
    "user name scopes",
    ENTRY,
    _("Vos jetons d’API : leur nom, leurs droits, leur dernière utilisation"),
    beside="created_at expires_at last_used_at",
    kept=Kept(_("30 jours après leur fin"), "credentials"),
)
registry.declare(
    EntryCode,
    "user",
    ENTRY,
    _("Le code d’entrée que vous avez demandé, sous une forme que personne ne peut lire"),
    beside="made_at",
    kept=Kept(_("1 jour"), "credentials"),
)
registry.declare(
    SignIn,
    "user device",
    ENTRY,
    _("Où vous êtes connecté : le navigateur, le système et l’heure"),
    beside="at",
    kept=Kept(_("7 jours après votre dernière visite"), "prune"),
)
registry.declare(
    Session,
    "session_data",
    ENTRY,
    _("Ce qui vous garde connecté, et vos réponses à un formulaire en plusieurs pages"),
    kept=Kept(_("7 jours après votre dernière visite"), "prune"),
    owner="sign_in__user",
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.declare(
    LogEntry,
    "user object_repr change_message",
    STAFF,
    _("Ce qui a été fait dans l’administration du site"),
    kept=Kept(_("12 mois"), "credentials"),
    owner=admin_log_of,
    exported=None,
    readers=(Reader.OPERATOR,),
)
registry.not_personal("a digest or a key", ApiToken, only="digest session_hash")
registry.not_personal("a digest, or how it was given", EntryCode, only="digest is_mailed")
registry.not_personal("a digest or a key", SignIn, only="ticket")
registry.not_personal("a digest of a token, without a person", UsedLogoutToken)
registry.not_personal("a key", Session, only="session_key")
registry.not_personal("a key", LogEntry, only="object_id")
registry.not_personal("rights, without a person", Group, Permission, ContentType, SocialApp)
