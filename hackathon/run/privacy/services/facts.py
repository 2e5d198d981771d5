"""Names in the journal and in live messages."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import Q

from hackathon.base.accounts.models import User
from hackathon.base.core import journal
from hackathon.base.core.models import JournalEntry, LiveMessage
from hackathon.base.core.privacy import NOTHING, without_texts
from hackathon.base.live import messages
from hackathon.base.live.audiences import (
    client_audience,
    department_audience,
    jury_audience,
    team_audience,
)
from hackathon.event.editions.models import Edition
from teams.models import Team

BATCH = 500
PEOPLE = ("user", "users")  # keys of accounts in a detail


def words_about(user: User) -> list[str]:
    """Addresses and numbers, which the person can't choose freely: a name could be a word of any
    text, and its erasure would change what others have done.
    """
    numbers = user.studies.values_list("number", flat=True)
    addresses = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    return [word for word in {user.email, *numbers, *addresses} if word]


def forget_person(user_pk: int, words: Iterable[str]) -> None:
    """Texts of entries about the person go; elsewhere `words`."""
    alternatives = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    named = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)

    def rewrite(entry: JournalEntry) -> None:
        is_about = entry.person_pk == user_pk
        entry.detail = without_texts(entry) if is_about else _without(named, entry.detail)

    _rewrite(Q(), rewrite)


def forget_edition(edition: Edition, stand_ins: Mapping[int, int], gone: Iterable[int]) -> None:
    gone = list(gone)
    of_accounts = Q(edition_pk=None) & (Q(by__in=gone) | Q(person_pk__in=gone))
    targets = {f"accounts.user:{pk}": f"accounts.user:{to}" for pk, to in stand_ins.items()}

    def rewrite(entry: JournalEntry) -> None:
        entry.detail = _renumbered(without_texts(entry), stand_ins)
        entry.by_id = stand_ins.get(entry.by_id or 0, entry.by_id)
        entry.person_pk = stand_ins.get(entry.person_pk or 0, entry.person_pk)
        entry.target = targets.get(entry.target, entry.target)

    _rewrite(Q(edition_pk=edition.pk) | of_accounts, rewrite)


def forget_messages(edition: Edition) -> None:
    """The newest stays, without content: its id shows that there were messages before it."""
    forgotten = LiveMessage.objects.all()
    if not edition.is_current:
        forgotten = forgotten.for_audiences(_audiences_of(edition))
    newest = messages.last_id()
    forgotten.exclude(pk=newest).delete()
    # A message about deletions contains ids only; a process that starts reads them.
    forgotten.filter(pk=newest).exclude(type=messages.DELETED).update(data={})


def _audiences_of(edition: Edition) -> list[str]:
    teams = Team.objects.filter(edition=edition).values_list("pk", flat=True)
    departments = edition.departments.values_list("pk", flat=True)
    of_department = (department_audience, jury_audience, client_audience)
    return [
        *map(team_audience, teams),
        *(name(pk) for pk in departments for name in of_department),
    ]


def _rewrite(wanted: Q, rewrite: Callable[[JournalEntry], None]) -> None:
    changed = []
    for entry in JournalEntry.objects.filter(wanted).iterator(chunk_size=BATCH):
        before = (entry.detail, entry.by_id, entry.person_pk, entry.target)
        rewrite(entry)
        if before != (entry.detail, entry.by_id, entry.person_pk, entry.target):
            changed.append(entry)
    with journal.released():
        fields = ["detail", "by", "person_pk", "target"]
        JournalEntry.objects.bulk_update(changed, fields, batch_size=BATCH)


def _renumbered(detail: dict[str, Any], stand_ins: Mapping[int, int]) -> dict[str, Any]:
    def other(value: Any) -> Any:
        if isinstance(value, list):
            return [other(one) for one in value]
        return stand_ins.get(value, value) if isinstance(value, int) else value

    return {name: other(v) if name in PEOPLE else v for name, v in detail.items()}


def _without(named: re.Pattern[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without(named, part) for name, part in value.items()}
    if isinstance(value, list):
        return [_without(named, part) for part in value]
    return named.sub(NOTHING, value) if isinstance(value, str) else value
