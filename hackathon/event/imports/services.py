from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Model

from hackathon.base.accounts.models import User
from hackathon.base.accounts.signals import user_renamed
from hackathon.base.core import journal
from hackathon.base.core.errors import Refused, check, refuse
from hackathon.base.live.messages import refresh_all_rights
from hackathon.event.editions.models import Department, Edition
from hackathon.event.editions.rules import organizer_refusal
from hackathon.event.editions.selectors import is_organizer
from hackathon.event.editions.services.guard import lock_for
from hackathon.event.imports import comparison, completion, drafts, left_out, rows, undo
from hackathon.event.imports.columns import Columns
from hackathon.event.imports.enums import Field, ImportKind
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.headers import normal
from hackathon.event.imports.models import ColumnMapping, Import
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.reading import Document, Table
from hackathon.event.imports.rows import Reading
from hackathon.event.imports.selectors import Options, remembered_fields
from judging import live as jury_live
from judging import locks
from judging.models import Assignment, Juror
from judging.plan import services as plans
from teams import live as team_live
from teams import signals
from teams.models import Membership, Student, Team

# Each refers to earlier ones only.
MODELS = (User, Student, Team, Membership, Juror)
DRAFTS_KEPT = timedelta(days=1)
BATCH = 500


def preview(
    edition: Edition, kind: ImportKind, table: Table, options: Options, *, at: datetime
) -> Plan:
    """Writes nothing."""
    reading = rows.read(
        table,
        kind,
        mapping=options.mapping,
        remembered=remembered_fields(edition, kind),
        aside=options.aside,
    )
    plan = comparison.compare(
        edition,
        reading,
        kind,
        department=options.department,
        answers=options.answers,
        may_move=options.may_move,
        at=at,
    )
    plan.left_out = left_out.find(plan, table)
    return plan


@transaction.atomic
def apply(
    edition: Edition,
    kind: ImportKind,
    table: Table,
    options: Options,
    *,
    by: User | None,
    at: datetime,
    draft: Import | None = None,
    filename: str = "",
    expected: str = "",
) -> tuple[Plan, Import | None]:
    """All or nothing: a plan with problems was not written. `by=None` is the command.

    Raises `Refused` if the plan is not the `expected` one (a fingerprint). Locks the edition and
    its teams or juries, so that nobody joins a team meanwhile.
    """
    edition = _lock(edition, kind, by)
    plan = preview(edition, kind, table, options, at=at)
    if plan.problems:
        return plan, None
    if expected and expected != plan.fingerprint():
        raise Refused(refuse(ImportRefusal.CHANGED_MEANWHILE))
    _remember(edition, kind, options.mapping)
    if draft is not None and options.aside:
        _keep_aside(draft, plan)
    if plan.writes_nothing:
        if draft is not None:
            draft.delete()
        return plan, None
    done = draft or Import(edition=edition, kind=kind, filename=filename, by=by, uploaded_at=at)
    _carry_out(plan, done, plan.counts(), "import.applied", by=by, at=at, kind=str(kind))
    return plan, done


def _carry_out(
    plan: Plan,
    done: Import,
    counts: dict[str, int],
    act: str,
    *,
    by: User | None,
    at: datetime,
    **detail: Any,
) -> None:
    try:
        with transaction.atomic():
            _write(plan, done.edition, at=at)
    except IntegrityError:
        raise Refused(refuse(ImportRefusal.CHANGED_MEANWHILE)) from None
    done.applied_at, done.content, done.options = at, None, {}
    done.counts, done.record = counts, undo.record_of(plan)
    done.save()
    journal.record(act, done, by=by, at=at, **detail, **counts)
    _publish(plan, done, by=by, at=at)


def _keep_aside(draft: Import, plan: Plan) -> None:
    """Rows that were set aside are a draft of their own, until the next file or for a day."""
    header, rows = plan.reading.columns.header, {line.row for line in plan.reading.aside}
    options = {name: value for name, value in draft.options.items() if name != "aside"}
    Import.objects.create(
        edition=draft.edition,
        kind=draft.kind,
        filename=draft.filename,
        content=drafts.only(bytes(draft.content or b""), options.get("sheet", ""), header, rows),
        options={**options, "is_rest": True},
        by=draft.by,
        uploaded_at=draft.uploaded_at,
    )


