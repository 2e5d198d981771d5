import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hackathon.event.editions.models import Edition
from hackathon.extras.webhooks.enums import Form


class Webhook(models.Model):
    """An address to which events of an edition are sent."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(_("nom"), max_length=60)
    url = models.CharField(_("adresse"), max_length=500)  # secret, for a chat
    form = models.CharField(_("forme"), max_length=8, choices=Form, default=Form.STANDARD)
    topics = models.JSONField(_("quoi"), default=list)
    secret = models.CharField(max_length=60)  # whsec_…, signs the messages
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    failing_since = models.DateTimeField(null=True)  # nothing has arrived since
    disabled_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("webhook")

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One message to one webhook. `next_at`: when it is tried next; null: not again by itself."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    type = models.CharField(max_length=60)
    body = models.TextField()
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, db_index=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    error = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("envoi d’un webhook")

    def __str__(self) -> str:
        return f"{self.type} → {self.webhook_id}"
