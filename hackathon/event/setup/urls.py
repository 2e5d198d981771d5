from django.urls import include, path

from hackathon.event.setup.views import checklist, installation, state

app_name = "setup"

of_one_edition = [
    path("", checklist.checklist, name="edition"),
    path("etat/", state.state, name="state"),
]

urlpatterns = [
    path("installation/", installation.install, name="installation"),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
]
