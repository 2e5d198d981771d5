from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from hackathon.base.accounts.models import User
from hackathon.base.core import extras, journal
from hackathon.base.core.errors import NotFound, Refused, check, refuse
from hackathon.base.live.messages import refresh_all_rights, refresh_rights
from hackathon.event.editions import live, rules, selectors
from hackathon.event.editions.enums import USUALLY_CLONED, ClonedPart, EditionState
from hackathon.event.editions.errors import EditionRefusal
from hackathon.event.editions.models import Colleague, Department, Edition, Milestone
from hackathon.event.editions.services import briefs
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.editions.signals import edition_cloned, edition_created

CLONED = (
    "school",
    "story",
    "place",
    "contact",
    "timezone",
    "grace_seconds",
    "late_policy",
    "promise_minutes",
    "team_size_min",
    "team_size_max",
    "winners_min",
    "winners_max",
    "shares_marks",
    "is_graded",
    "jury_reads_decision",
    "extras",
    "short_name",
    "theme",
    "color",
    "accent",
    "logo",
    "sender",
    "signatory",
    "own_rules",
    "replaces_rules",
)


@transaction.atomic
def create(
    *,
    by: User,
    at: datetime,
    state: EditionState = EditionState.DRAFT,
    milestones: Iterable[rules.Moment] = (),
    **fields: Any,
) -> Edition:
    """Requires `slug`, `name` and `rules.INSTANTS`."""
    check(rules.organizer_refusal(is_organizer=selectors.may_create_editions(by)))
    edition = Edition(state=state, **fields)
    _save_new(edition, by=by, at=at)
    Milestone.objects.bulk_create(
        Milestone(edition=edition, kind=m.kind, label=m.label, at=m.at) for m in milestones
    )
    journal.record("edition.created", edition, by=by, at=at, slug=edition.slug)
    edition_created.send(Edition, edition=edition)
    refresh_rights(by.pk)
    return edition


@transaction.atomic
def clone(
    *,
    source: Edition,
    slug: str,
    name: str,
    starts_at: datetime,
    parts: Collection[str] | None = None,
    by: User,
    at: datetime,
) -> Edition:
    """A draft. Moves every instant by the same delay in local time. `parts`: None for the usual."""
    source = lock_for(by, source.pk)
    if parts is None:
        parts = USUALLY_CLONED | extras.cloned(source).keys()
    delay = rules.local_delay(source.starts_at, starts_at, source.zone)

    def moved(instant: datetime) -> datetime:
        return rules.shifted(instant, delay, source.zone)

    copy = Edition(slug=slug, name=name, state=EditionState.DRAFT)
    for field in CLONED:
        setattr(copy, field, getattr(source, field))
    if ClonedPart.CLIENT in parts:
        copy.client = source.client
    for instant in rules.INSTANTS:
        setattr(copy, instant, moved(getattr(source, instant)))
    copy.registration_opens_at = rules.tidy_opening(
        copy.registration_opens_at, copy.registration_closes_at, copy.zone
    )
    _save_new(copy, by=by, at=at)
    department_map = _copy_parts(source, copy, parts, moved)
    journal.record("edition.cloned", copy, by=by, at=at, source=source.slug, parts=sorted(parts))
    edition_cloned.send(
        Edition, source=source, clone=copy, parts=parts, department_map=department_map, by=by, at=at
    )
    refresh_rights(by.pk)
    return copy


def _copy_parts(
    source: Edition,
    copy: Edition,
    parts: Collection[str],
    moved: Callable[[datetime], datetime],
) -> dict[int, Department]:
    """Returns the new departments by the primary key of the old ones."""
    if ClonedPart.ORGANIZERS in parts:
        copy.organizers.add(*source.organizers.all())
        Colleague.objects.bulk_create(
            Colleague(edition=copy, user_id=one.user_id, role=one.role)
            for one in source.colleagues.exclude(user__in=copy.organizers.all())
        )
    if ClonedPart.MILESTONES in parts:
        Milestone.objects.bulk_create(
            Milestone(edition=copy, kind=m.kind, label=m.label, at=moved(m.at))
            for m in source.milestones.all()
        )
    department_map = {}
    if ClonedPart.DEPARTMENTS in parts:
        for old in source.departments.all():
            department_map[old.pk] = Department.objects.create(
                edition=copy, code=old.code, name=old.name, position=old.position
            )
    if ClonedPart.BRIEFS in parts:
        briefs.copy(department_map, moved)
    return department_map


