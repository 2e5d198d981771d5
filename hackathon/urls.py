from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.i18n import set_language

from hackathon.base.core import extras
from hackathon.day.site.views import public

urlpatterns = [
    path("", public.home, name="home"),
    path("", include("hackathon.day.site.urls")),
    path("", include("hackathon.day.stage.urls")),
    path("", include("hackathon.day.control_room.urls")),
    path("", include("hackathon.run.operations.urls")),
    path("", include("hackathon.day.announcements.urls")),
    path("", include("hackathon.event.appearance.urls")),
    path("", include("hackathon.event.partners.urls")),
    path("", include("hackathon.day.questions.urls")),
    path("", include("hackathon.event.imports.urls")),
    path("", include("hackathon.event.people.urls")),
    path("", include("hackathon.run.journal.urls")),
    path("", include("hackathon.event.printing.urls")),
    path("", include("hackathon.event.editions.urls")),
    path("", include("hackathon.event.setup.urls")),
    path("", include("hackathon.run.privacy.urls")),
    path("", include("teams.urls")),
    path("", include("submissions.urls")),
    path("", include("judging.urls")),
    path("compte/", include("hackathon.base.accounts.urls")),
    path("compte/notifications/", include("hackathon.base.push.urls")),
    path("compte/", include("hackathon.base.accounts.allauth_urls")),
    *(path("", include(f"{extras.PACKAGE}.{name}.urls")) for name in settings.EXTRAS),
    path("langue/", set_language, name="set_language"),
    path("api/", include("hackathon.api")),
    path("admin/", admin.site.urls),
]

handler400 = "hackathon.base.core.problems.bad_request"
handler404 = "hackathon.base.core.problems.not_found"
handler500 = "hackathon.base.core.problems.server_error"
