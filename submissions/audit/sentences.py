from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from hackathon.base.core.formats import clock_seconds, date_text
from hackathon.event.editions.models import Edition
from submissions.enums import Punctuality
from submissions.models import Extension, Seal, Submission
from submissions.seals import leaves
from submissions.seals.leaves import Manifest
from teams.models import Team


def instant_text(at: datetime | str, edition: Edition) -> str:
    """« 13 février à 23:00:00 » in the zone of the edition. `at` may be an ISO 8601 string."""
    at = datetime.fromisoformat(at) if isinstance(at, str) else at
    day, time = date_text(at, "j F", edition.zone), clock_seconds(at, edition.zone)
    return _("{day} à {time}").format(day=day, time=time)


def punctuality_text(value: str) -> str:
    return str(Punctuality(value).label)


def extensions_since(
    extensions: Iterable[Extension], team_pk: int, as_of: datetime, edition: Edition
) -> str:
    department = Team.objects.filter(pk=team_pk).values_list("department", flat=True).first()
    sentences = []
    for extension in extensions:
        if extension.team_id != team_pk and extension.department_id != department:
            continue
        params = {"minutes": extension.minutes, "reason": extension.reason or _("sans motif")}
        if extension.granted_at > as_of:
            granted = _("Délai de {minutes} min accordé le {at} par {by} : {reason}.")
            by, at = extension.granted_by.display_name, instant_text(extension.granted_at, edition)
            sentences.append(granted.format(**params, by=by, at=at))
        if extension.revoked_by and extension.revoked_at and extension.revoked_at > as_of:
            revoked = _("Délai de {minutes} min retiré le {at} par {by} : {reason}.")
            by, at = extension.revoked_by.display_name, instant_text(extension.revoked_at, edition)
            sentences.append(revoked.format(**params, by=by, at=at))
    return " ".join(sentences)


def changes_text(seal: Seal) -> list[str]:
    """What the seal of a department says has changed since the former one."""
    since = seal.manifest.get("since") or {}
    at = since and instant_text(since["as_of"], seal.edition)
    lines = []
    for change in since.get("changes") or ():
        line = change["after"] or change["before"]
        what = f"{line['of']} · {line['name']}" if change["deliverable"] else line["name"]
        before, after = (_line_text(change[side], seal) for side in ("before", "after"))
        sentence = _("Depuis le scellé du {at}, {what} : {before} → {after}.")
        lines.append(sentence.format(at=at, what=what, before=before, after=after))
    return lines


def _line_text(line: Manifest | None, seal: Seal) -> str:
    if line is None:
        return _("rien")
    if "sha256" not in line:
        at = instant_text(line["deadline_at"], seal.edition)
        text = _("{name}, heure limite le {at}").format(name=line["name"], at=at)
        awaited = [f"{each['name']} {each['code']}" for each in leaves.awaited_of(line)]
        names = _(", annoncés et attendus : {names}").format(names=", ".join(awaited))
        return text + (names if awaited else "")
    return _("version {version}, {mark}, {digest}…").format(
        version=line["version"], mark=punctuality_text(line["mark"]), digest=line["sha256"][:12]
    )


def entry_text(submission: Submission | None) -> str:
    """« (saisie par Eve : clé USB) » for a deposit that an organizer entered, else empty."""
    if submission is None or not submission.entry_reason:
        return ""
    return _(" (saisie par {by} : {reason})").format(
        by=submission.submitted_by.display_name, reason=submission.entry_reason
    )
