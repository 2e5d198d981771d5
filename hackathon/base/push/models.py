from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subscription(models.Model):
    """A browser that wants notifications, until its session ends. What `endpoint` says is secret:
    who knows it can be mistaken for the browser.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscriptions"
    )
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="subscription")
    endpoint = models.CharField(max_length=1000, unique=True)
    # The keys of the browser, as it gave them (base64url).
    p256dh = models.CharField(max_length=90)
    auth = models.CharField(max_length=30)
    language = models.CharField(max_length=10)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("appareil averti")
        verbose_name_plural = _("appareils avertis")

    def __str__(self) -> str:
        return f"{self.user_id} {self.pk}"


class Delivery(models.Model):
    """One notification for one browser. Committed before it is sent, so that two workers never send
    the same one. `key` identifies the notification.
    """

    subscription = models.ForeignKey(
        Subscription, on_delete=models.CASCADE, related_name="deliveries"
    )
    key = models.CharField(max_length=100)
    claimed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscription", "key"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key} → {self.subscription_id}"
