from django.urls import path

from hackathon.extras.grades import views

app_name = "grades"

urlpatterns = [
    path("organisation/editions/<slug:slug>/notes-etudiants/", views.grades, name="grades"),
]
