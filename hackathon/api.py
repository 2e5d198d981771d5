"""URLs of the API. Other programs rely on them: they change only with a new version."""

from django.urls import path, re_path

from hackathon.base.core import extras
from hackathon.base.core.problems import UnknownAddress
from hackathon.base.core.schema_view import SchemaView
from hackathon.day.announcements import api as announcements
from hackathon.day.questions import api as questions
from hackathon.day.site import api as site
from hackathon.event.editions import api as editions
from hackathon.event.people import api as people
from hackathon.run.journal import api as journal
from judging import api as judging
from judging.ceremony import api as ceremony
from submissions import api as submissions
from teams import api as teams

app_name = "api"

VIEWS = {
    "announcements": announcements.Announcements,
    "announcements/<int:pk>": announcements.AnnouncementDetail,
    "attachments/<uuid:pk>/content": editions.AttachmentContent,
    "briefs": editions.Briefs,
    "ceremony": ceremony.Ceremony,
    "criteria": judging.Criteria,
    "deliverables": submissions.Deliverables,
    "departments": editions.Departments,
    "edition": editions.EditionView,
    "edition/preview": editions.EditionPreview,
    "editions": editions.Editions,
    "envelopes": judging.Envelopes,
    "extensions": submissions.Extensions,
    "extensions/<int:pk>": submissions.ExtensionDetail,
    "help-requests": teams.HelpRequests,
    "journal": journal.Journal,
    "juries": judging.Juries,
    "live": site.Live,
    "me": people.Me,
    "milestones": editions.Milestones,
    "milestones/<int:pk>": editions.MilestoneDetail,
    "people": people.People,
    "plan": judging.Plan,
    "progress": submissions.Progress,
    "questions": questions.Questions,
    "results": ceremony.Results,
    "seals": submissions.Seals,
    "seals/<int:pk>": submissions.SealManifest,
    "submissions": submissions.Submissions,
    "submissions/<int:pk>": submissions.SubmissionDetail,
    "submissions/<int:pk>/content": submissions.SubmissionContent,
    "teams": teams.Teams,
    "teams/<int:pk>": teams.TeamDetail,
    "teams/<int:pk>/members": teams.Members,
}


def _name(address: str) -> str:
    """« submissions », « submission » for one of them, « submission-content »."""
    first, *rest = address.split("/")
    if not rest:
        return first
    return "-".join([first.removesuffix("s"), *(p for p in rest if not p.startswith("<"))])


urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    *(
        path(f"v1/{address}/", view.as_view(), name=_name(address))
        for views in (VIEWS, *(extra.api for extra in extras.registry))
        for address, view in views.items()
    ),
    # With a slash only: `CommonMiddleware` redirects a URL without it.
    re_path(r"^[\s\S]*/\Z", UnknownAddress.as_view()),  # also with a line break in it
]
