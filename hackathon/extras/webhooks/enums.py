from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Topic(TextChoices):
    DEPOSITS = "deposits", _("dépôts")
    ANNOUNCEMENTS = "announcements", _("annonces, quand elles paraissent")
    CALLS = "calls", _("appels à l’aide")
    MILESTONES = "milestones", _("heures qui restent, heure limite")
    RESULTS = "results", _("résultats, à leur publication")


class Form(TextChoices):
    STANDARD = "standard", _("signée (Standard Webhooks), pour un programme")
    CHAT = "chat", _("une phrase, pour Mattermost ou Slack")


# Types of live messages.
TOPICS: dict[str, Topic] = {
    "submission.received": Topic.DEPOSITS,
    "announcement.published": Topic.ANNOUNCEMENTS,
    "announcement.corrected": Topic.ANNOUNCEMENTS,
    "announcement.withdrawn": Topic.ANNOUNCEMENTS,
    "help.requested": Topic.CALLS,
    "help.claimed": Topic.CALLS,
    "help.started": Topic.CALLS,
    "help.released": Topic.CALLS,
    "help.finished": Topic.CALLS,
    "help.withdrawn": Topic.CALLS,
    "milestone.reached": Topic.MILESTONES,
    "results.published": Topic.RESULTS,
}
TEST = "webhook.tested"
