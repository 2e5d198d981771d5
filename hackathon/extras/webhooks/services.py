"""Raises `Refused`."""

import base64
import json
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.core.background import enqueue
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.core.formats import iso_utc
from hackathon.base.core.mail import in_french
from hackathon.base.core.outbound import is_public
from hackathon.event.editions.models import Edition
from hackathon.event.editions.services.guard import lock_for
from hackathon.extras.webhooks import rules, tasks
from hackathon.extras.webhooks.enums import TEST, TOPICS, Form
from hackathon.extras.webhooks.errors import WebhookRefusal
from hackathon.extras.webhooks.models import Delivery, Webhook
from hackathon.extras.webhooks.sentences import sentence


@transaction.atomic
def create(
    edition: Edition,
    *,
    name: str,
    url: str,
    form: str,
    topics: Collection[str],
    by: User,
    at: datetime,
) -> Webhook:
    edition = lock_for(by, edition.pk)
    check(rules.url_refusal(url, is_public=is_public))
    if edition.webhooks.count() >= rules.WEBHOOKS_MAX:
        raise Refused(refuse(WebhookRefusal.MANY, most=rules.WEBHOOKS_MAX))
    topics = sorted(topics)
    webhook = Webhook.objects.create(
        edition=edition,
        name=" ".join(name.split()),
        url=url,
        form=form,
        topics=topics,
        secret="whsec_" + base64.b64encode(secrets.token_bytes(32)).decode(),
        created_by=by,
        created_at=at,
    )
    journal.record("webhook.created", webhook, by=by, at=at, name=webhook.name, topics=topics)
    return webhook


@transaction.atomic
def delete(webhook: Webhook, *, by: User, at: datetime) -> None:
    lock_for(by, webhook.edition_id)
    journal.record("webhook.deleted", webhook, by=by, at=at, name=webhook.name)
    webhook.delete()


@transaction.atomic
def enable(webhook: Webhook, *, by: User, at: datetime) -> None:
    """Idempotent. What happened meanwhile is not sent, unless somebody sends it again."""
    lock_for(by, webhook.edition_id)
    changed = Webhook.objects.filter(pk=webhook.pk, disabled_at__isnull=False)
    if changed.update(disabled_at=None, failing_since=None):
        journal.record("webhook.enabled", webhook, by=by, at=at, name=webhook.name)


@transaction.atomic
def test(webhook: Webhook, *, by: User, at: datetime) -> Delivery:
    lock_for(by, webhook.edition_id)
    return _queue(webhook, TEST, {}, at=at)


@transaction.atomic
def send_again(delivery: Delivery, *, by: User, at: datetime) -> None:
    """With the same id, so that a receiver can tell that it is the same message."""
    lock_for(by, delivery.webhook.edition_id)
    Delivery.objects.filter(pk=delivery.pk).update(next_at=at, attempts=0, delivered_at=None)
    enqueue(tasks.deliver, str(delivery.pk))


def report(kind: str, data: dict[str, Any], *, at: datetime) -> None:
    """In the transaction of the change. Live messages are about the shown edition; what happens
    while it has no webhooks is not sent later.
    """
    topic = TOPICS[kind]
    webhooks = Webhook.objects.filter(edition__is_current=True, disabled_at=None)
    for webhook in webhooks.select_related("edition"):
        if topic in webhook.topics and extras.is_on("webhooks", webhook.edition):
            _queue(webhook, kind, data, at=at)


def forget_log(*, at: datetime) -> None:
    """Deliveries that wait for their next attempt are younger, unless webhooks were off."""
    Delivery.objects.filter(created_at__lt=at - rules.LOG_KEPT).delete()


def _queue(webhook: Webhook, kind: str, data: dict[str, Any], *, at: datetime) -> Delivery:
    waits = webhook.failing_since is not None and kind != TEST
    next_at = at + rules.REST if waits else at
    delivery = Delivery(webhook=webhook, type=kind, created_at=at, next_at=next_at)
    if webhook.form == Form.CHAT:
        with in_french(webhook.edition.zone):
            body: dict[str, Any] = {"text": sentence(kind, data)}
    else:
        edition = {"edition": webhook.edition.slug}
        body = {"type": kind, "timestamp": iso_utc(at), "data": {**edition, **data}}
    delivery.body = json.dumps(body, ensure_ascii=False)
    delivery.save(force_insert=True)
    if not waits:
        enqueue(tasks.deliver, str(delivery.pk))
    return delivery
