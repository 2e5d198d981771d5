from django.urls import path

from hackathon.extras.offered_readings import views

app_name = "offered_readings"

urlpatterns = [
    path("jury/<str:code>/lecture-de-plus/", views.answer, name="answer"),
    path("organisation/jurys/<int:pk>/lectures-de-plus/", views.switch, name="switch"),
]
