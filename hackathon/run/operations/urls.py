from django.urls import path

from hackathon.run.operations import views

app_name = "operations"

urlpatterns = [
    path("pilotage/service/", views.health, name="health"),
    path("organisation/editions/<slug:slug>/verification/", views.preflight, name="preflight"),
    path("organisation/editions/<slug:slug>/verification/serveur/", views.server, name="server"),
    path("organisation/editions/<slug:slug>/verification/mails/", views.mails, name="mails"),
    path("organisation/editions/<slug:slug>/verification/mail/", views.test_mail, name="test-mail"),
]
