from django.urls import path

from hackathon.extras.emergency.views import calls, organizers

app_name = "emergency"

urlpatterns = [
    path("urgence/", calls.index, name="index"),
    path("urgence/prevenir/", calls.call, name="call"),
    path("urgence/appels/", calls.calls, name="calls"),
    path("urgence/<int:pk>/prendre/", calls.take, name="take"),
    path("urgence/<int:pk>/terminer/", calls.close, name="close"),
    path("organisation/editions/<slug:slug>/urgence/", organizers.notice, name="settings"),
    path("organisation/editions/<slug:slug>/urgence/affiche.pdf", organizers.poster, name="poster"),
]
