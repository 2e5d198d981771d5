from django.urls import path

from hackathon.printing import views

app_name = "printing"

urlpatterns = [
    path("mon-attestation.pdf", views.own_certificate, name="own-certificate"),
    path("attestations/", views.search, name="certificates"),
    path("attestations/<str:code>/", views.certificate, name="certificate"),
    path("badges/<int:pk>/", views.where, name="where"),
    path("organisation/editions/<slug:slug>/imprimer/", views.index, name="index"),
    path("organisation/editions/<slug:slug>/imprimer/<str:name>.pdf", views.sheet, name="sheet"),
]
