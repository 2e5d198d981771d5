from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from hackathon.core import extras
from hackathon.site.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("hackathon.site.urls")),
    path("", include("hackathon.stage.urls")),
    path("", include("hackathon.control_room.urls")),
    path("", include("hackathon.operations.urls")),
    path("", include("hackathon.announcements.urls")),
    path("", include("hackathon.partners.urls")),
    path("", include("hackathon.questions.urls")),
    path("", include("hackathon.imports.urls")),
    path("", include("hackathon.people.urls")),
    path("", include("hackathon.journal.urls")),
    path("", include("hackathon.printing.urls")),
    path("", include("hackathon.editions.urls")),
    path("", include("hackathon.setup.urls")),
    path("", include("hackathon.privacy.urls")),
    path("", include("teams.urls")),
    path("", include("submissions.urls")),
    path("", include("judging.urls")),
    path("compte/", include("hackathon.accounts.urls")),
    path("compte/notifications/", include("hackathon.push.urls")),
    path("compte/", include("hackathon.accounts.allauth_urls")),
    *(path("", include(f"{extras.PACKAGE}.{name}.urls")) for name in settings.EXTRAS),
    path("langue/", set_language, name="set_language"),
    path("api/", include("hackathon.api")),
    path("admin/", admin.site.urls),
]

handler400 = "hackathon.core.problems.bad_request"
handler404 = "hackathon.core.problems.not_found"
handler500 = "hackathon.core.problems.server_error"
