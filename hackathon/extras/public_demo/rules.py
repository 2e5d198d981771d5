from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from hackathon.base.core.errors import Refusal, refuse
from hackathon.base.core.formats import clock_time
from hackathon.extras.public_demo.errors import PublicDemoRefusal
from hackathon.extras.public_demo.models import PublicDemo

NIGHT_HOUR = 4  # in `TIME_ZONE`
BETWEEN_RESETS = timedelta(minutes=10)
# A reset takes up to half a minute. After this it has failed, and the site serves what it was.
GIVEN_UP = timedelta(minutes=3)


def next_night(at: datetime) -> datetime:
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    night = local.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return night if local < night else night + timedelta(days=1)


def is_due(demo: PublicDemo, *, at: datetime) -> bool:
    return demo.made_at is None or next_night(demo.made_at) <= at


def is_resetting(demo: PublicDemo, *, at: datetime) -> bool:
    return demo.resetting_at is not None and at - demo.resetting_at < GIVEN_UP


def reset_refusal(demo: PublicDemo, *, at: datetime) -> Refusal | None:
    if demo.made_at is None:
        return None
    again = demo.made_at + BETWEEN_RESETS
    return refuse(PublicDemoRefusal.TOO_SOON, time=clock_time(again)) if at < again else None
