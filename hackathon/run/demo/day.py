from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from hackathon.run.demo.facts import facts

GRACE = timedelta(minutes=10)
PARIS = ZoneInfo("Europe/Paris")


class DemoPhase(TextChoices):
    REGISTRATION = "registration"
    RUNNING = "running"
    LAST_MINUTES = "last-minutes"
    JUDGING = "judging"
    CEREMONY = "ceremony"


# The local time in 2020 (Europe/Paris) that becomes now.
LOCAL_NOW = {
    DemoPhase.REGISTRATION: "2020-02-13T00:00",
    DemoPhase.RUNNING: "2020-02-13T15:10",
    DemoPhase.LAST_MINUTES: "2020-02-13T22:46",
    DemoPhase.JUDGING: "2020-02-13T23:50",
    DemoPhase.CEREMONY: "2020-02-14T12:25",
}


@dataclass(frozen=True)
class Day:
    """The schedule of 2020, shifted so that `now` is in the phase. All instants are in UTC.
    `later`: the shift of what is still to come, if it is another one.
    """

    phase: DemoPhase
    now: datetime
    shift: timedelta
    later: timedelta | None = field(default=None, kw_only=True)

    @classmethod
    def around(cls, now: datetime, phase: DemoPhase) -> "Day":
        """On whole minutes. For registration the day is tomorrow, at the hours of 2020."""
        original_now = _paris(LOCAL_NOW[phase])
        if phase == DemoPhase.REGISTRATION:
            return cls(phase, now, timedelta(days=(now - original_now).days + 1))
        return cls(phase, now, now.replace(second=0, microsecond=0) - original_now)

    @classmethod
    def until_tonight(cls, now: datetime) -> "Day":
        """Running until 23:00 (Europe/Paris); if `now` is after 15:10, for eight hours as usual."""
        day = cls.around(now, DemoPhase.RUNNING)
        tonight = datetime.combine(now.astimezone(PARIS), time(23), PARIS).astimezone(UTC)
        return replace(day, later=max(day.shift, tonight - _paris("2020-02-13T23:00")))

    def at(self, local: str) -> datetime:
        """The shifted instant of a local time in 2020 (ISO, Europe/Paris)."""
        original = _paris(local)
        if self.later is not None and original > _paris(LOCAL_NOW[self.phase]):
            return original + self.later
        return original + self.shift

    @property
    def starts_at(self) -> datetime:
        return self.at("2020-02-13T08:30")

    @property
    def deadline_at(self) -> datetime:
        return self.at("2020-02-13T23:00")

    @property
    def registration_opens_at(self) -> datetime:
        return self.starts_at - timedelta(days=10)

    @property
    def registration_closes_at(self) -> datetime:
        return self.starts_at

    @property
    def judging_opens_at(self) -> datetime:
        return self.deadline_at + GRACE

    @property
    def has_deposits(self) -> bool:
        return self.phase != DemoPhase.REGISTRATION

    @property
    def is_judged(self) -> bool:
        return self.phase in (DemoPhase.JUDGING, DemoPhase.CEREMONY)

    def stored_milestones(self) -> list[tuple[str, str, datetime]]:
        """(kind, label, at) of the milestones; launch and deadline are fields of the edition."""
        return [
            (m["kind"], m["label"], self.at(m["at"]))
            for m in facts()["milestones"]
            if m["kind"] not in ("launch", "deadline")
        ]

    @property
    def briefs_at(self) -> datetime:
        return next(at for kind, _, at in self.stored_milestones() if kind == "briefs")


def _paris(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=PARIS).astimezone(UTC)
