from django.urls import path

from hackathon.archive import views

app_name = "archive"

urlpatterns = [
    path("organisation/editions/<slug:slug>/archive.zip", views.download, name="download"),
]