@transaction.atomic
def complete_teams(
    edition: Edition,
    *,
    department: Department | None,
    size: int,
    seed: int,
    expected: str,
    by: User,
    at: datetime,
) -> Import:
    """Places the students without a team; `undo_import` takes that back. Nobody else moves.

    Raises `Refused` if it would not be what the preview with the fingerprint `expected` showed.
    """
    edition = _lock(edition, ImportKind.COMPLETION, by)
    proposed = completion.proposals(edition, department=department, size=size, seed=seed)
    if not proposed or expected != completion.fingerprint_of(proposed):
        raise Refused(refuse(ImportRefusal.CHANGED_MEANWHILE))
    plan = _completion(edition, proposed, at=at)
    done = Import(edition=edition, kind=ImportKind.COMPLETION, by=by, uploaded_at=at)
    counts = {"created": sum(one.placed for one in proposed), "updated": 0}
    _carry_out(plan, done, counts, "teams.completed", by=by, at=at, seed=seed, size=size)
    return done


def _completion(edition: Edition, proposed: Iterable[completion.Proposal], *, at: datetime) -> Plan:
    plan = Plan(Reading(Columns(-1, ())), ImportKind.COMPLETION)
    captains = Membership.objects.filter(edition=edition, is_captain=True)
    with_captain = set(captains.values_list("team", flat=True))
    for one in proposed:
        for place in one.places:
            team = place.team
            assert team is not None
            team.edition, team.department = edition, one.department
            if place.is_new:
                team.registered_at = at
                plan.create(team)
            for index, student in enumerate(place.students):
                member = Membership(edition=edition, team=team, user=student.user, joined_at=at)
                member.is_captain = index == 0 and team.pk not in with_captain
                plan.create(member)
    return plan


@transaction.atomic
def undo_import(done: Import, *, by: User, at: datetime) -> None:
    """Raises `Refused` once anybody has acted on what the import wrote."""
    _lock(done.edition, ImportKind(done.kind), by)
    done = Import.objects.select_for_update().get(pk=done.pk)
    check(undo.undoing(done).refusal)
    new = undo.pks_by_model(done.record["new"])
    dissolved = list(Team.objects.filter(pk__in=new[Team]).select_related("edition", "department"))
    for team in dissolved:
        team_live.team_dissolved(team, at=at)
        signals.team_dissolving.send(sender=Team, team=team, at=at)
    edited = undo.pks_by_model(done.record["edits"])
    changed = _teams_of([*new[Membership], *edited[Membership]])
    juries = _departments_of([*new[Juror], *edited[Juror]])
    Assignment.objects.filter(juror__in=new[Juror]).delete()
    undo.restore(done.record)
    changed |= _teams_of(edited[Membership]) | set(edited[Team])
    _publish_changes(changed, juries, by=by, at=at)
    refresh_all_rights()
    done.undone_at = at
    done.save(update_fields=["undone_at"])
    journal.record("import.undone", done, by=by, at=at, kind=done.kind)


@transaction.atomic
def keep_draft(
    edition: Edition,
    kind: ImportKind,
    *,
    filename: str,
    document: Document,
    options: Mapping[str, Any],
    by: User,
    at: datetime,
) -> Import:
    """Replaces the draft that `by` had. Its cells are deleted when it is applied. Raises
    `Unreadable`.
    """
    edition = lock_for(by, edition.pk)
    Import.objects.filter(edition=edition, by=by, applied_at__isnull=True).delete()
    return Import.objects.create(
        edition=edition,
        kind=kind,
        filename=filename[:255],
        content=drafts.pack(document, kind, remembered_fields(edition, kind)),
        options=dict(options),
        by=by,
        uploaded_at=at,
    )


@transaction.atomic
def set_options(draft: Import, options: Mapping[str, Any], *, by: User) -> Import:
    lock_for(by, draft.edition_id)
    draft.options = {**draft.options, **options}
    draft.save(update_fields=["options"])
    return draft


