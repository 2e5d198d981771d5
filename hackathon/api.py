"""URLs of the API. Other programs rely on them: they change only with a new version."""

from django.urls import path, re_path
from drf_spectacular.views import SpectacularAPIView

from hackathon.announcements import api as announcements_api
from hackathon.core.problems import UnknownAddress
from hackathon.editions import api as editions
from hackathon.questions import api as questions_api
from hackathon.site import api as site_api
from judging.ceremony import api as judging
from submissions import api as submissions
from teams import api as teams

app_name = "api"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/announcements/", announcements_api.Announcements.as_view(), name="announcements"),
    path("v1/edition/", editions.EditionView.as_view(), name="edition"),
    path("v1/help-requests/", teams.HelpRequests.as_view(), name="help-requests"),
    path("v1/help-requests/<int:pk>/", teams.HelpRequestDetail.as_view(), name="help-request"),
    path("v1/live/", site_api.Live.as_view(), name="live"),
    path("v1/questions/", questions_api.Questions.as_view(), name="questions"),
    path("v1/results/", judging.Results.as_view(), name="results"),
    path("v1/deliverables/", submissions.Deliverables.as_view(), name="deliverables"),
    path("v1/submissions/", submissions.Submissions.as_view(), name="submissions"),
    path(
        "v1/submissions/<int:pk>/content/",
        submissions.SubmissionContent.as_view(),
        name="submission-content",
    ),
    path("v1/seals/", submissions.Seals.as_view(), name="seals"),
    path("v1/seals/<int:pk>/", submissions.SealManifest.as_view(), name="seal-manifest"),
    path("v1/extensions/", submissions.Extensions.as_view(), name="extensions"),
    # With a slash only: `CommonMiddleware` redirects a URL without it.
    re_path(r"^.*/$", UnknownAddress.as_view()),
]
