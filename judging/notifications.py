from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hackathon.base.accounts.models import User
from hackathon.base.core.formats import iso_utc
from hackathon.base.push.registry import Notification, source
from judging.jury.progress import sheets_left_of
from judging.models import Juror

NEWS = timedelta(minutes=30)


@source("jury-reminder")
def reminder(juror_pk: int) -> Notification | None:
    """None if the juror has finished meanwhile, or nothing can be finished any more."""
    juror = Juror.objects.seated().select_related("department").filter(pk=juror_pk).first()
    if juror is None or juror.reminded_at is None:
        return None
    left = sheets_left_of(juror)
    if not left:
        return None
    body = ngettext(
        "Il vous reste {n} fiche à terminer.", "Il vous reste {n} fiches à terminer.", left
    )
    return Notification(
        key=f"jury-reminder:{juror.pk}:{iso_utc(juror.reminded_at)}",
        title=_("Jury {department}").format(department=juror.department.name),
        body=body.format(n=left),
        path=reverse("judging:index"),
        at=juror.reminded_at,
        until=juror.reminded_at + NEWS,
        users=User.objects.filter(pk=juror.user_id, is_active=True),
    )
