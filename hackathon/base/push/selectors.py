from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from hackathon.base.accounts.socket_authentication import by_session
from hackathon.base.push.models import Subscription
from hackathon.base.push.registry import Notification


def devices_of(notification: Notification) -> list[int]:
    """Primary keys of the devices that have not got it. One query. First one device of each person,
    then their second ones…: slow push services of one person delay few batches of others.
    """
    devices = Subscription.objects.filter(
        user__in=notification.users, made_at__lte=notification.at
    ).exclude(deliveries__key=notification.key)
    before: Counter[int] = Counter()
    turns = []
    for user, pk in devices.order_by("pk").values_list("user", "pk"):
        turns.append((before[user], pk))
        before[user] += 1
    return [pk for _turn, pk in sorted(turns)]


def still_signed_in(pks: Iterable[int], *, at: datetime) -> list[Subscription]:
    """A new password, or a sign-out everywhere, ends sessions whose rows stay. Three queries."""
    devices = list(Subscription.objects.filter(pk__in=list(pks)).order_by("pk"))
    callers = by_session({device.session_id for device in devices}, at=at)
    return [
        device
        for device in devices
        if (caller := callers.get(device.session_id)) is not None
        and caller.user is not None
        and caller.user.pk == device.user_id
    ]
