from django.urls import path

from hackathon.extras.student_badges import sheets, views

app_name = "student_badges"
SHEETS = "organisation/editions/<slug:slug>/imprimer"

urlpatterns = [
    path("badges/<int:pk>/", views.where, name="where"),
    path(f"{SHEETS}/badges.pdf", views.sheet, {"make": sheets.badges}, name="badges"),
    path(f"{SHEETS}/portes.pdf", views.sheet, {"make": sheets.doors}, name="doors"),
]
