from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, F, FloatField, Sum
from django.db.models.functions import Cast, TruncMinute

from hackathon.base.core import extras
from hackathon.day.questions.models import Question
from hackathon.event.editions.models import Edition
from hackathon.event.editions.selectors import AnyUser, organized_editions, published_editions
from judging.enums import SheetState
from judging.models import Juror, Score, ScoreSheet
from judging.scales import OUT_OF
from submissions.models import Seal, Submission
from teams.models import HelpRequest, Team

MINUTE = timedelta(minutes=1)


@dataclass
class Year:
    """`marks`: the mean of each team, None while the results are secret. `marked`: what the last
    seals say of deposits, by punctuality. `*_waits`: in minutes, of those that ended.
    """

    edition: Edition
    teams: int = 0
    students: int = 0
    minutes_left: Counter[int] = field(default_factory=Counter)  # hand-ins; negative: late
    marked: Counter[str] = field(default_factory=Counter)
    with_deposit: int = 0
    marks: list[float] | None = None
    calls: int = 0
    call_waits: list[float] = field(default_factory=list)
    questions: int = 0
    question_waits: list[float] = field(default_factory=list)
    jurors: int = 0
    readings: int = 0

    @property
    def title(self) -> str:
        """Many editions have the same name."""
        name, year = self.edition.name, f"{self.edition.starts_at:%Y}"
        return name if year in name else f"{name} {year}"


def years_of(user: AnyUser, *, at: datetime) -> list[Year]:
    """Of the editions that `user` organizes, that have begun and that are compared, newest first.
    Eleven queries.

    Raises `NotFound` if `user` organizes none.
    """
    editions = organized_editions(user).filter(starts_at__lte=at).order_by("-starts_at", "pk")
    years = {each.pk: Year(each) for each in editions if extras.is_on("years", each)}
    present = Team.objects.filter(edition__in=years).present().values_list("edition")
    counts = present.annotate(Count("pk", distinct=True), Count("memberships", distinct=True))
    for pk, teams, students in counts.order_by():
        years[pk].teams, years[pk].students = teams, students
    _hand_ins(years)
    _sealed(years)
    _marks(years, at=at)
    calls = HelpRequest.objects.filter(team__edition__in=years)
    asked = Question.objects.filter(department__edition__in=years)
    for pk, begun, ended in calls.values_list("team__edition", "requested_at", "claimed_at"):
        years[pk].calls += 1
        years[pk].call_waits += _wait(begun, ended)
    for pk, begun, ended in asked.values_list("department__edition", "asked_at", "settled_at"):
        years[pk].questions += 1
        years[pk].question_waits += _wait(begun, ended)
    sheets = ScoreSheet.objects.filter(state=SheetState.FINAL, team__edition__in=years)
    for pk, count in sheets.values_list("team__edition").annotate(Count("pk")).order_by():
        years[pk].readings = count
    jurors = Juror.objects.filter(department__edition__in=years).values_list("department__edition")
    for pk, count in jurors.annotate(Count("user", distinct=True)).order_by():
        years[pk].jurors = count
    return list(years.values())


def _hand_ins(years: dict[int, Year]) -> None:
    """Of what is due at the edition's deadline."""
    received = Submission.objects.filter(team__edition__in=years, deliverable__due_at=None)
    by_minute = received.values_list("team__edition", TruncMinute("received_at"))
    for pk, minute, count in by_minute.annotate(Count("pk")).order_by():
        year = years[pk]
        year.minutes_left[-((minute - year.edition.deadline_at) // MINUTE)] += count


def _sealed(years: dict[int, Year]) -> None:
    """Extensions are in the seals: nothing else knows what was on time after a deadline moved."""
    seals = Seal.objects.filter(edition__in=years, due_at=None).exclude(department=None)
    in_order = seals.order_by("made_at", "as_of", "pk")
    last = {
        (pk, department): manifest
        for pk, department, manifest in in_order.values_list("edition", "department", "manifest")
    }
    for (pk, _department), manifest in last.items():
        for team in manifest["teams"]:
            years[pk].with_deposit += bool(team["deposits"])
            years[pk].marked.update(deposit["mark"] for deposit in team["deposits"])


def _marks(years: dict[int, Year], *, at: datetime) -> None:
    public = published_editions(at=at).filter(pk__in=years).values_list("pk", flat=True)
    by_edition: dict[int, list[float]] = defaultdict(list)
    weight = Cast("criterion__weight", FloatField())
    scores = Score.objects.filter(
        sheet__state=SheetState.FINAL,
        sheet__team__edition__in=public.order_by(),
        sheet__team__department__held_back_at=None,
        sheet__team__absent_at=None,
    )
    means = scores.values_list("sheet__team__edition", "sheet__team").annotate(
        total=Sum(Cast("value", FloatField()) * OUT_OF * weight / F("criterion__scale")),
        weights=Sum(weight),
    )
    for pk, _team, total, weights in means.order_by():
        by_edition[pk].append(total / weights)
    for pk in public:
        years[pk].marks = by_edition[pk]


def _wait(begun: datetime, ended: datetime | None) -> Iterable[float]:
    return [(ended - begun) / MINUTE] if ended else []
