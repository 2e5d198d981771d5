from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from hackathon.base.accounts.models import User
from hackathon.base.push import services


@receiver(post_save, sender=User)
def account_disabled(instance: User, created: bool, **_: Any) -> None:
    if not created and not instance.is_active:
        services.forget_all(instance)
