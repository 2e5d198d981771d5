from django.urls import path

from hackathon.extras.student_certificates import selectors, views

app_name = "student_certificates"
SHEETS = "organisation/editions/<slug:slug>/imprimer"
PARTICIPATION = {"list_of": selectors.certificates}
PRIZES = {"list_of": selectors.prize_certificates}

urlpatterns = [
    path("mon-attestation.pdf", views.own, name="own"),
    path("attestations/", views.search, name="search"),
    path("attestations/<str:code>/", views.certificate, name="certificate"),
    path(f"{SHEETS}/attestations.pdf", views.sheet, PARTICIPATION, name="participation"),
    path(f"{SHEETS}/attestations/", views.correct, name="correct"),
    path(f"{SHEETS}/laureats.pdf", views.sheet, PRIZES, name="prizes"),
]
