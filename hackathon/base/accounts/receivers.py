"""Changes of rights that no service makes: the user's sockets read their rights again."""

import logging
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.signals import (
    authentication_step_completed,
    password_changed,
    password_set,
)
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.signals import social_account_added
from celery.signals import task_revoked
from django.contrib.auth import SESSION_KEY, user_logged_in, user_logged_out
from django.contrib.sessions.models import Session
from django.db.models.signals import post_delete, post_save
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from hackathon.base.accounts import second_factor, selectors, services, sessions
from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.accounts.tasks import deliver
from hackathon.base.core import clock
from hackathon.base.core.enums import MailFailure
from hackathon.base.core.mail_tasks import keep_failure
from hackathon.base.live.messages import refresh_rights

logger = logging.getLogger(__name__)


@receiver(post_delete, sender=Session)
def session_ended(instance: Session, **_: Any) -> None:
    # Sockets of an expired session have read their rights at the instant of expiry.
    if instance.expire_date > clock.now() and (pk := instance.get_decoded().get(SESSION_KEY)):
        refresh_rights(int(pk))


@receiver(post_save, sender=User)
def account_changed(
    instance: User, created: bool, update_fields: frozenset[str] | None, **_: Any
) -> None:
    if not created and update_fields != frozenset({"last_login"}):
        refresh_rights(instance.pk)


@receiver(post_delete, sender=User)
def account_deleted(instance: User, **_: Any) -> None:
    refresh_rights(instance.pk)


@receiver(post_delete, sender=ApiToken)
def token_revoked(instance: ApiToken, **_: Any) -> None:
    refresh_rights(instance.user_id)


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    request.session.pop(sessions.BADGE, None)  # a badge marks the session afterwards
    sessions.enlist(request, user)
    second_factor.with_session(user, request.session)
    ways = [record["method"] for record in get_authentication_records(request, user)]
    logger.info("Signed in", extra={"user": user.pk, "ways": ways})


@receiver(user_logged_out)
def signed_out(user: User | None, **_: Any) -> None:
    if user is not None:
        logger.info("Signed out", extra={"user": user.pk})


@receiver([password_changed, password_set])
def password_was_changed(request: HttpRequest, user: User, **_: Any) -> None:
    sessions.enlist(request, user)  # its key is another one since


@receiver(social_account_added)
def university_linked(request: HttpRequest, sociallogin: SocialLogin, **_: Any) -> None:
    services.record_link(sociallogin.user, at=clock.now())


FACTOR_ACTS = {
    authenticator_added: "factor.added",
    authenticator_removed: "factor.removed",
    authenticator_reset: "factor.renewed",
}


@receiver(list(FACTOR_ACTS))
def factor_changed(
    signal: Signal, request: HttpRequest, user: User, authenticator: Authenticator, **_: Any
) -> None:
    services.record_factor(FACTOR_ACTS[signal], user, at=clock.now())
    if signal is authenticator_added and authenticator.type in selectors.FACTORS:
        # Who has just set it up has it at hand.
        post_authentication(request, authenticator, reauthenticated=True)
    refresh_rights(user.pk)


@receiver(authentication_step_completed)
def factor_given(request: HttpRequest, user: User, method: str, **_: Any) -> None:
    if method == "mfa" and request.user == user:
        request.session.save()  # other sockets of this browser read it now
        refresh_rights(user.pk)


@task_revoked.connect
def mail_expired(sender: Any, request: Any, expired: bool = False, **_: Any) -> None:
    """No worker took the mail while its code was valid."""
    if expired and sender.name == deliver.name:
        _subject, _body, to = request.args
        reason = MailFailure.EXPIRED
        keep_failure(sender, request, to, reason=reason, is_over=True, at=clock.now())
