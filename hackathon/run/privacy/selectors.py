"""For organizers of the edition: callers have checked it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from hackathon.base.accounts.models import ApiToken, User
from hackathon.base.core.errors import Refusal
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.personal_data import (
    KEEP,
    Declaration,
    Effect,
    Subject,
    Text,
    registry,
    subjects,
)
from hackathon.base.core.selectors import get_or_not_found
from hackathon.event.editions import rules as editions
from hackathon.event.editions.models import Edition
from hackathon.event.people.selectors import obstacles, people_of
from hackathon.run.privacy import rules
from hackathon.run.privacy.models import Anonymisation, ErasureRequest

# Changed by services of their own.
BY_HAND = (User, JournalEntry, LiveMessage)

type Rows = QuerySet[Any]
type Work = list[tuple[Declaration, Effect, Rows]]


def declared() -> Iterator[Declaration]:
    for declaration in registry.declarations:
        if declaration.model is not None and declaration.model not in BY_HAND:
            yield declaration


def work_of(user: User) -> Work:
    return [(d, d.erase, d.rows_of(user)) for d in declared() if d.owner is not None]


def work_of_all(users: list[User]) -> Work:
    """As `work_of`, in fewer queries."""
    return [
        (d, d.erase, rows) for d in declared() if d.owner is not None for rows in _of_all(d, users)
    ]


def work_in(edition: Edition, *, with_pictures: bool) -> Work:
    return [
        (d, d.anonymise, d.rows_in(edition))
        for d in declared()
        if d.edition is not None and (with_pictures or not d.on_request)
    ]


def _of_all(declaration: Declaration, users: list[User]) -> Iterator[Rows]:
    if isinstance(declaration.owner, str):
        assert declaration.model is not None
        owned = Q(**{f"{declaration.owner}__in": [user.pk for user in users]})
        yield declaration.model._base_manager.filter(declaration.among, owned)
    else:
        yield from map(declaration.rows_of, users)


@dataclass(frozen=True)
class People:
    """Of an edition. The accounts of those who are `gone` are needed for nothing else."""

    gone: list[User]
    staying: list[User]


def people_in(edition: Edition) -> People:
    """All to whom a row leads, also those who have left. Some hundred queries."""
    entries = JournalEntry.objects.filter(edition_pk=edition.pk)
    pks = set(entries.values_list("by", flat=True))
    owned = [(d, d.owner) for d in declared() if isinstance(d.owner, str) and d.edition]
    for declaration, owner in owned:
        pks.update(declaration.rows_in(edition).values_list(owner, flat=True))
    users = User.objects.filter(pk__in=pks - {None}, deleted_at=None).order_by("pk")
    needed = set(users.filter(_has_rights()).values_list("pk", flat=True))
    for declaration, owner in owned:
        if isinstance(declaration.edition, str) and declaration.model is not None:
            theirs = declaration.model._base_manager.filter(**{f"{owner}__in": users})
            others = theirs.exclude(**{declaration.edition: edition.pk})
            needed.update(others.values_list(owner, flat=True))
    return People(
        [user for user in users if user.pk not in needed],
        [user for user in users if user.pk in needed],
    )


def unused_accounts(*, since: datetime) -> QuerySet[User]:
    """Of no edition and without rights, whose people have not come since then."""
    accounts = User.objects.filter(
        Q(last_login__lt=since) | Q(last_login=None), deleted_at=None, date_joined__lt=since
    ).exclude(_has_rights())
    used = ApiToken.objects.filter(user=OuterRef("pk"), last_used_at__gte=since)
    accounts = accounts.filter(~Exists(used))
    for declaration in declared():
        if isinstance(declaration.owner, str) and declaration.edition and declaration.model:
            rows = declaration.model._base_manager.filter(declaration.among)
            accounts = accounts.filter(~Exists(rows.filter(**{declaration.owner: OuterRef("pk")})))
    return accounts.order_by("pk")


def _has_rights() -> Q:
    organizers = Edition.organizers.through._default_manager.values("user")
    return Q(is_staff=True) | Q(is_superuser=True) | Q(pk__in=organizers)


@dataclass(frozen=True)
class Line:
    what: Text
    count: int
    because: Text


@dataclass(frozen=True)
class Preview:
    """By subject: what goes, and what stays and why. `accounts`: how many are erased, and how many
    only lose their link to the edition.
    """

    going: list[tuple[Subject, list[Line]]]
    staying: list[tuple[Subject, list[Line]]]
    accounts: tuple[int, int]


def preview(edition: Edition, *, with_pictures: bool) -> Preview:
    """One query for each declaration, or for each of its fields that is emptied."""
    going: dict[str, list[Line]] = defaultdict(list)
    staying: dict[str, list[Line]] = defaultdict(list)
    for declaration, effect, rows in work_in(edition, with_pictures=with_pictures):
        if count := _count(declaration, effect, rows):
            lines = (staying if effect == KEEP else going)[declaration.subject.code]
            _add(lines, Line(declaration.what, count, declaration.because))
    people = people_in(edition)
    return Preview(
        [(subject, going[subject.code]) for subject in subjects() if subject.code in going],
        [(subject, staying[subject.code]) for subject in subjects() if subject.code in staying],
        (len(people.gone), len(people.staying)),
    )


def _count(declaration: Declaration, effect: Effect, rows: Rows) -> int:
    """Rows in which all is empty already do not count."""
    columns = [rows.model._meta.get_field(name) for name in declaration.fields]
    if effect != Effect.BLANK or any(column.many_to_many for column in columns):
        return rows.count()
    return max(filled(rows, column).count() for column in columns)


def filled(rows: Rows, column: Any) -> Rows:
    """Those in which this is not empty."""
    value = empty_value(column)
    key = f"{column.name}__isnull" if value is None else column.name
    return rows.exclude(**{key: True if value is None else value})


def empty_value(column: Any) -> Any:
    return None if column.null else column.get_default()


def _add(lines: list[Line], line: Line) -> None:
    """Several fields of the same rows may have the same sentence."""
    for index, other in enumerate(lines):
        if (str(other.what), str(other.because)) == (str(line.what), str(line.because)):
            lines[index] = max(other, line, key=attrgetter("count"))
            return
    lines.append(line)


def anonymisation_of(edition: Edition) -> Anonymisation:
    """Not stored if there is none yet."""
    planned = Anonymisation.objects.filter(edition=edition).first()
    return planned or Anonymisation(edition=edition)


def editions_due(*, at: datetime) -> list[Edition]:
    """None while an event runs: its pages must not wait."""
    left = list(Edition.objects.exclude(anonymisation__done_at__isnull=False))
    if any(edition.is_current and editions.is_running(edition, at=at) for edition in left):
        return []
    chosen = dict(Anonymisation.objects.values_list("edition", "due_at"))
    due = ((edition, rules.due_date(edition, chosen.get(edition.pk))) for edition in left)
    return [edition for edition, instant in due if instant is not None and instant <= at]


def interrupted() -> list[Anonymisation]:
    """Done, but their files are still there."""
    return list(Anonymisation.objects.filter(done_at__isnull=False, cleaned_at=None))


def last_request_of(user: User) -> ErasureRequest | None:
    return ErasureRequest.objects.filter(user=user).order_by("-asked_at").first()


@dataclass(frozen=True)
class OpenRequest:
    asked: ErasureRequest
    due_at: datetime
    refusal: Refusal | None


def open_requests(edition: Edition) -> list[OpenRequest]:
    """Of people of the edition, the oldest first. Some queries for each of them."""
    return [_described(row, edition) for row in _open_in(edition)]


def get_open_request(edition: Edition, pk: int) -> OpenRequest:
    """Raises `NotFound`."""
    return _described(get_or_not_found(_open_in(edition), pk=pk), edition)


def _open_in(edition: Edition) -> QuerySet[ErasureRequest]:
    requests = ErasureRequest.objects.filter(settled_at=None, user__in=people_of(edition))
    return requests.select_related("user")


def _described(row: ErasureRequest, edition: Edition) -> OpenRequest:
    refusal = rules.erasure_refusal(obstacles(row.user), is_own=False)
    return OpenRequest(row, rules.answer_due(row.asked_at, edition.zone), refusal)
