"""What an import wrote, in the form that its undo needs: digests of new rows, and the values of
changed rows before and after.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model
from django.db.models.deletion import Collector
from django.utils.translation import gettext_lazy

from hackathon.core.errors import Refusal, refuse
from hackathon.imports.errors import ImportRefusal
from hackathon.imports.models import Import
from hackathon.imports.plan import Plan
from hackathon.imports.references import references_to
from judging.models import Assignment

# {"new": [[model, pk, digest]], "edits": [[model, pk, {attribute: [before, after]}]]}
type Record = dict[str, Any]

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
    for label, pk, digest in record["new"]:
        target = rows[apps.get_model(label)].get(pk)
        if target is None or _digest(target) != digest:
            return _acted_on(target, apps.get_model(label))
    for label, pk, changes in record["edits"]:
        target = rows[apps.get_model(label)].get(pk)
        for name, (_before, after) in changes.items():
            if target is None or _plain(getattr(target, name)) != after:
                return _acted_on(target, apps.get_model(label))
    return _reference_refusal(new)


def _reference_refusal(new: dict[type[Model], list[int]]) -> Refusal | None:
    for model, pks in new.items():
        for rows, _name in references_to(model, pks):
            if rows.model in AUTOMATIC:
                continue
            other = rows.exclude(pk__in=new.get(rows.model, [])).first()
            if other is not None:
                return _acted_on(None, rows.model)
    return None


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
        also_deleted=[] if refusal else _cascade(pks_by_model(done.record["new"])),
        restored=_counts(done.record["edits"]),
        refusal=refusal,
    )


def _cascade(new: Mapping[type[Model], list[int]]) -> list[tuple[str, int]]:
    """What refers to the new rows and is not of the import itself, and what refers to that: the
    refusal has let nothing else through.
    """
    collector = Collector(using=DEFAULT_DB_ALIAS)
    for model, pks in new.items():
        for rows, _name in references_to(model, pks):
            collector.collect(rows.exclude(pk__in=new.get(rows.model, [])))
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
    for model, pks in reversed(pks_by_model(record["new"]).items()):
        model._base_manager.filter(pk__in=pks).delete()
    by_model: defaultdict[type[Model], dict[int, dict[str, Any]]] = defaultdict(dict)
    for label, pk, changes in record["edits"]:
        values = {name: before for name, (before, _after) in changes.items()}
        by_model[apps.get_model(label)][pk] = values
    for model, values in by_model.items():
        write_edits(model, values)


def write_edits(model: type[Model], values: dict[int, dict[str, Any]]) -> None:
    """`values`: attributes by primary key. Unique ones are freed first, as two rows may swap."""
    freed = {"is_captain": False, "number": ""}
    names = {name for changes in values.values() for name in changes}
    rows = model._base_manager.in_bulk(list(values))
    if first := {name: freed[name] for name in names & freed.keys()}:
        model._base_manager.filter(pk__in=list(rows)).update(**first)
    for pk, changes in values.items():
        for name, value in changes.items():
            setattr(rows[pk], name, value)
    fields = {model._meta.get_field(name.removesuffix("_id")).name for name in names}
    model._base_manager.bulk_update(rows.values(), sorted(fields), batch_size=500)


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


def _digest(target: Model) -> str:
    values = {f.attname: f.value_from_object(target) for f in target._meta.concrete_fields}
    text = json.dumps(values, sort_keys=True, cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()
