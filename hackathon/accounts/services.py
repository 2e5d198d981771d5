from datetime import datetime

from django.db import transaction
from django.db.models import F

from hackathon.accounts.models import User
from hackathon.core import journal
from hackathon.core.live import refresh_rights


@transaction.atomic
def rename(user: User, name: str, *, by: User, at: datetime) -> User:
    user.name = " ".join(name.split())
    user.save(update_fields=["name"])
    journal.record("user.renamed", user, by=by, at=at)
    return user


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User, at: datetime) -> None:
    User.objects.filter(pk=user.pk).update(sign_outs=F("sign_outs") + 1)
    refresh_rights(user.pk)
    journal.record("user.signed_out", user, by=by, at=at)
