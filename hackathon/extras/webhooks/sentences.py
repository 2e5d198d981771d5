"""What happened, as one sentence for a chat. In French; names of people are not in it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from hackathon.day.announcements.models import Announcement
from hackathon.event.editions.enums import Notice
from hackathon.extras.webhooks.enums import TEST, TOPICS
from hackathon.extras.webhooks.rules import plain
from submissions.models import Submission
from teams.models import HelpRequest


def sentence(kind: str, data: dict[str, Any]) -> str:
    """Empty if what it is about is gone. One query at most."""
    return _SENTENCES[kind](data)


def _submission(data: dict[str, Any]) -> str:
    submissions = Submission.objects.select_related("team", "deliverable")
    submission = submissions.filter(pk=data["submission"]).first()
    if submission is None:
        return ""
    return _("{team} a rendu « {deliverable} » (version {version}).").format(
        team=plain(submission.team.name),
        deliverable=plain(submission.deliverable.name),
        version=submission.version,
    )


def _announcement(data: dict[str, Any]) -> str:
    row = Announcement.objects.filter(pk=data["id"], withdrawn_at=None).first()
    if row is None:
        return ""
    text = _("Annonce ({audience}) : {body}")
    return text.format(audience=plain(row.label), body=plain(row.body))


def _withdrawn(data: dict[str, Any]) -> str:
    return _("Une annonce est retirée.")


def _call(data: dict[str, Any]) -> str:
    call = HelpRequest.objects.select_related("team").filter(pk=data["id"]).first()
    if call is None:
        return ""
    return _("Appel de {team} ({place}), {kind} : {state}.").format(
        team=plain(call.team.name),
        place=plain(call.where) or _("salle inconnue"),
        kind=call.get_kind_display(),
        state=call.get_state_display(),
    )


def _notice(data: dict[str, Any]) -> str:
    label = str(Notice(data["notice"]).label)
    return f"{label[:1].upper()}{label[1:]}."


def _results(data: dict[str, Any]) -> str:
    url = f"{settings.SITE_URL}{reverse('judging:palmares')}"
    if "department" in data:
        text = _("Les résultats sont publiés ({department}) : {url}")
        return text.format(department=plain(data["department"]), url=url)
    return _("Les résultats sont publiés : {url}").format(url=url)


def _test(data: dict[str, Any]) -> str:
    return _("Ceci est un essai : le webhook fonctionne.")


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "submission.received": _submission,
    "announcement.published": _announcement,
    "announcement.corrected": _announcement,
    "announcement.withdrawn": _withdrawn,
    **dict.fromkeys([kind for kind in TOPICS if kind.startswith("help.")], _call),
    "milestone.reached": _notice,
    "results.published": _results,
    TEST: _test,
}
