from django.urls import path

from hackathon.extras.proofs import views

app_name = "proofs"
urlpatterns = [
    path("editions/<slug:slug>/depots/<int:pk>/preuve.html", views.proof, name="proof"),
    path("editions/<slug:slug>/scelle/<int:pk>/preuve.json", views.seal, name="seal"),
    path("editions/<slug:slug>/scelle/verify_proof.py", views.program, name="program"),
]
