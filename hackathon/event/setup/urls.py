from django.urls import include, path

from hackathon.event.setup.views import assistant, installation, state

app_name = "setup"

of_one_edition = [
    path("", assistant.overview, name="edition"),
    path("etat/", state.state, name="state"),
]

urlpatterns = [
    path("installation/", installation.install, name="installation"),
    path("organisation/editions/<slug:slug>/", include(of_one_edition)),
]
