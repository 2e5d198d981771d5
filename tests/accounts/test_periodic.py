from datetime import timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType

from hackathon.base.accounts import periodic
from hackathon.base.accounts.models import ApiToken, EntryCode, User
from hackathon.base.core import clock


def test_what_expired_long_ago_is_forgotten_and_the_rest_stays(ada, ben):
    at = clock.now()
    for user, age in ((ada, timedelta(days=2)), (ben, timedelta(minutes=5))):
        EntryCode.objects.create(user=user, digest=user.email, made_at=at - age, sign_outs=0)
    for user, age in ((ada, timedelta(days=31)), (ben, timedelta(days=29))):
        ApiToken.objects.create(
            user=user, name="", digest=user.email, created_at=at, expires_at=at - age
        )
        entry = LogEntry.objects.create(
            user=user,
            content_type=ContentType.objects.get_for_model(User),
            object_id="1",
            object_repr="",
            action_flag=CHANGE,
        )
        LogEntry.objects.filter(pk=entry.pk).update(action_time=at - age * 12.5)

    periodic.forget_credentials()
    periodic.forget_credentials()

    assert set(EntryCode.objects.values_list("user", flat=True)) == {ben.pk}
    assert set(ApiToken.objects.values_list("user", flat=True)) == {ben.pk}
    assert set(LogEntry.objects.values_list("user", flat=True)) == {ben.pk}
