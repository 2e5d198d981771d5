"""The acts of the journal, and the sentence of each. Every app registers its own in `acts.py`."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from hackathon.base.core.formats import clock_exact, date_text, minutes_text
from hackathon.base.core.typography import NARROW, NO_BREAK, elided

type Text = str | Promise

VALUE_LENGTH = 80
DIGEST_LENGTH = 8
MISSING = "(?)"
OWN = "/own"


@dataclass(frozen=True)
class Facts:
    """An entry of the journal with the names of what it is about. `target`: label and key."""

    act: str
    at: datetime
    target: str
    detail: Mapping[str, Any]
    zone: ZoneInfo
    who: str
    person: str
    team: str
    department: str
    people: str = ""

    def when(self, instant: str) -> str:
        """Of ISO text: « 23:10 », with its day unless that is the day of the act."""
        local = datetime.fromisoformat(instant).astimezone(self.zone)
        time = clock_exact(local, self.zone)
        if local.date() == self.at.astimezone(self.zone).date():
            return time
        return f"{date_text(local, 'j F Y', self.zone)}, {time}"

    def changes(self) -> Iterator[tuple[str, str, str]]:
        """Name of the field, before, after."""
        for name, (before, after) in self.detail.get("changes", {}).items():
            field = _field(self.target, name)
            label = str(getattr(field, "verbose_name", name))
            yield label, self._value(field, before), self._value(field, after)

    def _value(self, field: Any, value: Any) -> str:
        if value in (None, ""):
            return _("vide")
        if isinstance(value, bool):
            return _("oui") if value else _("non")
        if isinstance(field, models.DateTimeField):
            return self.when(value)
        labels = dict(getattr(field, "flatchoices", ()))
        return Truncator(str(labels.get(value, value))).chars(VALUE_LENGTH)


def _field(target: str, name: str) -> Any:
    """None for a model or field that no longer exists."""
    try:
        return apps.get_model(target.partition(":")[0])._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None


@dataclass(frozen=True)
class Group:
    """Sentences by code. They have {who}, {person}, {people}, {team}, {department} and what is in
    the detail, instants (`…_at`), `minutes`, digests and the keys of `labels` in words. What has
    changed follows. A code with `OWN` is for somebody who did it to themselves. `says` writes the
    whole sentence.
    """

    label: Text
    sentences: Mapping[str, Text]
    labels: Mapping[str, type[TextChoices]]
    says: Mapping[str, Callable[[Facts], str]]

    @property
    def codes(self) -> list[str]:
        return [code for code in [*self.says, *self.sentences] if not code.endswith(OWN)]

    def text(self, facts: Facts) -> str:
        if facts.act in self.says:
            return self.says[facts.act](facts)
        sentence = self.sentences[facts.act]
        if facts.who == facts.person:
            sentence = self.sentences.get(facts.act + OWN, sentence)
        text = str(sentence).format_map(defaultdict(lambda: MISSING, self._values(facts)))
        changes = [f"{label} {before} → {after}" for label, before, after in facts.changes()]
        return f"{text[:-1]}{NO_BREAK}: {f'{NARROW}; '.join(changes)}." if changes else text

    def _values(self, facts: Facts) -> dict[str, str]:
        names = ("who", "person", "people", "team", "department")
        values = {n: v for n, v in facts.detail.items() if v is not None}
        for name, value in values.items():
            if name in self.labels or isinstance(value, list):
                label: Any = self.labels.get(name, str)
                items = value if isinstance(value, list) else [value]
                values[name] = ", ".join(str(getattr(label(v), "label", v)) for v in items)
            elif name.endswith("_at"):
                values[name] = facts.when(value)
            elif name == "minutes":
                values[name] = minutes_text(value)
        if "digest" in values:
            values["digest"] = values["digest"][:DIGEST_LENGTH]
        return values | {name: getattr(facts, name) for name in names}


class Registry:
    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}  # by the noun of its first act
        self.acts: dict[str, Group] = {}

    def add(
        self,
        label: Text,
        sentences: Mapping[str, Text],
        *,
        says: Mapping[str, Callable[[Facts], str]] | None = None,
        **labels: type[TextChoices],
    ) -> None:
        group = Group(label, sentences, labels, says or {})
        self.groups[group.codes[0].partition(".")[0]] = group
        self.acts |= dict.fromkeys(group.codes, group)

    def text(self, facts: Facts) -> str:
        group = self.acts.get(facts.act)
        # Without a group: of an earlier version of the program.
        text = group.text(facts) if group else f"{facts.who}{NO_BREAK}: {facts.act}"
        for name in (facts.person, facts.who):
            text = elided(text, name) if name else text
        return text


registry = Registry()
