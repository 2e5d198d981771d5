from django.urls import path

from hackathon.operations import views

app_name = "operations"

urlpatterns = [path("pilotage/service/", views.health, name="health")]
