from django.urls import path
from django.views.generic import RedirectView

from hackathon.extras.guide import views

app_name = "guide"

urlpatterns = [
    path("documentation/", RedirectView.as_view(url="fr/index.md")),
    path("documentation/<path:file>", views.document, name="document"),
]
