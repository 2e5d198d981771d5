"""A claim is committed before the message is sent, so that no lock is held meanwhile. It is given
back only if the push service surely has no message: nothing is sent twice.
"""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import QuerySet

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.errors import check
from hackathon.base.push import rules
from hackathon.base.push.models import Delivery, Subscription


@transaction.atomic
def subscribe(
    *,
    user: User,
    session_key: str,
    endpoint: str,
    p256dh: str,
    auth: str,
    language: str,
    at: datetime,
) -> Subscription:
    """Idempotent. A browser has one row, of the person who is signed in. Raises `Refused`."""
    check(rules.subscription_refusal(endpoint, p256dh, auth))
    # Two tabs of one browser: the second waits here.
    session = Session.objects.select_for_update().get(pk=session_key)
    fields = {"user": user, "endpoint": endpoint, "p256dh": p256dh, "auth": auth}
    same = Subscription.objects.filter(session=session, **fields).first()
    if same is not None:
        if same.language != language:
            same.language = language
            same.save(update_fields=["language"])
        return same
    Subscription.objects.filter(session=session).delete()
    Subscription.objects.filter(endpoint=endpoint).delete()
    made = Subscription.objects.create(session=session, language=language, made_at=at, **fields)
    newest = Subscription.objects.filter(user=user).order_by("-made_at", "-pk")
    newest_pks = newest.values_list("pk", flat=True)[: rules.DEVICES_MAX]
    Subscription.objects.filter(user=user).exclude(pk__in=list(newest_pks)).delete()
    journal.record("device.subscribed", user, by=user, at=at)
    return made


@transaction.atomic
def unsubscribe(*, user: User, session_key: str, at: datetime) -> None:
    if Subscription.objects.filter(session=session_key, user=user).delete()[0]:
        journal.record("device.unsubscribed", user, by=user, at=at)


def forget_all(user: User) -> None:
    Subscription.objects.filter(user=user).delete()


def forget(device: Subscription) -> None:
    """The push service has answered that the subscription no longer exists."""
    Subscription.objects.filter(pk=device.pk).delete()


@transaction.atomic
def claim(device: Subscription, key: str, *, at: datetime) -> bool:
    """Returns whether the caller must send it now. Not if the device is gone."""
    if not Subscription.objects.select_for_update().filter(pk=device.pk).exists():
        return False
    __, is_new = Delivery.objects.get_or_create(
        subscription=device, key=key, defaults={"claimed_at": at}
    )
    return is_new


def mark_sent(device: Subscription, key: str, *, at: datetime) -> None:
    _delivery(device, key).update(sent_at=at)


def release(device: Subscription, key: str) -> None:
    _delivery(device, key).filter(sent_at=None).delete()


def _delivery(device: Subscription, key: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(subscription=device.pk, key=key)
