"""What an import wrote, in the form that its undo needs: digests of new rows, and the values of
changed rows before and after.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model, QuerySet
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy

from hackathon.base.core.errors import Refusal, refuse
from hackathon.event.imports.errors import ImportRefusal
from hackathon.event.imports.models import Import
from hackathon.event.imports.plan import Plan
from hackathon.event.imports.references import references_to
from judging.models import Assignment

# {"new": [[model, pk, digest]], "edits": [[model, pk, {attribute: [before, after]}]]}
type Record = dict[str, Any]

# Attributes by primary key, by model.
type Edits = Mapping[type[Model], Mapping[int, Mapping[str, Any]]]

FREED = {"is_captain": False, "number": ""}  # unique ones, and their empty value

# Models whose rows are created automatically for a new team or juror, as the page names them.
AUTOMATIC: dict[type[Model], Any] = {Assignment: gettext_lazy("lectures prévues des jurys")}


def record_of(plan: Plan) -> Record:
    """Call it after the plan was written."""
    return {
        "new": [[_label(target), target.pk, _digest(target)] for target in plan.new],
        "edits": [
            [
                _label(edit.target),
                edit.target.pk,
                {
                    _attname(edit.target, name): [
                        _plain(before),
                        _plain(getattr(edit.target, name)),
                    ]
                    for name, before in edit.before.items()
                },
            ]
            for edit in plan.edits.values()
        ],
    }


def undo_refusal(record: Record) -> Refusal | None:
    """Refused if anything that the import wrote was changed or used since."""
    new = pks_by_model(record["new"])
    edited = pks_by_model(record["edits"])
    rows = {
        model: model._base_manager.in_bulk([*new[model], *edited[model]])
        for model in {*new, *edited}
    }
    for label, pk, written in (*record["new"], *record["edits"]):
        target = rows[apps.get_model(label)].get(pk)
        if target is None or not _is_as_written(target, written):
            return _acted_on(target, apps.get_model(label))
    for referring in _others_referring(record):
        if referring.model not in AUTOMATIC and referring.exists():
            return _acted_on(None, referring.model)
    return None


def _is_as_written(target: Model, written: Any) -> bool:
    if isinstance(written, str):
        return _digest(target) == written
    return all(_plain(getattr(target, name)) == after for name, (_, after) in written.items())


def _others_referring(record: Record) -> Iterator[QuerySet]:
    """To the new rows, and are not of the import itself."""
    new, edits = pks_by_model(record["new"]), record["edits"]
    for model, pks in new.items():
        for rows, name in references_to(model, pks):
            label, attribute = rows.model._meta.label_lower, f"{name}_id"
            edited = [pk for one, pk, changes in edits if one == label and attribute in changes]
            yield rows.exclude(pk__in=[*new.get(rows.model, []), *edited])


@dataclass(frozen=True)
class Undoing:
    """What an undo would do: how many rows of each model it deletes, with them and because of them,
    and how many it restores.
    """

    deleted: list[tuple[str, int]]
    also_deleted: list[tuple[str, int]]
    restored: list[tuple[str, int]]
    refusal: Refusal | None


def undoing(done: Import) -> Undoing:
    if done.undone_at is not None:
        refusal: Refusal | None = refuse(ImportRefusal.ALREADY_UNDONE)
    else:
        refusal = undo_refusal(done.record)
    return Undoing(
        deleted=_counts(done.record["new"]),
        also_deleted=[] if refusal else _cascade(done.record),
        restored=_counts(done.record["edits"]),
        refusal=refusal,
    )


def _cascade(record: Record) -> list[tuple[str, int]]:
    """What refers to the new rows and is not of the import itself, and what refers to that: the
    refusal has let nothing else through.
    """
    collector = Collector(using=DEFAULT_DB_ALIAS)
    for referring in _others_referring(record):
        collector.collect(referring)
    found: defaultdict[type[Model], set[Any]] = defaultdict(set)
    for model, targets in collector.data.items():
        found[model] |= {target.pk for target in targets}
    for rows in collector.fast_deletes:
        found[rows.model] |= set(rows.values_list("pk", flat=True))
    return [
        (str(AUTOMATIC.get(model, model._meta.verbose_name_plural)), len(pks))
        for model, pks in found.items()
        if pks
    ]


def _counts(entries: Iterable[list[Any]]) -> list[tuple[str, int]]:
    return [
        (str(model._meta.verbose_name_plural), len(pks))
        for model, pks in pks_by_model(entries).items()
    ]


def pks_by_model(entries: Iterable[list[Any]]) -> defaultdict[type[Model], list[int]]:
    pks: defaultdict[type[Model], list[int]] = defaultdict(list)
    for label, pk, *_rest in entries:
        pks[apps.get_model(label)].append(pk)
    return pks


def restore(record: Record) -> None:
    """The caller has checked `undo_refusal` and holds the locks."""
    by_model: defaultdict[type[Model], dict[int, dict[str, Any]]] = defaultdict(dict)
    for label, pk, changes in record["edits"]:
        values = {name: before for name, (before, _after) in changes.items()}
        by_model[apps.get_model(label)][pk] = values
    # An edited row must not refer to a new one, which takes it along, and gets its unique values
    # back when no new row has them.
    free(by_model)
    for model, values in by_model.items():
        write_edits(model, {pk: _references(changes) for pk, changes in values.items()})
    for model, pks in reversed(pks_by_model(record["new"]).items()):
        model._base_manager.filter(pk__in=pks).delete()
    for model, values in by_model.items():
        write_edits(model, values)


def _references(changes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in changes.items() if name.endswith("_id")}


def free(edits: Edits) -> None:
    """Empties the unique values that will change: two rows may swap, or a new one takes it."""
    for model, values in edits.items():
        for name, empty in FREED.items():
            if pks := [pk for pk, changes in values.items() if name in changes]:
                model._base_manager.filter(pk__in=pks).update(**{name: empty})


def write_edits(model: type[Model], values: Mapping[int, Mapping[str, Any]]) -> None:
    """The caller has called `free`. A query for each row."""
    for pk, changes in values.items():
        if changes:
            model._base_manager.filter(pk=pk).update(**changes)


def _acted_on(target: Model | None, model: type[Model]) -> Refusal:
    what = str(model._meta.verbose_name)
    if target is not None:  # a membership or a juror is shown by the name of the person
        what = f"{what} {getattr(target, 'user', target)}"
    return refuse(ImportRefusal.ACTED_ON, what=what)


def _label(target: Model) -> str:
    return target._meta.label_lower


def _attname(target: Model, name: str) -> str:
    return str(target._meta.get_field(name).attname)  # type: ignore[union-attr]


def _plain(value: Any) -> Any:
    value = value.pk if isinstance(value, Model) else value
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


# Columns that are younger than imports that can be undone, with their empty values: their digests
# have no such columns.
YOUNGER = {"absent_at": None, "certificate_name": "", "mail_at": None}


def _digest(target: Model) -> str:
    values = {f.attname: f.value_from_object(target) for f in target._meta.concrete_fields}
    values = {n: v for n, v in values.items() if n not in YOUNGER or v != YOUNGER[n]}
    text = json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()
