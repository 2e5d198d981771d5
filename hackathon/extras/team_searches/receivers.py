from typing import Any

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from hackathon.extras.team_searches import services
from teams.models import Membership, Student


@receiver(post_save, sender=Membership)
def forget_who_has_joined(sender: Any, *, instance: Membership, created: bool, **_: Any) -> None:
    if created:
        services.forget(instance.edition_id, instance.user_id)


@receiver(post_delete, sender=Student)
def forget_who_is_taken_off(sender: Any, *, instance: Student, **_: Any) -> None:
    services.forget(instance.edition_id, instance.user_id)
