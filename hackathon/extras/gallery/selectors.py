"""Raises `NotFound` for those who may not see the object."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, Q
from django.db.models.functions import Lower

from hackathon.base.accounts.models import User
from hackathon.base.core import extras
from hackathon.base.core.errors import NotFound
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions.enums import EditionState
from hackathon.event.editions.models import Edition
from hackathon.event.editions.rules import results_are_public
from hackathon.event.editions.selectors import get_published_edition
from hackathon.event.roles import Roles
from hackathon.extras.gallery import rules
from hackathon.extras.gallery.enums import ItemKind, Way
from hackathon.extras.gallery.models import Gallery, Guest, ProjectSentence, ShownDeliverable
from judging.models import Deliberation
from submissions.models import Deliverable, Extension, Submission
from submissions.versions.selectors import DeliverableStatus, deposits_by_team
from teams.enums import Circle
from teams.models import Membership, Student, Team
from teams.rules import common_circle

# ---------------------------------------------------------------- who visits it


@dataclass(frozen=True)
class Visit:
    """Of the gallery of an edition at `at`. `args`: with which its addresses begin. `opens_at`:
    None if nobody knows yet.
    """

    edition: Edition
    circle: Circle
    way: Way
    args: tuple[str, ...]
    opens_at: datetime | None
    at: datetime

    @property
    def is_open(self) -> bool:
        return self.opens_at is not None and self.opens_at <= self.at


def gallery_of(edition: Edition) -> Gallery:
    """Not stored if nobody has changed anything."""
    return Gallery.objects.filter(edition=edition).first() or Gallery(edition=edition)


def opens_at(edition: Edition) -> datetime | None:
    """Two queries."""
    of_edition = Q(team__edition=edition) | Q(department__edition=edition)
    valid = Extension.objects.filter(of_edition, revoked_at=None).select_related("deliverable")
    return rules.opens_at(edition, gallery_of(edition), valid)


def visit_of(user: User, roles: Roles, edition: Edition | None, *, at: datetime) -> Visit:
    """For who takes part: students, helpers, organizers, and jurors whose juries have decided."""
    if edition is None or not _takes_part(user, roles, edition, at=at):
        raise NotFound
    return Visit(edition, Circle.EDITION, Way.PARTICIPANT, (), opens_at(edition), at)


def _takes_part(user: User, roles: Roles, edition: Edition, *, at: datetime) -> bool:
    if roles.organizer or roles.membership is not None:
        return True
    if roles.juries:
        departments = {juror.department_id for juror in roles.juries}
        decided = Deliberation.objects.filter(department__in=departments, locked_at__isnull=False)
        published = all(results_are_public(juror.department, at=at) for juror in roles.juries)
        return published or decided.count() == len(departments)
    return bool(roles.duties) or Student.objects.filter(edition=edition, user=user).exists()


def visit_by_key(key: str, *, at: datetime) -> Visit:
    guests = Guest.objects.filter(ends_at__gt=at).exclude(edition__state=EditionState.DRAFT)
    edition = get_or_not_found(guests.select_related("edition"), key=key).edition
    if not extras.is_on("gallery", edition):  # `CurrentEdition` looks at the shown one
        raise NotFound
    return Visit(edition, Circle.EDITION, Way.GUEST, (key,), opens_at(edition), at)


def visit_of_public(slug: str, *, at: datetime) -> Visit:
    return public_visit(get_published_edition(slug, at=at), at=at)


def public_visit(edition: Edition, *, at: datetime) -> Visit:
    """The results are public: callers have checked it."""
    return Visit(edition, Circle.EVERYBODY, Way.PUBLIC, (edition.slug,), opens_at(edition), at)


# ---------------------------------------------------------------- what is shown


@dataclass(frozen=True)
class Item:
    """What counts of one deliverable."""

    deliverable: Deliverable
    submission: Submission
    kind: ItemKind

    @property
    def has_picture(self) -> bool:
        return rules.has_picture(self.submission)

    @property
    def has_copy(self) -> bool:
        return rules.has_copy(self.submission)


@dataclass(frozen=True)
class Work:
    team: Team
    sentence: str
    items: list[Item]

    @property
    def picture(self) -> Item | None:
        return next((item for item in self.items if item.has_picture), None)


def works_of(visit: Visit, *, query: str = "", department: str = "") -> list[Work]:
    """By department and name, which says nothing about marks. Five queries."""
    if not visit.is_open:
        return []
    teams = _teams(visit)
    return _works(
        visit,
        [
            team
            for team in teams
            if department in ("", team.department.code)
            and rules.matches(team, _sentence(team), query)
        ],
    )


def works_by_team(visit: Visit, teams: Collection[int]) -> dict[int, Work]:
    """Of those among these teams that are shown, by id. Five queries."""
    if not visit.is_open or not teams:
        return {}
    shown = [team for team in _teams(visit) if team.pk in teams]
    return {work.team.pk: work for work in _works(visit, shown)}


def get_work(visit: Visit, team_pk: int) -> Work:
    work = works_by_team(visit, {team_pk}).get(team_pk)
    if work is None:
        raise NotFound
    return work


def get_item(visit: Visit, pk: int) -> Item:
    """`pk`: of the submission."""
    team = Submission.objects.filter(pk=pk).values_list("team", flat=True).first()
    for item in get_work(visit, team or 0).items:
        if item.submission.pk == pk:
            return item
    raise NotFound


def _teams(visit: Visit) -> list[Team]:
    """Only those that are shown. One query."""
    shown = Team.objects.filter(edition=visit.edition).showing_works_to(visit.circle)
    order = ("department__position", "department__name", Lower("name"))
    teams = list(shown.select_related("department", "sentence").order_by(*order))
    for team in teams:
        team.edition = team.department.edition = visit.edition
    return teams


def _sentence(team: Team) -> str:
    sentence: ProjectSentence | None = getattr(team, "sentence", None)
    return sentence.text if sentence else ""


def _works(visit: Visit, teams: Sequence[Team]) -> list[Work]:
    """Teams that have handed in nothing that can be shown are left out. Four queries."""
    if not teams:
        return []
    edition = visit.edition
    deposits = deposits_by_team(edition, teams, at=visit.at)
    chosen = choices_in(edition)
    works = []
    for team in teams:
        has_results = results_are_public(team.department, at=visit.at)
        statuses = deposits[team.pk].statuses
        items = [_item(edition, s, chosen, has_results=has_results) for s in statuses]
        if shown := [item for item in items if item is not None]:
            works.append(Work(team, _sentence(team), shown))
    return works


def choices_in(edition: Edition) -> dict[int, bool]:
    """By id of the deliverable. One query."""
    chosen = ShownDeliverable.objects.filter(deliverable__department__edition=edition)
    return dict(chosen.values_list("deliverable", "is_shown"))


def _item(
    edition: Edition, status: DeliverableStatus, chosen: dict[int, bool], *, has_results: bool
) -> Item | None:
    deliverable = status.deliverable
    if status.counting is None or not rules.is_shown(deliverable, chosen.get(deliverable.pk)):
        return None
    if rules.waits_for_results(edition, deliverable) and not has_results:
        return None
    kind = rules.kind_of(status.counting.submission)
    return Item(deliverable, status.counting.submission, kind) if kind else None


# ---------------------------------------------------------------- the own team


@dataclass(frozen=True)
class OwnGallery:
    """What a member sees of the own team: counts of answers, without names."""

    membership: Membership
    has_work: bool
    members: int
    unanswered: int
    circle: Circle
    sentence: str
    hidden_because: str  # by the organizers


def own_gallery(membership: Membership) -> OwnGallery:
    """Three queries."""
    team = Team.objects.select_related("sentence").get(pk=membership.team_id)
    answers = list(team.memberships.values_list("shows_works_to", flat=True))
    return OwnGallery(
        membership=membership,
        has_work=team.submissions.exists(),
        members=len(answers),
        unanswered=answers.count(Circle.UNANSWERED),
        circle=common_circle(answers),
        sentence=_sentence(team),
        hidden_because=team.works_hidden_because,
    )


def sentence_of(team: Team) -> str:
    """One query."""
    return _sentence(Team.objects.select_related("sentence").get(pk=team.pk))


# ---------------------------------------------------------------- organizers


@dataclass(frozen=True)
class Counts:
    """Of present teams. `waiting`: a member has not answered, and none refuses. Teams that an
    organizer hides are in none of these numbers.
    """

    everybody: int
    edition: int
    waiting: int
    refused: int


def counts_of(edition: Edition) -> Counts:
    """Without names (decision 43). One query."""
    teams = Team.objects.filter(edition=edition, works_hidden_because="").present()
    refuses = Q(memberships__shows_works_to=Circle.NOBODY)
    rows = teams.annotate(
        least=Min("memberships__shows_works_to"),
        refused=Min("memberships__shows_works_to", filter=refuses),
    )
    kinds = Counter(
        Circle.NOBODY if refused else Circle(least or 0)
        for least, refused in rows.values_list("least", "refused")
    )
    return Counts(
        everybody=kinds[Circle.EVERYBODY],
        edition=kinds[Circle.EDITION],
        waiting=kinds[Circle.UNANSWERED],
        refused=kinds[Circle.NOBODY],
    )


def hidden_teams(edition: Edition) -> list[Team]:
    """By name. One query."""
    hidden = Team.objects.filter(edition=edition).exclude(works_hidden_because="")
    return list(hidden.order_by(Lower("name")))


def deliverables_of(edition: Edition) -> list[Deliverable]:
    """By department."""
    asked = Deliverable.objects.filter(department__edition=edition).select_related("department")
    return list(asked.order_by("department__position", "department__name", "position", "pk"))


def get_guest(edition: Edition, pk: int) -> Guest:
    return get_or_not_found(Guest.objects.all(), edition=edition, pk=pk)
