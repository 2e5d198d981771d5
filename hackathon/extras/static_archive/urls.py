from django.urls import path

from hackathon.extras.static_archive import views

app_name = "static_archive"

urlpatterns = [
    path("organisation/editions/<slug:slug>/archive.zip", views.download, name="download"),
]
