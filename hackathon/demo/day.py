"""Where in the day the demo stands: the schedule of 2020 shifted so that now is in the phase."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import TextChoices

from hackathon.demo.facts import facts

GRACE = timedelta(minutes=10)


class DemoPhase(TextChoices):
    """What `demo --phase` can be asked for."""

    REGISTRATION = "registration"
    RUNNING = "running"
    LAST_MINUTES = "last-minutes"
    JUDGING = "judging"
    CEREMONY = "ceremony"


# What the clock of that day showed (Europe/Paris) at the instant that becomes now.
STANDS_AT = {
    DemoPhase.REGISTRATION: "2020-02-13T00:00",
    DemoPhase.RUNNING: "2020-02-13T15:10",
    DemoPhase.LAST_MINUTES: "2020-02-13T22:46",
    DemoPhase.JUDGING: "2020-02-13T23:50",
    DemoPhase.CEREMONY: "2020-02-14T12:25",
}


@dataclass(frozen=True)
class Day:
    """The demo's schedule. Every instant is aware, in UTC."""

    phase: DemoPhase
    now: datetime
    shift: timedelta

    @classmethod
    def around(cls, now: datetime, phase: DemoPhase) -> "Day":
        """The day in which `now` is in `phase`; instants fall on whole minutes.

        While one registers, the day is tomorrow at its own hours; else the hours are moved.
        """
        stands_at = _paris(STANDS_AT[phase])
        if phase == DemoPhase.REGISTRATION:
            return cls(phase, now, timedelta(days=(now - stands_at).days + 1))
        return cls(phase, now, now.replace(second=0, microsecond=0) - stands_at)

    def at(self, local: str) -> datetime:
        """The instant at which that day's clock showed `local` (ISO, Europe/Paris)."""
        return _paris(local) + self.shift

    @property
    def starts_at(self) -> datetime:
        """Launch, 8:30."""
        return self.at("2020-02-13T08:30")

    @property
    def deadline_at(self) -> datetime:
        """23:00."""
        return self.at("2020-02-13T23:00")

    @property
    def registration_opens_at(self) -> datetime:
        """Ten days before."""
        return self.starts_at - timedelta(days=10)

    @property
    def registration_closes_at(self) -> datetime:
        """At the launch."""
        return self.starts_at

    @property
    def judging_opens_at(self) -> datetime:
        """When the grace has ended."""
        return self.deadline_at + GRACE

    @property
    def has_deposits(self) -> bool:
        """Whether something has been handed in at all."""
        return self.phase != DemoPhase.REGISTRATION

    @property
    def is_judged(self) -> bool:
        """Whether sheets have been begun."""
        return self.phase in (DemoPhase.JUDGING, DemoPhase.CEREMONY)

    def stored_milestones(self) -> list[tuple[str, str, datetime]]:
        """(kind, label, at) of the milestones that are rows: all but launch and deadline."""
        return [
            (m["kind"], m["label"], self.at(m["at"]))
            for m in facts()["milestones"]
            if m["kind"] not in ("launch", "deadline")
        ]

    @property
    def briefs_at(self) -> datetime:
        """10:00."""
        return next(at for kind, _, at in self.stored_milestones() if kind == "briefs")


def _paris(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