@transaction.atomic
def update(*, edition: Edition, by: User, at: datetime, **fields: Any) -> Edition:
    """Does not change instants or results. A new time zone does not move the instants."""
    edition = lock_for(by, edition.pk)
    changed = [name for name, value in fields.items() if getattr(edition, name) != value]
    if not changed:
        return edition
    if "slug" in changed:
        check(rules.slug_refusal(edition, at=at))
    before = journal.state(edition, changed)
    for name in changed:
        setattr(edition, name, fields[name])
    check(rules.sizes_refusal(edition))
    check(rules.zone_refusal(edition))
    _save(edition, update_fields=changed)
    changes = journal.changes(before, edition)
    journal.record("edition.updated", edition, by=by, at=at, changes=changes)
    live.edition_changed(edition, changed=changed, at=at)
    return edition


@transaction.atomic
def show(*, edition: Edition, by: User, at: datetime, typed: str = "") -> Edition:
    """Opens it too. `typed`: the name of the edition that is shown now, which is asked for while
    it runs. Locks all editions.
    """
    # Two calls for two editions wait for each other. The second one sees what the first one did.
    locked = {e.pk: e for e in Edition.objects.order_by("pk").select_for_update()}
    if edition.pk not in locked:  # deleted meanwhile
        raise NotFound
    edition = locked[edition.pk]
    check(rules.organizer_refusal(is_organizer=selectors.is_organizer(by, edition)))
    if edition.is_current:
        return edition
    replaced = next((e for e in locked.values() if e.is_current), None)
    if replaced is not None:
        organizer = selectors.is_organizer(by, replaced)
        check(rules.hide_refusal(replaced, is_organizer=organizer, typed=typed, at=at))
        replaced.is_current = False
        replaced.save(update_fields=["is_current"])
    edition.state, edition.is_current = EditionState.OPEN, True
    edition.save(update_fields=["state", "is_current"])
    slug = replaced.slug if replaced else ""
    journal.record("edition.shown", edition, by=by, at=at, replaced=slug)
    live.edition_changed(edition, changed=["is_current"], at=at)
    refresh_all_rights()
    return edition


@transaction.atomic
def hide(
    *, edition: Edition, by: User, at: datetime, archived: bool = False, typed: str = ""
) -> Edition:
    """A draft again, or archived. `typed`: its name, asked for while it is shown and runs."""
    edition = lock_for(by, edition.pk)
    if edition.is_current:
        check(rules.hide_refusal(edition, is_organizer=True, typed=typed, at=at))
    edition.state = EditionState.ARCHIVED if archived else EditionState.DRAFT
    live.edition_changed(edition, changed=["is_current"], at=at)  # while it is the current one
    if edition.is_current:
        refresh_all_rights()
    edition.is_current = False
    edition.save(update_fields=["state", "is_current"])
    act = "edition.archived" if archived else "edition.hidden"
    journal.record(act, edition, by=by, at=at)
    return edition


@transaction.atomic
def mark_deliberated(*, edition: Edition, at: datetime) -> Edition:
    """The caller has checked that every jury has locked. Idempotent."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.deliberated_at is None:
        edition.deliberated_at = at
        edition.save(update_fields=["deliberated_at"])
        journal.record("edition.deliberated", edition, by=None, at=at)
        live.edition_changed(edition, changed=["deliberated_at"], at=at)
    return edition


@transaction.atomic
def mark_judging(*, edition: Edition, at: datetime) -> Edition:
    """The caller has checked that a jury has reopened. Idempotent."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if edition.deliberated_at is not None:
        edition.deliberated_at = None
        edition.save(update_fields=["deliberated_at"])
        journal.record("edition.reopened", edition, by=None, at=at)
        live.edition_changed(edition, changed=["deliberated_at"], at=at)
    return edition


@transaction.atomic
def publish_results(*, edition: Edition, by: User, at: datetime) -> Edition:
    """The caller has checked that all awards are decided. Idempotent."""
    edition = lock_for(by, edition.pk)
    if edition.results_published_at is None:
        edition.results_published_at = at
        edition.save(update_fields=["results_published_at"])
        journal.record("results.published", edition, by=by, at=at)
        live.edition_changed(edition, changed=["results_published_at"], at=at)
    return edition


def _save_new(edition: Edition, *, by: User, at: datetime) -> None:
    check(rules.day_refusal(edition, at=at))
    check(rules.schedule_refusal(edition, at=at))
    check(rules.sizes_refusal(edition))
    check(rules.zone_refusal(edition))
    _save(edition)
    edition.organizers.add(by)


def _save(edition: Edition, update_fields: list[str] | None = None) -> None:
    others = Edition.objects.filter(slug=edition.slug).exclude(pk=edition.pk)
    if edition.slug in rules.RESERVED_SLUGS or others.exists():
        raise Refused(refuse(EditionRefusal.SLUG_TAKEN, slug=edition.slug))
    try:
        with transaction.atomic():
            edition.save(update_fields=update_fields)
    except IntegrityError as error:
        # Another request took the slug after the check.
        if not others.all().exists():
            raise
        raise Refused(refuse(EditionRefusal.SLUG_TAKEN, slug=edition.slug)) from error