def forget_drafts(*, at: datetime) -> None:
    """Nobody applied them for a day."""
    Import.objects.filter(applied_at__isnull=True, uploaded_at__lt=at - DRAFTS_KEPT).delete()


def copy_mappings(*, source: Edition, clone: Edition) -> None:
    """Called in the transaction of a clone."""
    mappings = ColumnMapping.objects.filter(edition=source)
    ColumnMapping.objects.bulk_create(
        ColumnMapping(edition=clone, kind=mapping.kind, title=mapping.title, field=mapping.field)
        for mapping in mappings
    )


def _lock(edition: Edition, kind: ImportKind, by: User | None) -> Edition:
    # `lock_for` would block the memberships that refer to the edition, and its teams with them.
    locked = locks.edition(edition.pk)
    if by is not None:
        check(organizer_refusal(is_organizer=is_organizer(by, locked)))
    if kind is ImportKind.JURORS:
        for pk in locked.departments.order_by("pk").values_list("pk", flat=True):
            locks.readings(pk)
    else:
        # Deposits, which refer to a team, do not wait.
        teams = Team.objects.select_for_update(no_key=True).filter(edition=locked)
        list(teams.order_by("pk").values("pk"))
    return locked


def _remember(edition: Edition, kind: ImportKind, mapping: Mapping[str, Field]) -> None:
    for title, chosen in mapping.items():
        ColumnMapping.objects.update_or_create(
            edition=edition, kind=kind, title=normal(title)[:120], defaults={"field": chosen}
        )


def _write(plan: Plan, edition: Edition, *, at: datetime) -> None:
    plan.new.sort(key=lambda target: MODELS.index(type(target)))
    values: dict[type[Model], dict[int, dict[str, Any]]] = {}
    for edit in plan.edits.values():
        values.setdefault(type(edit.target), {})[edit.target.pk] = edit.after
    undo.free(values)
    by_model: dict[type[Model], list[Model]] = {}
    for target in plan.new:
        by_model.setdefault(type(target), []).append(target)
    for model, targets in by_model.items():
        if model is User:
            for user in targets:
                assert isinstance(user, User)
                user.password = make_password(None)  # signs in by e-mailed code
        model._base_manager.bulk_create(targets, batch_size=BATCH)
    for model, changed in values.items():
        undo.write_edits(model, changed)
    for edit in plan.edits.values():
        if isinstance(user := edit.target, User) and "name" in edit.before:
            former = edit.before["name"]
            user_renamed.send(sender=User, user=user, former=former, edition=edition, at=at)


def _publish(plan: Plan, done: Import, *, by: User | None, at: datetime) -> None:
    new, edited = (undo.pks_by_model(done.record[name]) for name in ("new", "edits"))
    for team in (target for target in plan.new if isinstance(target, Team)):
        team_live.team_registered(team, at=at)
        signals.team_registered.send(sender=Team, team=team, at=at)
    left = {e.before["team"].pk for e in plan.edits.values() if "team" in e.before}
    changed = left | _teams_of([*new[Membership], *edited[Membership]])
    juries = _departments_of([*new[Juror], *edited[Juror]])
    _publish_changes(changed | {*new[Team], *edited[Team]}, juries, by=by, at=at)
    if changed or juries:
        refresh_all_rights()


def _publish_changes(
    teams: Iterable[int], juries: Iterable[Department], *, by: User | None, at: datetime
) -> None:
    for team in Team.objects.filter(pk__in=teams).select_related("edition", "department"):
        team_live.team_updated(team, at=at)
        team_live.membership_changed(team, at=at)
    for department in sorted(juries, key=lambda d: d.pk):
        plans.repair(department, by=by, at=at)
        jury_live.jury_changed(department, at=at)


def _teams_of(memberships: Iterable[int]) -> set[int]:
    members = Membership.objects.filter(pk__in=list(memberships))
    return set(members.values_list("team", flat=True))


def _departments_of(seats: Iterable[int]) -> set[Department]:
    return set(
        Department.objects.select_related("edition").filter(jurors__in=list(seats)).distinct()
    )
